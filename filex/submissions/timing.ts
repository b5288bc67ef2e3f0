/**
 * The times that all senders must agree on, in ms. docs/submissions.md gives the argument: a sender may
 * take another's upload request for dead only when its file cannot arrive any more.
 */

/** How long a pre-signed URL may wait for its use (guide, FAQ 27). */
export const URL_LIFE = 60_000;

/** The slowest transfer that is waited for, in bytes per second: 2 Mbit/s. */
const SLOWEST_UPLOAD = 262_144;

/** For what is on its way when a connection ends; and once more for clocks of fileX's that differ. */
export const GRACE = 30_000;

/** Requests whose times are closer than this are of no certain order. */
export const ORDER_TOLERANCE = 2000;

/** Senders that have waited continue at moments spread over this time, so that they do not meet again. */
export const SPREAD = 20_000;

/** How long after breaking off, with nothing to be seen of it, a file has certainly not arrived. */
export const SETTLED_AFTER = 2 * GRACE;

/** How long tracking may take to report a file that has left the upload sub-space, where the archive cannot be seen. */
export const TOLD_AFTER = 10 * 60_000;

/** How long a place that gives no answer of fileX's own is asked again: as long as a failover takes, or less where the user has less patience. */
export function blindPatience(patience: number): number {
	return Math.min(30_000, Math.max(patience, 5000));
}

export const DAY = 86_400_000;

/** How long after its request an upload must have ended, whatever its URL says: others take it for dead after that. */
export function transferLimit(size: number): number {
	return URL_LIFE + (size / SLOWEST_UPLOAD) * 1000;
}

/** How long after its request a file of this size may still arrive. */
export function lease(size: number): number {
	return transferLimit(size) + 2 * GRACE;
}
