import { isArrived, isDecided, stateOf } from '../submissions/state';
import type { Submission } from '../submissions/submission';

const HOUR = 3_600_000;

/**
 * Tells since when a submission is overdue, or will be, in ms: `hours` after it was submitted, and
 * Infinity for one that is decided, or whose time cannot be read.
 *
 * A file that never arrived counts too, unless one of the same path did, asked for at most an hour
 * earlier: an unused upload request is no missing filing.
 */
export function overdueRule(submissions: Submission[], hours: number): (submission: Submission) => number {
	const latestArrival = new Map<string, number>();
	for (const submission of submissions) {
		const { path } = submission;
		const submitted = submittedAt(submission);
		if (path === null || Number.isNaN(submitted) || !isArrived(submission)) continue;
		latestArrival.set(path, Math.max(submitted, latestArrival.get(path) ?? submitted));
	}
	return (submission) => {
		const submitted = submittedAt(submission);
		if (Number.isNaN(submitted) || isDecided(stateOf(submission))) return Infinity;
		const arrival = latestArrival.get(submission.path ?? '') ?? -Infinity;
		return !isArrived(submission) && arrival >= submitted - HOUR ? Infinity : submitted + hours * HOUR;
	};
}

/** In ms; NaN where it cannot be read. */
function submittedAt(submission: Submission): number {
	return Date.parse(submission.submittedAt ?? '');
}
