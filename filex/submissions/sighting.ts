import type { FileXError } from '../errors';
import type { RemoteFile } from '../space';
import { isArrived } from './state';
import type { Submission } from './submission';
import { DAY, GRACE, lease, ORDER_TOLERANCE, TOLD_AFTER } from './timing';
import { trackingKey } from './tracking-id';

/** All that fileX shows of one file name in one upload sub-space, at one moment. Pure data; the functions below judge it. */
export interface Sighting {
	/** By fileX's clock, in ms; by this machine's where tracking could not be seen; NaN where fileX did not say. */
	at: number;
	/** Tracking's entries for this name, in fileX's order. */
	submissions: Submission[];
	/** The file that lies in the upload sub-space, not picked up yet. */
	uploaded?: RemoteFile;
	/** Copies in the archive. */
	archived: ArchivedCopy[];
	/** Places of which nothing is known: what is not seen there may be there anyway. */
	unseen: Unseen[];
}

/** A place that could not be seen. */
export interface Unseen {
	part: RegisterPart;
	/** Whether fileX itself says that this account may not look there; else no answer of fileX's own came. */
	isClosed: boolean;
	why: FileXError;
}

/** Where a file can be seen on its way, in the order of its way. */
export const REGISTER_PARTS = ['tracking', 'uploadSubSpace', 'archive'] as const;

export type RegisterPart = (typeof REGISTER_PARTS)[number];

export interface ArchivedCopy {
	/** `{orgId}/{application}/{subSpace}_arcv/{name}` */
	path: string;
	/** Bytes. */
	size: number;
	/** When the file arrived, in ms. */
	at: number;
}

/** What one sender knows of the uploads of one file beside what fileX shows. */
export interface OwnRequests {
	/** Keys of the tracking IDs of its own requests. */
	all: ReadonlySet<string>;
	/** The key of the one that is about to be used; undefined before there is one. */
	current?: string;
	/** What is left in the upload sub-space of an upload that broke off. */
	leftover?: RemoteFile;
	/** By a request's key: when, by fileX's clock in ms, it was first seen past its lease with no file in the upload sub-space. */
	clearSince?: ReadonlyMap<string, number>;
}

/** A file that was sent, and of which no one knows yet what became. */
export interface SentFile {
	/** Bytes. */
	size: number;
	/** Keys of the tracking IDs of all requests that were made for it. */
	own: ReadonlySet<string>;
	/** That of the request that it was sent by, if it has one. */
	trackingId?: string;
	/** When fileX was looked at last before that, by its own clock, in ms; NaN where it was not. */
	lookedAt: number;
	/** Paths of the archived copies that were there before it was first sent; undefined where no one had looked. */
	archivedBefore?: ReadonlySet<string>;
	/** Whether it is submitted once the whole of it is to be seen in the upload sub-space. */
	isWholeWhenSeen: boolean;
}

/** A file of this name that FINRA has. */
export interface Filing {
	/** Null for one that tracking does not know: over SFTP or S3 Direct, or too fresh. */
	trackingId: string | null;
	/** Null where it is not known. */
	archivePath: string | null;
	/** ISO 8601, UTC; null where it is not known. */
	submittedAt: string | null;
	userName: string | null;
}

/** Why a sender may not send now: another upload of this name is under way, or may be. */
export type Obstacle =
	/** `until`: when no file of our size can come by it any more, in ms; NaN where that is not known. */
	{ request: Submission; until: number } | { uploaded: RemoteFile } | { unseen: Unseen };

export function isSeen({ unseen }: Sighting, ...parts: RegisterPart[]): boolean {
	return !unseen.some(({ part }) => parts.includes(part));
}

/** Whether fileX shows the request itself: before it does, others may not see it either. */
export function showsOwn({ submissions }: Sighting, { current }: OwnRequests): boolean {
	return current === undefined || submissions.some((submission) => keyOf(submission) === current);
}

/** What arrived by one of the sender's own requests. */
export function arrivedByOwn({ submissions }: Sighting, own: Pick<OwnRequests, 'all'>): Submission | undefined {
	return submissions.find((submission) => own.all.has(keyOf(submission)) && isArrived(submission));
}

/**
 * The upload that must be waited for before a file of `size` bytes may be sent; undefined where the way
 * is free. Of two requests whose order is certain, the earlier goes first; where it is not, neither does.
 *
 * @param days how long ago a request may have been made to count at all
 */
