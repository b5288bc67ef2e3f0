import type { Packed } from './packed';

/** What every trigger's state begins with. */
export interface CursorHead {
	version: 1;
	/** The server that the rest belongs to. */
	host: string;
	/** What is being watched, as a word of the caller's; a change starts again for what is new to it. */
	scope: string;
	/** What was given out with it; absent where that was nothing, and where an earlier version wrote it. */
	handedOut?: HandedOut;
}

/**
 * What a poll gave out, kept with its cursor. n8n saves the cursor some milliseconds before the execution: where the
 * process dies between the two, no execution has the items.
 */
export interface HandedOut {
	/** By this machine's clock, in ms. */
	at: number;
	/** The process: no other has its id. */
	by: string;
	/** What the cursor said of each before; an empty word where it knew nothing. */
	before: Packed;
}

/** `fromNow`: only what happens later. `existing`: also what is there already. */
export type ColdStart = 'fromNow' | 'existing';

/** Whether this cursor has begun to watch this scope: before that, a listing that fails must not pass as an empty one. */
export function isArmed(cursor: CursorHead | undefined, { host, scope }: Pick<CursorHead, 'host' | 'scope'>): boolean {
	return cursor?.host === host && cursor.scope === scope;
}

/** A stored cursor; undefined where there is none, or none that this version wrote. */
export function readCursor<C extends CursorHead>(stored: unknown): C | undefined {
	const cursor = stored as Partial<C> | null | undefined;
	return cursor?.version === 1 ? (cursor as C) : undefined;
}

/** Days since 1970, UTC. */
export function dayOf(time: Date): number {
	return Math.floor(time.getTime() / 86_400_000);
}
