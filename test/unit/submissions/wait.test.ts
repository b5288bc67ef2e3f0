import { FileXError } from '../../../filex/errors';
import type { Submission } from '../../../filex/submissions/submission';
import { waitForSubmission, type WantedState } from '../../../filex/submissions/wait';
import type { Clock } from '../../../filex/util/clock';
import { received, submission } from './sample';

const requested = submission();
const unwell = new FileXError('unavailable', 'fileX could not answer', { hint: 'Wait.', retrySafe: true });

/** A clock that moves only when it is slept by. */
class FakeClock implements Clock {
	time = 1_000_000;
	readonly pauses: number[] = [];

	now(): number {
		return this.time;
	}

	async sleep(ms: number, signal?: AbortSignal): Promise<void> {
		signal?.throwIfAborted();
		this.pauses.push(ms);
		this.time += ms;
	}
}

/** Answers one after the other, the last one indefinitely. */
function answers(...given: Array<Submission | Error>) {
	return jest.fn(async () => {
		const next = given.length > 1 ? given.shift()! : given[0]!;
		if (next instanceof Error) throw next;
		return next;
	});
}

describe('waiting for a submission', () => {
	let clock: FakeClock;

	beforeEach(() => (clock = new FakeClock()));

	const wait = async (ask: () => Promise<Submission>, wanted: WantedState, limit: number, signal?: AbortSignal) =>
		await waitForSubmission(ask, { wanted, until: clock.now() + limit, signal, clock });

	it.each<[WantedState, Submission]>([
		['received', received(null)],
		['received', received('RECEIVED')],
		['received', received('REJECTED')],
		['decided', received('ACCEPTED')],
		['decided', received('REJECTED')],
		['decided', received('PARTIALLY_REJECTED')],
		['accepted', received('ACCEPTED')],
		['rejected', received('REJECTED')],
		['partiallyRejected', received('PARTIALLY_REJECTED')],
	])('%s is reached at once by %j', async (wanted, answer) => {
		expect(await wait(answers(answer), wanted, 600_000)).toEqual({ outcome: 'reached', submission: answer });
		expect(clock.pauses).toEqual([]);
	});

	it('continues until the state is reached', async () => {
		const ask = answers(requested, received(null), received('RECEIVED'), received('ACCEPTED'));
		expect(await wait(ask, 'accepted', 600_000)).toMatchObject({
			outcome: 'reached',
			submission: { downstreamStatus: 'ACCEPTED' },
		});
		expect(ask).toHaveBeenCalledTimes(4);
	});

	it('asks ever more rarely, at most once a minute', async () => {
		await wait(answers(requested), 'received', 600_000);
		expect(clock.pauses.slice(0, 5)).toEqual([2000, 3000, 4500, 6750, 10_125]);
		expect(Math.max(...clock.pauses)).toBe(60_000);
		expect(clock.pauses.filter((pause) => pause === 60_000).length).toBeGreaterThan(5);
	});

	it('ends at the time limit, to the millisecond, with a last look', async () => {
		const ask = answers(requested, requested, received(null));
		expect(await wait(ask, 'received', 2500)).toMatchObject({ outcome: 'reached' });
		expect(clock.pauses).toEqual([2000, 500]);
		expect(await wait(answers(received('RECEIVED')), 'accepted', 2500)).toEqual({
			outcome: 'timeLimit',
			submission: received('RECEIVED'),
			failure: undefined,
		});
	});

	it('looks once where no time is given', async () => {
		const ask = answers(requested);
		expect(await wait(ask, 'received', 0)).toMatchObject({ outcome: 'timeLimit', submission: requested });
		expect(ask).toHaveBeenCalledTimes(1);
		expect(clock.pauses).toEqual([]);
	});

	it.each<[WantedState, string, string]>([
		['accepted', 'REJECTED', 'rejected'],
		['accepted', 'PARTIALLY_REJECTED', 'partiallyRejected'],
		['rejected', 'ACCEPTED', 'accepted'],
		['partiallyRejected', 'REJECTED', 'rejected'],
	])('for %s ends early when it was %s', async (wanted, downstream, state) => {
		const result = await wait(answers(received('RECEIVED'), received(downstream)), wanted, 600_000);
		expect(result).toEqual({ outcome: 'otherDecision', state, submission: received(downstream) });
		expect(clock.pauses).toEqual([2000]);
	});

	it('outlives passing failures of the service', async () => {
		const ask = answers(unwell, requested, unwell, unwell, received('ACCEPTED'));
		expect(await wait(ask, 'accepted', 600_000)).toMatchObject({ outcome: 'reached' });
		expect(ask).toHaveBeenCalledTimes(5);
	});

	it('reports a service that stayed unavailable until the time was up, and what was seen before', async () => {
		expect(await wait(answers(unwell), 'received', 5000)).toEqual({
			outcome: 'timeLimit',
			submission: undefined,
			failure: unwell,
		});
		expect(await wait(answers(requested, unwell), 'received', 5000)).toEqual({
			outcome: 'timeLimit',
			submission: requested,
			failure: unwell,
		});
		expect(await wait(answers(unwell, requested), 'received', 5000)).toEqual({
			outcome: 'timeLimit',
			submission: requested,
			failure: undefined,
		});
	});

	it.each<[string, Error]>([
		['not-found', new FileXError('not-found', 'x', { hint: '', retrySafe: true })],
		['entitlement', new FileXError('entitlement', 'x', { hint: '', retrySafe: false })],
		['credentials', new FileXError('credentials', 'x', { hint: '', retrySafe: false })],
		['unavailable, but not to be tried again', new FileXError('unavailable', 'x', { hint: '', retrySafe: false })],
		['unforeseen', new TypeError('x')],
	])('ends at once with a failure that is %s', async (_name, failure) => {
		await expect(wait(answers(requested, failure), 'received', 600_000)).rejects.toBe(failure);
		expect(clock.pauses).toEqual([2000]);
	});

	it('is cancelled in the middle of a pause, by the real clock', async () => {
		const controller = new AbortController();
		const waiting = waitForSubmission(
			async () => {
				setImmediate(() => controller.abort());
				return requested;
			},
			{ wanted: 'received', until: Date.now() + 600_000, signal: controller.signal },
		);
		await expect(waiting).rejects.toMatchObject({ kind: 'cancelled' });
	});

	it('that was cancelled before asks no more than once', async () => {
		const ask = answers(requested);
		await expect(wait(ask, 'received', 600_000, AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
		expect(ask).toHaveBeenCalledTimes(1);
	});
});
