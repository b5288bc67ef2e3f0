import { setTimeout as sleep } from 'node:timers/promises';

/** Time, as whoever waits knows it. */
export interface Clock {
	/** ms, from any beginning; it never runs backwards. */
	now(): number;
	/** Resolves after `ms`, or throws as soon as the signal aborts. */
	sleep(ms: number, signal?: AbortSignal): Promise<unknown>;
}

export const MACHINE_CLOCK: Clock = {
	now: () => performance.now(),
	sleep: async (ms, signal) => await sleep(ms, undefined, { signal }),
};
