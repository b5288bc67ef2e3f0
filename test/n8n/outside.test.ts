import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { NodeApiError } from 'n8n-workflow';
import { PATIENCE } from '../../filex/util/patience';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine, type NodeRun, storedBytes } from '../support/engine';
import { type ForeignAnswer, type Interloper, startInterloper } from '../support/interloper';

const JSON_ERROR = { 'Content-Type': 'application/json' };
const unwell = (status: number, headers = {}): ForeignAnswer => ({
	status,
	headers: { ...JSON_ERROR, ...headers },
	body: JSON.stringify({ status, message: 'not now' }),
});

/** fileX behind what answers in its place for a moment, or adds to its answers. */
describe('fileX as it is met outside', () => {
	let sandbox: Sandbox;
	let rest: Interloper;
	let s3: Interloper;
	let engine: Engine;

	beforeEach(async () => {
		sandbox = await startSandbox();
		[rest, s3] = await Promise.all([startInterloper(sandbox.info.rest), startInterloper(sandbox.info.s3)]);
		sandbox.s3Keys.baseUrl = s3.url;
		engine = await Engine.start(credentialFields(sandbox.info, { restUrl: rest.url, s3Url: s3.url }));
	});
	afterEach(async () => {
		PATIENCE.ms = 0;
		await Promise.all([rest.close(), s3.close(), sandbox.close()]);
	});

	const publish = async (name: string, bytes: Buffer) =>
		await sandbox.store.publish(['0001', 'crd', 'reports', name], Readable.from([bytes]));
	const download = async (accessMethod: string, name: string): Promise<NodeRun> =>
		await engine.run({
			type: 'fileXDownload',
			parameters: {
				accessMethod,
				selectBy: 'path',
				filePath: `0001/crd/reports/${name}`,
				binaryPropertyName: 'data',
			} as never,
		});
	const list = async (): Promise<NodeRun> =>
		await engine.run({
			type: 'fileXList',
			parameters: {
				accessMethod: 'rest',
				operation: 'files',
				application: byName('crd'),
				subSpace: byName('reports'),
				returnAll: true,
			} as never,
		});
	const failureOf = ({ error }: NodeRun) => (error as NodeApiError & { failure?: unknown }).failure;

	it.each([
		['rest', 'GET /files/0001/crd/reports$'],
		['rest', 'GET /files/0001/crd/reports/a'],
		['s3', 'GET /S3TransferTokens'],
	])('over %s, one 500 and one 503 at %s cost a moment', async (accessMethod, place) => {
		PATIENCE.ms = 30_000;
		await publish('a.pdf', Buffer.from('a report'));
		const matches = new RegExp(place);
		rest.rules.push({ matches, answer: unwell(500), times: 1 }, { matches, answer: unwell(503), times: 1 });
		const { items, error } = await download(accessMethod, 'a.pdf');
		expect(error).toBeUndefined();
		expect(items[0]!.json.name).toBe('a.pdf');
		expect(rest.struck).toBe(2);
	});

	it('over REST, one 503 of the storage costs a moment', async () => {
		PATIENCE.ms = 30_000;
		await publish('a.pdf', Buffer.from('a report'));
		s3.rules.push({ matches: /GET .*a\.pdf/, answer: unwell(503), times: 1 });
		expect((await download('rest', 'a.pdf')).items[0]!.json.name).toBe('a.pdf');
		expect(s3.struck).toBe(1);
	});

	it.each([
		[429, { 'Retry-After': '7' }, 7_000, 'rate-limited'],
		[503, { 'Retry-After': '120' }, 120_000, 'temporarily-unavailable'],
		[
			429,
			{ 'Retry-After': 'Thu, 26 Nov 2026 10:00:30 GMT', Date: 'Thu, 26 Nov 2026 10:00:00 GMT' },
			30_000,
			'rate-limited',
		],
		[503, { 'Retry-After': 'soon' }, 60_000, 'temporarily-unavailable'],
		[503, { 'Retry-After': '-5' }, 60_000, 'temporarily-unavailable'],
		[429, {}, 60_000, 'rate-limited'],
	])('HTTP %i with %j is handed on to n8n', async (status, headers, retryAfterMs, cause) => {
		rest.rules.push({ matches: /GET \/files/, answer: unwell(status, headers) });
		const run = await list();
		expect(failureOf(run)).toEqual({ cause, retryAfterMs });
		expect(run.error!.message).toMatch(status === 429 ? /too many requests/ : /could not answer/);
	});

	it('a Retry-After that is short is waited for', async () => {
		PATIENCE.ms = 30_000;
		rest.rules.push({ matches: /GET \/files/, answer: unwell(503, { 'Retry-After': '2' }), times: 1 });
		const began = performance.now();
		expect((await list()).error).toBeUndefined();
		expect(performance.now() - began).toBeGreaterThan(2_000);
	});

	it.each(['rest', 's3'])('over %s, a file that is stored compressed comes as it is stored', async (accessMethod) => {
		const stored = gzipSync(randomBytes(300_000));
		await publish('a.csv.gz', stored);
		s3.adds = { 'Content-Encoding': 'gzip' };
		const { items, error } = await download(accessMethod, 'a.csv.gz');
		expect(error).toBeUndefined();
		expect((await storedBytes(items[0]!)).equals(stored)).toBe(true);
	});

	it.each([
		['a.dat', 'application/octet-stream'],
		['a.001', 'application/octet-stream'],
		['a', 'application/octet-stream'],
		['csv', 'application/octet-stream'],
		['a.pdf', 'application/pdf'],
		['a.b.zip', 'application/zip'],
		['a.csv', 'text/csv'],
	])('%s is %s', async (name, mimeType) => {
		await publish(name, Buffer.from('plain words'));
		expect((await download('sftp', name)).items[0]!.binary!.data!.mimeType).toBe(mimeType);
	});
});
