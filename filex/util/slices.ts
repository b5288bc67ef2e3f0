import { setImmediate as turn } from 'node:timers/promises';

/** Work that gives up its turn now and then, by `yield`. */
export type Slices<T> = Generator<void, T>;

/** Does it all at once. */
export function atOnce<T>(work: Slices<T>): T {
	for (;;) {
		const { done, value } = work.next();
		if (done) return value;
	}
}

/** Does it slice by slice, so that whatever else the process does continues in between. */
export async function inSlices<T>(work: Slices<T>): Promise<T> {
	for (;;) {
		const { done, value } = work.next();
		if (done) return value;
		await turn();
	}
}
