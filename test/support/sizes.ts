export const MIB = 2 ** 20;

/** What no part of an upload but the last may fall below. */
export const SMALLEST_PART = 5 * MIB;

/** The sizes of objects that are put and got. */
export const SIZES = [
	{ name: '0 B', bytes: 0 },
	{ name: '1 B', bytes: 1 },
	{ name: '5 MiB', bytes: SMALLEST_PART },
	{ name: '100 MiB', bytes: 100 * MIB },
	{ name: '1 GiB', bytes: 1024 * MIB },
];
