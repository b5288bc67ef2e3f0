import { FileXError } from '../../../filex/errors';
import { Patience } from '../../../filex/util/patience';

const unavailable = (more: Partial<FileXError> = {}) =>
	new FileXError('unavailable', 'not now', { hint: '', retrySafe: true, ...more });

/** Fails so often, by a clock that jumps. */
async function run(failures: Error[], patience = new Patience(), clockOf = newClock()) {
	const left = [...failures];
	let attempts = 0;
	const own = patience as unknown as { options: object };
	Object.assign(own.options, { clock: clockOf, patience: 30_000 });
	const result = await patience
		.run(async () => {
			attempts++;
			const error = left.shift();
			if (error) throw error;
			return 'done';
		})
		.catch((error: Error) => error);
	return { result, attempts, waited: clockOf.now() };
}

function newClock() {
	let now = 0;
	return { now: () => now, sleep: async (ms: number) => void (now += ms) };
}

describe('the patience of a run', () => {
	it('outlives a few failures', async () => {
		expect(await run([unavailable(), unavailable(), unavailable()])).toMatchObject({ result: 'done', attempts: 4 });
	});

	it('ends after half a minute, and is not asked for again until there is an answer', async () => {
		const patience = new Patience({});
		const gone = Array.from({ length: 50 }, () => unavailable());
		const first = await run(gone, patience);
		expect(first.result).toBeInstanceOf(FileXError);
		expect(first.waited).toBeGreaterThan(10_000);
		expect(first.waited).toBeLessThanOrEqual(30_000);
		expect(await run(gone, patience)).toMatchObject({ attempts: 1, waited: 0 });
		expect(await run([], patience)).toMatchObject({ result: 'done' });
		expect((await run([unavailable()], patience)).attempts).toBe(2);
	});

	it.each([
		['an answer in its place', unavailable({ isForeign: true })],
		['what waiting does not help', unavailable({ isLasting: true })],
		['a login of which no one said what became', unavailable({ loginUnanswered: true })],
		['a refusal', new FileXError('entitlement', 'no', { hint: '', retrySafe: false })],
		['a longer Retry-After', unavailable({ retryAfterMs: 31_000 })],
		['what is no error of ours', new Error('bug')],
	])('has none for %s', async (_name, error) => {
		expect(await run([error])).toMatchObject({ result: error, attempts: 1, waited: 0 });
	});

	it('waits as long as it is asked to', async () => {
		const { waited, attempts } = await run([unavailable({ retryAfterMs: 12_000 })]);
		expect({ waited, attempts }).toEqual({ waited: 12_000, attempts: 2 });
	});

	it('tells what it waited for, not what ended the waiting', async () => {
		const over = new AbortController();
		const patience = new Patience({ signal: over.signal, patience: 30_000, clock: newClock() });
		const reason = unavailable();
		let attempts = 0;
		const ended = patience.run(async () => {
			if (++attempts === 1) throw reason;
			over.abort();
			throw new Error('stopped');
		});
		await expect(ended).rejects.toBe(reason);
	});
});
