/** Nothing came over the line of a transfer, whatever it was for: what else is on that line gets nothing either. */
export class SilentLine extends Error {
	/** @param idle ms */
	constructor(idle: number) {
		super(`nothing came for ${idle / 1000} s`);
	}
}
