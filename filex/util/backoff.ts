/**
 * The pause before another attempt, in ms. It doubles with each failure, and differs by up to a half, so that what failed
 * together does not come back together.
 *
 * @param failures in a row so far, 1 or more
 * @param first the pause after the first failure, in ms
 * @param random from 0 up to 1
 */
export function backoff(failures: number, first: number, random: () => number = Math.random): number {
	return first * 2 ** (failures - 1) * (0.5 + random());
}
