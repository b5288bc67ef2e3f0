import { setTimeout as wait } from 'node:timers/promises';

export interface UntilOptions {
	/** What is waited for, for the message. */
	what: string;
	signal: AbortSignal;
	/** In ms; none where absent. */
	limit?: number;
	/** Asked after the limit; makes the message useful. */
	details?: () => string;
}

/** How often another process is asked, in ms. */
const INTERVAL = 250;

/** Asks until the answer is not undefined; for what another process knows and cannot be subscribed to. */
export async function until<Answer>(ask: () => Promise<Answer | undefined>, options: UntilOptions): Promise<Answer> {
	const { what, signal, limit = Infinity, details } = options;
	const begin = Date.now();
	for (;;) {
		signal.throwIfAborted();
		const answer = await ask();
		if (answer !== undefined) return answer;
		if (Date.now() - begin > limit) {
			throw new Error(`${what} did not come within ${limit / 1000} s${details ? `:\n${details()}` : ''}`);
		}
		// It can only reject because of the signal, and less clearly than this.
		await wait(INTERVAL, undefined, { signal }).catch(() => signal.throwIfAborted());
	}
}
