import { FileXError, isPassing } from '../errors';
import { backoff } from './backoff';
import { type Clock, MACHINE_CLOCK } from './clock';

/** How long something that changes nothing is tried again while the service is away, in ms: as long as a failover takes. */
export const PATIENCE = { ms: 30_000 };

/** The pause before the second attempt, in ms, give or take a half; each is twice as long. */
const PAUSE = 500;

export interface PatienceOptions {
	/** How long to try again, in ms; 0 for not at all. */
	patience?: number;
	/** Which of the errors that may pass are worth another attempt; all where absent. */
	only?: (error: FileXError) => boolean;
	/** Ends the waiting. */
	signal?: AbortSignal;
	clock?: Clock;
}

/**
 * The patience of one run. It is used up once: a service that stayed away for so long is asked once more for each further
 * step, until it answers.
 */
export class Patience {
	private isUsedUp = false;

	constructor(private readonly options: PatienceOptions = {}) {}

	/** Does what can be repeated without harm; again while the service is temporarily unavailable. */
	async run<T>(work: () => Promise<T>): Promise<T> {
		const { patience = PATIENCE.ms, only = () => true, signal, clock = MACHINE_CLOCK } = this.options;
		const until = clock.now() + patience;
		let last: unknown;
		for (let failures = 1; ; failures++) {
			try {
				const result = await work();
				this.isUsedUp = false;
				return result;
			} catch (error) {
				// What ended the waiting says less than what was waited for.
				if (signal?.aborted) throw last ?? error;
				last = error;
				if (!mayPass(error) || !only(error) || patience === 0 || this.isUsedUp) throw error;
				const pause = Math.max(backoff(failures, PAUSE), error.retryAfterMs ?? 0);
				if (clock.now() + pause > until) {
					this.isUsedUp = true;
					throw error;
				}
				await clock.sleep(pause, signal).catch(() => {
					throw error;
				});
			}
		}
	}
}

/** Whether waiting may help: not for an answer in the service's place, nor for a login of which no one said what became. */
export function mayPass(error: unknown): error is FileXError {
	if (!(error instanceof FileXError) || error.loginUnanswered || error.isLasting) return false;
	return error.kind === 'busy' || (isPassing(error) && !error.isForeign);
}
