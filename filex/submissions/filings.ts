import { type ArchivedCopy, type Filing, type Sighting, timeOf } from './sighting';
import { isArrived, isUnclear, stateOf } from './state';
import type { Submission } from './submission';
import { DAY, GRACE } from './timing';

/** A filing, and whether FINRA's word on it is one that the guide knows. */
export interface KnownFiling {
	filing: Filing;
	isClear: boolean;
}

/**
 * Filings of this name that may be the same file: as large, or of unknown size, received within so many
 * days, and not rejected, for then FINRA needs the file again. The newest first.
 */
export function filingsIn(seen: Sighting, size: number, days: number): KnownFiling[] {
	const since = Number.isNaN(seen.at) ? -Infinity : seen.at - days * DAY;
	const tracked = seen.submissions.filter(isArrived);
	const named = new Set(tracked.map(({ archivePath }) => archivePath));
	const unnamed = seen.archived.filter(({ path }) => !named.has(path));
	const rejected = rejectedCopies(tracked, unnamed);
	const listed = new Map(seen.archived.map((copy) => [copy.path, copy.size]));
	const sizeOf = ({ size: told, archivePath }: Submission) => told ?? listed.get(archivePath ?? '') ?? null;
	const filings = tracked
		.filter((submission) => stateOf(submission) !== 'rejected' && (sizeOf(submission) ?? size) === size)
		.map((submission) => {
			const { trackingId, archivePath, submittedAt, userName } = submission;
			return { filing: { trackingId, archivePath, submittedAt, userName }, isClear: !isUnclear(submission) };
		});
	const untracked = unnamed
		.filter((copy) => copy.size === size && !rejected.has(copy))
		.map(({ path, at }) => ({
			filing: { trackingId: null, archivePath: path, submittedAt: new Date(at).toISOString(), userName: null },
			isClear: true,
		}));
	return [...filings, ...untracked]
		.filter(({ filing: { submittedAt } }) => submittedAt === null || Date.parse(submittedAt) >= since)
		.sort((a, b) => timeOf(b.filing) - timeOf(a.filing));
}

/**
 * Copies of rejected submissions that tracking gives no archive name for: each the first one of its size after it.
 * Where there are more copies than submissions without a name, some are of filings that tracking does not know, and
 * none is taken for a rejected one's.
 *
 * @param unnamed copies that no submission names
 */
function rejectedCopies(tracked: Submission[], unnamed: ArchivedCopy[]): Set<ArchivedCopy> {
	const nameless = tracked.filter(({ archivePath }) => archivePath === null).sort((a, b) => timeOf(a) - timeOf(b));
	const fits = (submission: Submission, copy: ArchivedCopy) =>
		(submission.size === null || submission.size === copy.size) && copy.at >= timeOf(submission) - GRACE;
	const candidates = unnamed
		.filter((copy) => nameless.some((submission) => fits(submission, copy)))
		.sort((a, b) => a.at - b.at);
	const rejected = new Set<ArchivedCopy>();
	if (candidates.length > nameless.length) return rejected;
	for (const submission of nameless) {
		const index = candidates.findIndex((copy) => fits(submission, copy));
		const [copy] = index < 0 ? [] : candidates.splice(index, 1);
		if (copy && stateOf(submission) === 'rejected') rejected.add(copy);
	}
	return rejected;
}