export function obstacleIn(seen: Sighting, size: number, own: OwnRequests, days: number): Obstacle | undefined {
	const mine = seen.submissions.find((submission) => keyOf(submission) === own.current);
	const latest = mine ? timeOf(mine) + ORDER_TOLERANCE : Infinity;
	const oldest = seen.at - days * DAY;
	const request = seen.submissions.find(
		(other) =>
			!own.all.has(keyOf(other)) &&
			!isArrived(other) &&
			!isDead(other, seen, size, own) &&
			!(timeOf(other) < oldest) &&
			!(timeOf(other) > latest),
	);
	if (request)
		return { request, until: isSeen(seen, 'uploadSubSpace', 'archive') ? timeOf(request) + lease(size) : NaN };
	const { uploaded } = seen;
	if (uploaded && !isUnchanged(uploaded, own.leftover)) return { uploaded };
	const unanswered = seen.unseen.find(({ isClosed }) => !isClosed);
	return unanswered && { unseen: unanswered };
}

/**
 * Whether no file of `size` bytes can come by a request any more, and none has come. Its time alone says only that
 * nothing more arrives: what has arrived may wait for hours until fileX picks it up. Where both sub-spaces are seen
 * it would be met in one of them. Where the archive is not, tracking tells a while after it has left the upload
 * sub-space. Where that is not seen, nothing tells.
 */
function isDead(request: Submission, seen: Sighting, size: number, { clearSince }: OwnRequests): boolean {
	if (!isOver(request, seen, size) || !isSeen(seen, 'uploadSubSpace')) return false;
	return isSeen(seen, 'archive') || seen.at - (clearSince?.get(keyOf(request)) ?? NaN) > TOLD_AFTER;
}

function isOver(request: Submission, seen: Sighting, size: number): boolean {
	return seen.at - timeOf(request) > lease(size);
}

/** Keys of requests by which no file of `size` bytes can come any more, where the upload sub-space is seen and has none of the name. */
export function clearIn(seen: Sighting, size: number): string[] {
	if (!isSeen(seen, 'tracking', 'uploadSubSpace') || seen.uploaded) return [];
	return seen.submissions.filter((submission) => !isArrived(submission) && isOver(submission, seen, size)).map(keyOf);
}

/** The name of an archived copy tells an hour less, or more, where clocks are put back. */
const DOUBTFUL = 2 * 3_600_000;

/**
 * What may be a file that was sent, though tracking does not say so yet: paths of archived copies, and ''
 * for what lies in the upload sub-space. Not certain is what has a time from before, which may be wrong,
 * and what may be an upload that was never completed.
 */
export function tracesOf(
	seen: Sighting,
	{ size, archivedBefore: before, isWholeWhenSeen }: SentFile,
	since: number,
): Array<{ path: string; isCertain: boolean }> {
	const isFresh = (at: number) => at >= since - GRACE;
	const known = new Set(seen.submissions.map(({ archivePath }) => archivePath));
	const copies = seen.archived
		.filter(
			(copy) =>
				copy.size === size && !known.has(copy.path) && (before ? !before.has(copy.path) : copy.at >= since - DOUBTFUL),
		)
		.map(({ path, at }) => ({ path, isCertain: before !== undefined || isFresh(at) }));
	const { uploaded } = seen;
	if (uploaded?.size !== size) return copies;
	return [...copies, { path: '', isCertain: isWholeWhenSeen && isFresh(uploaded.lastModified.getTime()) }];
}

/** Whether what lies in the upload sub-space is still the same. */
export function isUnchanged(now: RemoteFile | undefined, then: RemoteFile | undefined): boolean {
	return now?.size === then?.size && now?.lastModified.getTime() === then?.lastModified.getTime();
}

/** Whether somebody else has asked to upload a file of this name since then, and it has not arrived yet. */
export function isContended({ submissions }: Sighting, own: ReadonlySet<string>, since: number): boolean {
	return submissions.some(
		(other) => !own.has(keyOf(other)) && !isArrived(other) && !(timeOf(other) < since - lease(0)),
	);
}

/** In ms; NaN, which is neither earlier nor later than anything, where it is not known. */
export function timeOf({ submittedAt }: Pick<Submission, 'submittedAt'>): number {
	return submittedAt === null ? NaN : Date.parse(submittedAt);
}

function keyOf({ trackingId }: Submission): string {
	return trackingKey(trackingId);
}
