import { GRACE, LEFTOVER_AFTER, lease, ORDER_TOLERANCE } from './timing';
import { isArrived, stateOf } from './state';
import type { Submission } from './submission';
import type { RemoteFile } from '../space';

/** All that fileX shows of one file name in one upload sub-space, at one moment. Pure data; the functions below judge it. */
export interface Sighting {
	/** By fileX's clock, in ms; by this machine's where tracking could not be asked; NaN where fileX did not say. */
	at: number;
	/** Tracking's entries for this name, in fileX's order. */
	submissions: Submission[];
	/** The file that lies in the upload sub-space, not picked up yet. */
	uploaded?: RemoteFile;
	/** Copies in the archive. */
	archived: ArchivedCopy[];
	/** Where the account may not look, or nobody could. */
	hidden: Place[];
}

/** Where a file can be seen on its way, in the order of its way. */
export const PLACES = ['tracking', 'uploadSubSpace', 'archive'] as const;

export type Place = (typeof PLACES)[number];

export interface ArchivedCopy {
	/** `{orgId}/{application}/{subSpace}_arcv/{name}` */
	path: string;
	/** Bytes. */
	size: number;
	/** When the file arrived, in ms. */
	at: number;
}

/** The upload requests that one sender has made for one file. */
export interface OwnRequests {
	/** Tracking IDs. */
	all: ReadonlySet<string>;
	/** The one that is about to be used; undefined before there is one. */
	current?: string;
	/** What is left in the upload sub-space of an upload that broke off. */
	leftover?: RemoteFile;
}

/** A file that was sent, and of which nobody knows yet what became. */
export interface SentFile {
	/** Bytes. */
	size: number;
	/** Tracking IDs of all requests that were made for it. */
	own: ReadonlySet<string>;
	/** That of the request that it was sent by, if it has one. */
	trackingId?: string;
	/** When fileX was looked at last before that, by its own clock, in ms; NaN where it was not. */
	lookedAt: number;
	/** Paths of the archived copies that were there before it was first sent; undefined where nobody had looked. */
	before?: ReadonlySet<string>;
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
	{ request: Submission; until: number } | { uploaded: RemoteFile };

/** Whether fileX shows the request itself: before it does, others may not see it either. */
export function showsOwn({ submissions }: Sighting, { current }: OwnRequests): boolean {
	return current === undefined || submissions.some(({ trackingId }) => trackingId === current);
}

/** What arrived by one of the sender's own requests. */
export function arrivedByOwn({ submissions }: Sighting, own: OwnRequests): Submission | undefined {
	return submissions.find((each) => own.all.has(each.trackingId) && isArrived(each));
}

/**
 * Filings of this name that may be the same file: as large, or of unknown size, received within so many
 * days, and not rejected, for then FINRA wants the file again. The newest first.
 */
export function filingsIn(seen: Sighting, size: number, days: number): Filing[] {
	const since = Number.isNaN(seen.at) ? -Infinity : seen.at - days * 86_400_000;
	const tracked = seen.submissions.filter((each) => isArrived(each));
	const known = new Set(tracked.map(({ archivePath }) => archivePath));
	const filings = tracked
		.filter((each) => stateOf(each) !== 'rejected' && (each.size === null || each.size === size))
		.map(({ trackingId, archivePath, submittedAt, userName }) => ({ trackingId, archivePath, submittedAt, userName }));
	const untracked = seen.archived
		.filter((copy) => !known.has(copy.path) && copy.size === size)
		.map(({ path, at }) => ({ trackingId: null, archivePath: path, submittedAt: new Date(at).toISOString(), userName: null }));
	return [...filings, ...untracked]
		.filter(({ submittedAt }) => submittedAt === null || Date.parse(submittedAt) >= since)
		.sort((a, b) => timeOf(b) - timeOf(a));
}

/**
 * The upload that must be waited for before a file of `size` bytes may be sent; undefined where the way
 * is free. A request is dead when no file of our size can come by it any more; one of a larger file may live
 * on, but that is not the same file. Of two requests whose order is certain, the earlier goes first; where it is not, neither does.
 */
export function obstacleIn(seen: Sighting, size: number, own: OwnRequests): Obstacle | undefined {
	const mine = seen.submissions.find(({ trackingId }) => trackingId === own.current);
	const latest = mine ? timeOf(mine) + ORDER_TOLERANCE : Infinity;
	const life = lease(size, seen.hidden.includes('archive'));
	const request = seen.submissions.find(
		(each) => !own.all.has(each.trackingId) && !isArrived(each) && !(seen.at - timeOf(each) > life) && !(timeOf(each) > latest),
	);
	if (request) return { request, until: timeOf(request) + life };
	const { uploaded } = seen;
	if (!uploaded) return undefined;
	const isAged = uploaded.size !== size && seen.at - uploaded.lastModified.getTime() > LEFTOVER_AFTER;
	return isAged || isUnchanged(uploaded, own.leftover) ? undefined : { uploaded };
}

/** The name of an archived copy tells an hour less, or more, where clocks are put back. */
const DOUBTFUL = 2 * 3_600_000;

/**
 * What may be a file that was sent, though tracking does not say so yet: paths of archived copies, and ''
 * for what lies in the upload sub-space. Not certain is what has a time from before, which may be wrong,
 * and what may be an upload that was never completed.
 */
export function tracesOf(seen: Sighting, { size, before, isWholeWhenSeen }: SentFile, since: number): Array<{ path: string; isCertain: boolean }> {
	const isFresh = (at: number) => at >= since - GRACE;
	const known = new Set(seen.submissions.map(({ archivePath }) => archivePath));
	const copies = seen.archived
		.filter((copy) => copy.size === size && !known.has(copy.path) && (before ? !before.has(copy.path) : copy.at >= since - DOUBTFUL))
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
	return submissions.some((each) => !own.has(each.trackingId) && !isArrived(each) && !(timeOf(each) < since - lease(0)));
}

/** In ms; NaN, which is neither earlier nor later than anything, where it is not known. */
function timeOf({ submittedAt }: Pick<Submission, 'submittedAt'>): number {
	return submittedAt === null ? NaN : Date.parse(submittedAt);
}
