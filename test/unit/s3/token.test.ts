import { type IssuedS3Token, readS3Token, requestS3Token } from '../../../filex/s3/token';
import { S3TokenSource } from '../../../filex/s3/token-source';

const parseS3Token = (body: string) =>
	readS3Token({ status: 200, headers: { 'content-type': 'application/json', server: 'nginx' }, body });

const KEYS = {
	accessKeyId: 'ASIAEXAMPLE',
	secretAccessKey: 'very-secret',
	sessionToken: 'secret-session',
	expiration: '2026-03-31T13:00:00Z',
};
const TOKEN = {
	region: 'us-east-1',
	sessionName: 'demo@1',
	readPaths: ['b/0001/app1/out/'],
	writePaths: ['b/0001/app1/in/'],
	credentials: KEYS,
};

describe('an S3 token', () => {
	it('is read', () => {
		expect(parseS3Token(JSON.stringify(TOKEN))).toEqual({
			...TOKEN,
			credentials: { ...KEYS, expiration: new Date(KEYS.expiration) },
		});
	});

	it('may lack what does not matter', () => {
		expect(parseS3Token(JSON.stringify({ ...TOKEN, sessionName: undefined, readPaths: null }))).toMatchObject({
			sessionName: '',
			readPaths: [],
		});
	});

	it.each<[string, object]>([
		[
			'keys in any letter case',
			{
				Region: 'us-east-1',
				SESSION_NAME: 'demo@1',
				read_paths: TOKEN.readPaths,
				WritePaths: TOKEN.writePaths,
				Credentials: {
					AccessKeyId: KEYS.accessKeyId,
					SecretAccessKey: KEYS.secretAccessKey,
					SessionToken: KEYS.sessionToken,
					Expiration: KEYS.expiration,
				},
			},
		],
		['an object round it', { data: TOKEN }],
		['two objects round it', { response: { s3TransferToken: TOKEN } }],
		['the keys beside the paths', { ...TOKEN, credentials: undefined, ...KEYS }],
		...[
			'2026-03-31T13:00:00.000+0000',
			'2026-03-31T09:00:00-04',
			'2026-03-31T09:00:00-0400',
			'2026-03-31T13:00:00',
			1774962000,
			1774962000000,
			'1774962000',
		].map((expiration): [string, object] => [
			`the end ${expiration}`,
			{ ...TOKEN, credentials: { ...KEYS, expiration } },
		]),
	])('may have %s', (_shape, body) => {
		expect(parseS3Token(JSON.stringify(body))).toEqual({
			...TOKEN,
			credentials: { ...KEYS, expiration: new Date(KEYS.expiration) },
		});
	});

	it('that is not one is reported by status, content type, server and keys', () => {
		expect(() => parseS3Token(JSON.stringify({ ...TOKEN, region: 5 }))).toThrow(
			expect.objectContaining({
				isForeign: true,
				retrySafe: true,
				message: expect.stringContaining(
					'(HTTP 200, application/json, server nginx, keys: region, sessionName, readPaths[], writePaths[], credentials.accessKeyId',
				),
			}),
		);
	});

	it.each([
		['no JSON', '<html>', /not a JSON object/],
		['a JSON of another service', '{"message":"x"}', /no 'credentials'/],
		['several credentials', JSON.stringify([TOKEN, TOKEN]), /several credentials/],
		['too much', JSON.stringify({ ...TOKEN, sessionName: 'x'.repeat(2 ** 20) }), /longer than 1 MiB/],
		['no paths at all', { readPaths: undefined, writePaths: undefined }, /neither 'readPaths' nor/],
		[
			'a secret with a line break',
			{ credentials: { ...KEYS, secretAccessKey: 'very-secret\r\nx' } },
			/'credentials.secretAccessKey' is missing/,
		],
		['an end of true', { credentials: { ...KEYS, expiration: true } }, /is not a time/],
		['an end in 1970', { credentials: { ...KEYS, expiration: 5 } }, /is not a time/],
		['no secret', { credentials: { ...KEYS, secretAccessKey: '' } }, /'credentials.secretAccessKey' is missing/],
		['no end', { credentials: { ...KEYS, expiration: 'soon' } }, /'credentials.expiration' is not a time/],
		['a region that would be another host', { region: 'evil.example/x' }, /'region' is not the name of a region/],
		['paths that are not', { writePaths: 'b/0001' }, /'writePaths' is not a list of paths/],
	])('with %s is none, and its error holds no secret', (_what, change, message) => {
		const body = typeof change === 'string' ? change : JSON.stringify({ ...TOKEN, ...change });
		const error = thrownBy(() => parseS3Token(body));
		expect(error).toMatchObject({ kind: 'unexpected-answer', message: expect.stringMatching(message) });
		expect(JSON.stringify(error)).not.toMatch(/very-secret|secret-session|ASIA/);
	});

	it.each([
		['this machine', new Date(), 3_600_000],
		['fileX, which is an hour ahead,', new Date(Date.now() + 3_600_000), 3_600_000],
	])('lives as long as it is reported by the clock of %s', async (_whose, now, life) => {
		const credentials = { ...KEYS, expiration: new Date(now.getTime() + life).toISOString() };
		const http = {
			authorized: async () => ({
				status: 200,
				headers: { date: now.toUTCString() },
				body: JSON.stringify({ ...TOKEN, credentials }),
			}),
		};
		const issued = await requestS3Token({ baseUrl: 'http://filex', http: http as never }, '0001', 'app1');
		// By the other clock it would be an hour more, or none.
		expect(Math.abs(issued.life - life)).toBeLessThan(1_800_000);
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
		await source.credentials('x');
		now += margin - 1;
		expect((await source.credentials('x')).sessionName).toBe('1');
		now += 1;
		expect(
			(await Promise.all([source.credentials('x'), source.credentials('x')])).map(({ sessionName }) => sessionName),
		).toEqual(['2', '2']);
		expect(asked).toBe(2);
	});

	it('gives one to all who ask at a time, and so a refusal', async () => {
		await Promise.all(Array.from({ length: 10 }, async () => await sourceOf.call(undefined, 1000).credentials('x')));
		asked = 0;
		const source = sourceOf(3_600_000, async () => {
			if (asked === 1) throw new Error('refused');
		});
		const answers = await Promise.allSettled([source.credentials('x'), source.credentials('x')]);
		expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
		expect(asked).toBe(1);
		expect((await source.credentials('x')).sessionName).toBe('2');
	});

	it('forgets the one that S3 does not take, but not the one after it', async () => {
		const source = sourceOf(3_600_000);
		const first = await source.credentials('x');
		source.drop(first);
		const second = await source.credentials('x');
		source.drop(first);
		expect(await source.credentials('x')).toBe(second);
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
