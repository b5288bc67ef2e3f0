import { parseS3Token, requestS3Token, type IssuedS3Token } from '../../../filex/s3/token';
import { S3TokenSource } from '../../../filex/s3/token-source';

const KEYS = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'very-secret', sessionToken: 'secret-session', expiration: '2026-03-31T13:00:00Z' };
const TOKEN = { region: 'us-east-1', sessionName: 'demo@1', readPaths: ['b/0001/app1/out/'], writePaths: ['b/0001/app1/in/'], credentials: KEYS };

describe('an S3 token', () => {
	it('is read', () => {
		expect(parseS3Token(JSON.stringify(TOKEN))).toEqual({ ...TOKEN, credentials: { ...KEYS, expiration: new Date(KEYS.expiration) } });
	});

	it('may lack what does not matter', () => {
		expect(parseS3Token(JSON.stringify({ ...TOKEN, sessionName: undefined, readPaths: null }))).toMatchObject({ sessionName: '', readPaths: [] });
	});

	it.each([
		['no JSON', '<html>', /'credentials.expiration' is not a time/],
		['no secret', { credentials: { ...KEYS, secretAccessKey: '' } }, /'credentials.secretAccessKey' is missing/],
		['no end', { credentials: { ...KEYS, expiration: 'soon' } }, /'credentials.expiration' is not a time/],
		['a region that would be another host', { region: 'evil.example/x' }, /'region' is not the name of a region/],
		['paths that are none', { writePaths: 'b/0001' }, /'writePaths' is not a list of paths/],
	])('with %s is none, and its error holds no secret', (_what, change, message) => {
		const body = typeof change === 'string' ? change : JSON.stringify({ ...TOKEN, ...change });
		const error = thrownBy(() => parseS3Token(body));
		expect(error).toMatchObject({ kind: 'unexpected-answer', message: expect.stringMatching(message) });
		expect(JSON.stringify(error)).not.toMatch(/very-secret|secret-session|ASIA/);
	});

	it.each([
		['this machine', new Date(), 3_600_000],
		['fileX, which is an hour ahead,', new Date(Date.now() + 3_600_000), 3_600_000],
	])('lives as long as it is told by the clock of %s', async (_whose, now, life) => {
		const credentials = { ...KEYS, expiration: new Date(now.getTime() + life).toISOString() };
		const http = { authorized: async () => ({ status: 200, headers: { date: now.toUTCString() }, body: JSON.stringify({ ...TOKEN, credentials }) }) };
		const issued = await requestS3Token({ baseUrl: 'http://filex', http: http as never }, '0001', 'app1');
		expect(Math.abs(issued.life - life)).toBeLessThan(2000);
	});
});

describe('the source of S3 tokens', () => {
	let now: number;
	let asked: number;
	const sourceOf = (life: number, ask = async () => {}) =>
		new S3TokenSource(
			async (): Promise<IssuedS3Token> => {
				asked++;
				await ask();
				return { token: { ...parseS3Token(JSON.stringify(TOKEN)), sessionName: String(asked) }, life };
			},
			() => now,
		);

	beforeEach(() => {
		now = 1_000_000;
		asked = 0;
	});

	it.each([
		['an hour: five minutes before its end', 3_600_000, 3_300_000],
		['two seconds: when a fifth is left', 2000, 1600],
	])('renews one that lives %s', async (_life, life, margin) => {
		const source = sourceOf(life);
		await source.token('x');
		now += margin - 1;
		expect((await source.token('x')).sessionName).toBe('1');
		now += 1;
		expect((await Promise.all([source.token('x'), source.token('x')])).map(({ sessionName }) => sessionName)).toEqual(['2', '2']);
		expect(asked).toBe(2);
	});

	it('gives one to all who ask at a time, and so a refusal', async () => {
		await Promise.all(Array.from({ length: 10 }, async () => await sourceOf.call(undefined, 1000).token('x')));
		asked = 0;
		const source = sourceOf(3_600_000, async () => {
			if (asked === 1) throw new Error('refused');
		});
		const answers = await Promise.allSettled([source.token('x'), source.token('x')]);
		expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
		expect(asked).toBe(1);
		expect((await source.token('x')).sessionName).toBe('2');
	});

	it('forgets the one that S3 does not take, but not the one after it', async () => {
		const source = sourceOf(3_600_000);
		const first = await source.token('x');
		source.drop(first);
		const second = await source.token('x');
		source.drop(first);
		expect(await source.token('x')).toBe(second);
	});
});

function thrownBy(act: () => unknown): unknown {
	try {
		act();
	} catch (error) {
		return error;
	}
	return undefined;
}
