import { namePattern } from '../util/pattern';
import { isDecided, stateOf, type Decision } from './state';
import type { Submission } from './submission';

/** Which submissions are wanted. What is absent or empty leaves nothing out. */
export interface SubmissionFilter {
	orgId?: string;
	/** Its short name; letter case matters. */
	application?: string;
	/** Its short name; letter case matters. */
	subSpace?: string;
	/** As {@link namePattern} takes it. */
	namePattern?: string;
	/** Letter case is ignored. */
	userName?: string;
	/** Whether the file has arrived at FINRA. */
	status?: 'requested' | 'received' | '';
	/** Any of these; `undecided`: FINRA's application has said nothing yet, or only that it has the file. */
	downstream?: Array<Decision | 'undecided'>;
	/** ms; a submission whose time cannot be read is neither after nor before. */
	submittedAfter?: number;
	/** ms */
	submittedBefore?: number;
}

/** Tells whether a submission is wanted. */
export function submissionFilter(filter: SubmissionFilter): (submission: Submission) => boolean {
	const { orgId, application, subSpace, userName, status, downstream = [] } = filter;
	const { submittedAfter = -Infinity, submittedBefore = Infinity } = filter;
	const timed = submittedAfter > -Infinity || submittedBefore < Infinity;
	const fits = namePattern(filter.namePattern ?? '');
	return (submission) => {
		const state = stateOf(submission);
		const submitted = Date.parse(submission.submittedAt ?? '');
		return (
			is(submission.orgId, orgId) &&
			is(submission.application, application) &&
			is(submission.subSpace, subSpace) &&
			is(submission.userName?.toLowerCase() ?? null, userName?.toLowerCase()) &&
			fits(submission.fileName ?? '') &&
			(!status || (status === 'requested') === (state === 'requested')) &&
			(downstream.length === 0 || downstream.includes(isDecided(state) ? state : 'undecided')) &&
			(!timed || (submitted > submittedAfter && submitted < submittedBefore))
		);
	};
}

/**
 * The wanted submissions, newest first; those whose time cannot be read come last. Of two at the same
 * time, the one that fileX gave later comes first.
 */
export function selectSubmissions(submissions: Submission[], filter: SubmissionFilter): Submission[] {
	const time = ({ submittedAt }: Submission): number => Date.parse(submittedAt ?? '') || 0;
	return submissions
		.filter(submissionFilter(filter))
		.reverse()
		.sort((a, b) => time(b) - time(a));
}

function is(value: string | null, wanted: string | undefined): boolean {
	return !wanted?.trim() || value === wanted.trim();
}
