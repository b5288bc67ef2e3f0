import { Readable } from 'node:stream';
import { type AnswerBounds, axiosHttp, type FileXError, type Http, networkError, RestSpace } from '../../../filex';
import { ENDLESS, type EndlessServer, startEndlessServer } from '../../support/endless-server';

const TINY: AnswerBounds = { bytes: 2 ** 20, idle: 1000, overall: 2500 };

/** For answers that are too long: on a busy machine, their bytes must not lose a race against their time. */
const PATIENT: AnswerBounds = { ...TINY, idle: 60_000, overall: 60_000 };

/** What is said of each, and whether the answer counts as somebody else's. */
const SAID: Record<(typeof ENDLESS)[number], RegExp> = {
	silent: /took longer|no answer|timed? ?out|took too long/,
	// By the client's own time-out, which counts from the call where no redirect is followed.
	'drip head': /took longer than \d s|took too long/,
	drip: /took longer than \d s/,
	still: /stood still for 1 s/,
	endless: /longer than 1 MiB, so it was not read/,
	'zip bomb': /longer than 1 MiB, so it was not read/,
};

describe('an answer that does not come to its end', () => {
	let server: EndlessServer;

	beforeAll(async () => {
		server = await startEndlessServer();
	});
	afterAll(async () => await server.close());

	const ask = (how: string, bounds = /endless|bomb/.test(how) ? PATIENT : TINY, signal?: AbortSignal) =>
		axiosHttp.text({ method: 'GET', url: `${server.url}/files/${encodeURIComponent(how)}`, bounds, signal });

	it.each(ENDLESS)('is broken off: %s', async (how) => {
		const before = server.sent();
		const error = (await ask(how).catch((thrown: unknown) => thrown)) as FileXError;
		expect(error).toMatchObject({
			name: 'FileXError',
			retrySafe: true,
			kind: /endless|bomb/.test(how) ? 'unexpected-answer' : 'unavailable',
		});
		expect(error.message).toMatch(SAID[how]);
		// What was on its way, and no more: the peer was told to stop.
		expect(server.sent() - before).toBeLessThan(64 * 2 ** 20);
	});

	it.each(['silent', 'drip head', 'drip', 'still'])('ends at once when the user stops: %s', async (how) => {
		const stop = new AbortController();
		const asked = ask(how, PATIENT, stop.signal);
		setImmediate(() => stop.abort());
		await expect(asked).rejects.toMatchObject({ kind: 'cancelled' });
	});

	it('streamed, must begin in time, and may continue for longer', async () => {
		const stream = (how: string) =>
			axiosHttp.stream({ method: 'GET', url: `${server.url}/${encodeURIComponent(how)}`, bounds: TINY });
		await expect(stream('drip head')).rejects.toMatchObject({
			kind: 'unavailable',
			message: expect.stringMatching(SAID['drip head']) as string,
		});
		const { body } = await stream('drip');
		let bytes = 0;
		for await (const chunk of body) if ((bytes += (chunk as Buffer).length) > TINY.overall / 20 + 5) break;
		expect(bytes).toBeGreaterThan(TINY.overall / 20);
	});

	it('to an upload is broken off once it has begun', async () => {
		const upload = (how: string) =>
			axiosHttp.upload({
				method: 'PUT',
				url: `${server.url}/${how}`,
				headers: { 'Content-Length': '1' },
				body: Readable.from([Buffer.from('x')]),
				bounds: how === 'endless' ? PATIENT : TINY,
			});
		await expect(upload('drip')).rejects.toMatchObject({ message: expect.stringMatching(SAID.drip) as string });
		await expect(upload('endless')).rejects.toMatchObject({ isForeign: true });
	});

	it('leaves no connection behind', async () => {
		await Promise.all(ENDLESS.map(async (how) => await ask(how).catch(() => {})));
		while ((await server.open()) > 0) await new Promise((resolve) => setImmediate(resolve));
	});
});

describe('what a call may take', () => {
	it.each([
		[
			'a listing',
			async (space: RestSpace) => await space.list({ orgId: '0001', application: 'crd', subSpace: 'reports' }),
			5 * 60_000,
		],
		['the applications', async (space: RestSpace) => await space.applications('0001'), 5 * 60_000],
		[
			'a URL to download by',
			async (space: RestSpace) =>
				await space.read({ orgId: '0001', application: 'crd', subSpace: 'reports', name: 'a' }),
			60_000,
		],
		[
			'a URL to upload by',
			async (space: RestSpace) =>
				await space.requestUpload({ orgId: '0001', application: 'crd', subSpace: 'in', name: 'a' }),
			60_000,
		],
	])('%s: %#', async (_what, call, overall) => {
		const asked: AnswerBounds[] = [];
		const http = {
			authorized: async ({ bounds }: { bounds: AnswerBounds }) => (
				asked.push(bounds),
				await Promise.reject(networkError('nowhere', {}))
			),
		} as unknown as Http & { authorized: never };
		await call(new RestSpace('https://filex.example', http)).catch(() => {});
		expect(asked).toMatchObject([{ idle: 60_000, overall }]);
	});
});
