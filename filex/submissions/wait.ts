import { cancelled, FileXError, isPassing } from '../errors';
import { type Clock, MACHINE_CLOCK } from '../util/clock';
import { type Decision, isDecided, stateOf } from './state';
import type { Submission } from './submission';

/** What can be waited for. `received` is also reached by what has been decided since. */
export type WantedState = 'received' | 'decided' | Decision;

/**
 * How a wait ended:
 *
 * - `reached`: the submission is in the state that was waited for.
 * - `otherDecision`: FINRA has decided otherwise, so that waiting on would be in vain.
 * - `timeLimit`: neither, until the time was up. `submission` is what was seen last; `failure`, why
 *   fileX could not be reached at the end. One of the two is there.
 */
export type WaitResult = { outcome: 'reached'; submission: Submission } | NotReached;

export type NotReached =
	| { outcome: 'otherDecision'; state: Decision; submission: Submission }
	| { outcome: 'timeLimit'; submission?: Submission; failure?: FileXError };

export interface WaitSettings {
	wanted: WantedState;
	/** By `clock`, in ms. A question that is on its way then is waited for. */
	until: number;
	signal?: AbortSignal;
	clock?: Clock;
}

/** The first pause between two questions, in ms. */
const FIRST_PAUSE = 2000;

/** How much longer each pause is than the one before. */
const FACTOR = 1.5;

const LONGEST_PAUSE = 60_000;

/**
 * Asks for a submission, ever more rarely, until it is where it is wanted or the time is up; at least
 * once, and for the last time when the time is up. A service that is unavailable meanwhile does not end it.
 *
 * @throws FileXError `cancelled` as soon as the signal aborts; any other but a passing one at once
 */
export async function waitForSubmission(
	ask: () => Promise<Submission>,
	{ wanted, until, signal, clock = MACHINE_CLOCK }: WaitSettings,
): Promise<WaitResult> {
	let seen: Submission | undefined;
	for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * FACTOR, LONGEST_PAUSE)) {
		let failure: FileXError | undefined;
		try {
			seen = await ask();
			const ended = endOf(seen, wanted);
			if (ended) return ended;
		} catch (error) {
			if (!isPassing(error)) throw error;
			failure = error;
		}
		const left = until - clock.now();
		if (left <= 0) return { outcome: 'timeLimit', submission: seen, failure };
		await clock.sleep(Math.min(pause, left), signal).catch((error: unknown) => {
			throw signal?.aborted ? cancelled('Waiting for the submission') : error;
		});
	}
}

/** How a wait ends with this answer; undefined to wait on. */
function endOf(submission: Submission, wanted: WantedState): WaitResult | undefined {
	const state = stateOf(submission);
	if (state === wanted) return { outcome: 'reached', submission };
	if (!isDecided(state)) return undefined;
	return wanted === 'received' || wanted === 'decided'
		? { outcome: 'reached', submission }
		: { outcome: 'otherDecision', state, submission };
}
