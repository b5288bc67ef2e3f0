import type { CursorHead, HandedOut } from './cursor';
import { pack, type Packed, unpack } from './packed';

/** The part of a cursor that it changes. */
interface Memory {
	seen: Packed;
	unsettled?: string;
}

/** The process that reads a cursor. */
export interface Life {
	/** No other process has it. */
	id: string;
	/** By this machine's clock, in ms. */
	startedAt: number;
	/** Whether an earlier process ended of its own accord, so that all that it gave out has arrived. */
	hasEndedWell(id: string): boolean;
}

/** What a process gave out longer before this one began has arrived, or was missed by people meanwhile. */
const DOUBT = 3_600_000;

/** How far a machine's clock may be set back while it starts anew, in ms. */
const SET_BACK = 60_000;

/** A cursor as it was before its last items, where they may have been lost with the process that gave them out. */
export function withoutLost<C extends (CursorHead & Memory) | undefined>(cursor: C, life: Life): C {
	const { handedOut } = cursor ?? {};
	if (!cursor || !handedOut || !isInDoubt(handedOut, life)) return cursor;
	const seen = unpack(cursor.seen);
	const unknown: string[] = [];
	for (const [fingerprint, word] of unpack(handedOut.before)) {
		if (word !== '') seen.set(fingerprint, word);
		else if (seen.delete(fingerprint)) unknown.push(fingerprint);
	}
	const { unsettled } = cursor;
	return {
		...cursor,
		seen: pack(seen),
		// They were found unchanged once, and need not be again.
		...(unsettled !== undefined && { unsettled: unsettled + unknown.join('') }),
		handedOut: undefined,
	};
}

/** What was given out after this process began is of one that works beside it, and has its items under way. */
function isInDoubt({ at, by }: HandedOut, { id, startedAt, hasEndedWell }: Life): boolean {
	const age = startedAt - at;
	return by !== id && age > -SET_BACK && age < DOUBT && !hasEndedWell(by);
}
