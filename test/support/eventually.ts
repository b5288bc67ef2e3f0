import { setTimeout as wait } from 'node:timers/promises';

/** Waits until something holds, for what a test cannot subscribe to; the limit of a test is its only one. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await holds())) await wait(10);
}
