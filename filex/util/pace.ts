/** How slow a transfer may be before it counts as one that does not end. */
export interface Pace {
	/** Bytes that must pass at least... */
	least: number;
	/** ...within so many ms. */
	within: number;
}

/** 1 KiB a second over ten minutes: a slow line is not a dead one, but a byte a second is no transfer. */
export const SLOWEST_PACE: Pace = { least: 600 * 1024, within: 600_000 };

/** How often within its time a pace is looked at. */
const LOOKS = 60;

/**
 * Minds that a transfer gets on.
 *
 * @param passed bytes so far
 * @param isWaiting whether what is minded is what the transfer waits for: time in which something else holds it up does not count
 * @param tooSlow called once, when too few bytes have passed
 * @returns what ends the minding
 */
export function mindPace(
	{ least, within }: Pace,
	passed: () => number,
	isWaiting: () => boolean,
	tooSlow: () => void,
): () => void {
	let since = passed();
	let looks = 0;
	const timer = setInterval(() => {
		if (isWaiting() && ++looks < LOOKS) return;
		const isTooSlow = looks === LOOKS && passed() - since < least;
		since = passed();
		looks = 0;
		if (!isTooSlow) return;
		clearInterval(timer);
		tooSlow();
	}, within / LOOKS);
	return () => clearInterval(timer);
}
