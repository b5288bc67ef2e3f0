import { S3Access, type S3Call } from '../../../filex/s3/access';
import { type Endless, type EndlessServer, startEndlessServer } from '../../support/endless-server';

const KEYS = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
const QUERY = { Bucket: 'bucket', Key: 'place' };

/** Each request that is made of S3, but for a file's own bytes. */
const REQUESTS: Array<[string, (call: S3Call, Key: string) => Promise<unknown>]> = [
	[
		'PUT',
		async ({ s3, sdk, abortSignal }, Key) =>
			await s3.send(new sdk.PutObjectCommand({ ...QUERY, Key, Body: 'x' }), { abortSignal }),
	],
	[
		'CreateMultipartUpload',
		async ({ s3, sdk, abortSignal }, Key) =>
			await s3.send(new sdk.CreateMultipartUploadCommand({ ...QUERY, Key }), { abortSignal }),
	],
	[
		'CompleteMultipartUpload',
		async ({ s3, sdk, abortSignal }, Key) =>
			await s3.send(new sdk.CompleteMultipartUploadCommand({ ...QUERY, Key, UploadId: 'u' }), { abortSignal }),
	],
];

describe('an answer of S3 that does not come to its end', () => {
	let server: EndlessServer;
	let access: S3Access;

	beforeAll(async () => {
		server = await startEndlessServer();
		access = new S3Access({ credentials: async () => KEYS, drop: () => {} }, { endpoint: server.url, pathStyle: true });
	});
	afterAll(async () => {
		await access.close();
		await server.close();
	});

	const ask = async (request: (call: S3Call, key: string) => Promise<unknown>, how: Endless, limit: number) =>
		await access.once('0001/crd/in/a', async (call) => await request(call, how), { limit });

	it.each(REQUESTS)('is broken off by its length: %s', async (_what, request) => {
		const before = server.sent();
		await expect(ask(request, 'endless', 60_000)).rejects.toMatchObject({
			name: 'FileXError',
			isForeign: true,
			message: expect.stringMatching(/longer than 8 MiB, so it was not read to its end \(HTTP 200\)$/) as string,
		});
		expect(server.sent() - before).toBeLessThan(128 * 2 ** 20);
	});

	it.each(
		REQUESTS.flatMap(([what, request]) =>
			(['silent', 'drip head', 'drip', 'still'] as const).map((how) => [what, how, request] as const),
		),
	)('is broken off by the time it takes: %s, %s', async (_what, how, request) => {
		await expect(ask(request, how, 300)).rejects.toMatchObject({
			name: 'FileXError',
			kind: 'unavailable',
			message: expect.stringContaining('took longer than'),
		});
	});
});
