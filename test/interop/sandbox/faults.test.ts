import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
	AbortMultipartUploadCommand,
	CompleteMultipartUploadCommand,
	CreateMultipartUploadCommand,
	GetObjectCommand,
	HeadObjectCommand,
	ListMultipartUploadsCommand,
	ListObjectsV2Command,
	ListPartsCommand,
	S3Client,
	UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { FileEntry } from 'ssh2';
import { type Effect, FAULTS, type Where } from '../../../sandbox/faults';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox';
import { CURL, describeWith, OPENSSH } from '../../support/needs';
import { openSshSftp } from '../../support/openssh-sftp';
import { runProgram } from '../../support/program';
import { ask, connectSsh, startSftp } from './raw-sftp';

const REPORT = ['0001', 'crd', 'reports', 'report.bin'];
const FILING = ['0001', 'crd', 'incoming_filings', 'filing.bin'];
const content = randomBytes(2_000_001);

/** What curl's exit codes mean. */
const CURL_SAYS: Record<number, string> = {
	0: 'ok',
	18: 'partial',
	28: 'timeout',
	52: 'empty reply',
	55: 'send failed',
	56: 'reset',
};

let sandbox: Sandbox;
let folder: string;
const covered = new Set<string>();

beforeAll(async () => {
	sandbox = await startSandbox();
	folder = await mkdtemp(join(tmpdir(), 'filex-faults-'));
	await writeFile(join(folder, 'filing.bin'), content);
	await sandbox.store.publish(REPORT, Readable.from([content]));
});
afterEach(() => sandbox.faults.clear());
afterAll(async () => {
	await rm(folder, { recursive: true, force: true });
	await sandbox.close();
});

function strike(where: Where, effect: Effect, more: object = {}): void {
	covered.add(`${where} ${effect}`);
	sandbox.faults.add({ where, effect, times: 1, ...more });
}

const arrived = () => sandbox.submissions.arrivals().length;

describeWith(CURL, 'faults over HTTP, as curl sees them', () => {
	/** Runs curl; gives how it ended, the status, the seconds and the body's size. */
	async function curl(...args: string[]) {
		const { code, stdout } = await runProgram('curl', [
			'-s',
			'-o',
			join(folder, 'got'),
			'-w',
			'%{http_code} %{time_total} %{size_download}',
			...args,
		]);
		const [status, seconds, size] = stdout.split(' ').map(Number);
		return { end: CURL_SAYS[code] ?? code, status, seconds: seconds!, size };
	}
	const got = async () => await readFile(join(folder, 'got'), 'utf8').catch(() => '');
	const token = () => sandbox.tokens.issue(sandbox.accounts.find('demo')!).token;
	const headers = () => ['-H', `Authorization: Bearer ${token()}`];
	const fipUrl = () => `${sandbox.info.fip}/fip/rest/ews/oauth2/access_token?grant_type=client_credentials`;
	const presigned = (method: 'GET' | 'PUT') =>
		method === 'GET'
			? sandbox.s3Keys.presign('GET', REPORT, 'demo')
			: sandbox.s3Keys.presign('PUT', FILING, 'demo', sandbox.submissions.request('demo', FILING));

	/** A request to each route. */
	const requests: Partial<Record<Where, () => Promise<Awaited<ReturnType<typeof curl>>>>> = {
		'fip.token': async () =>
			await curl('-X', 'POST', '-u', `demo:${sandbox.accounts.find('demo')!.password}`, fipUrl()),
		'rest.list': async () => await curl(...headers(), `${sandbox.info.rest}/files/0001/crd/reports`),
		'rest.download': async () => await curl(...headers(), `${sandbox.info.rest}/files/${REPORT.join('/')}`),
		'rest.upload': async () => await curl(...headers(), '-X', 'PUT', `${sandbox.info.rest}/files/${FILING.join('/')}`),
		'rest.tracking': async () => await curl(...headers(), `${sandbox.info.rest}/tracking`),
		'rest.s3-token': async () => await curl(...headers(), `${sandbox.info.rest}/S3TransferTokens/0001/crd`),
		'rest.health': async () => await curl(`${sandbox.info.rest}/health`),
		's3.get': async () => await curl('--max-time', '3', presigned('GET')),
		's3.put': async () => await curl('-T', join(folder, 'filing.bin'), presigned('PUT')),
	};

	describe.each(Object.entries(requests))('%s', (name, request) => {
		const where = name as Where;
		const effects: readonly Effect[] = FAULTS[where];

		it('is slow, fails, is unavailable, drops the connection, loses its answer; and then works', async () => {
			strike(where, 'delay', { seconds: 0.4 });
			const slow = await request();
			expect(slow).toMatchObject({ end: 'ok', status: 200 });
			expect(slow.seconds).toBeGreaterThanOrEqual(0.4);
			strike(where, 'fail');
			expect(await request()).toMatchObject({ end: 'ok', status: 500 });
			strike(where, 'unavailable');
			expect(await request()).toMatchObject({ end: 'ok', status: 503 });
			if (where.startsWith('s3')) expect(await got()).toContain('<Code>SlowDown</Code>');
			const before = arrived();
			strike(where, 'drop');
			expect((await request()).end).toMatch(/empty reply|reset|send failed/);
			expect(arrived()).toBe(before);
			strike(where, 'lose');
			expect((await request()).end).toMatch(/empty reply|reset/);
			if (where === 's3.put') expect(arrived()).toBe(before + 1);
			expect(await request()).toMatchObject({ end: 'ok', status: 200 });
		});

		it.each([200, 403, 404])(
			'is answered by a page in its place (%i), and nothing is done; and then works',
			async (status) => {
				const before = arrived();
				strike(where, 'page', { status });
				expect(await request()).toMatchObject({ end: 'ok', status });
				expect(await got()).toMatch(/<html/i);
				expect(arrived()).toBe(before);
				expect(await request()).toMatchObject({ end: 'ok', status: 200 });
			},
		);

		if (effects.includes('revoked')) {
			it('finds the token revoked, in mid-run', async () => {
				strike(where, 'revoked', { after: 1 });
				expect(await request()).toMatchObject({ status: 200 });
				expect(await request()).toMatchObject({ status: 401 });
				expect(await request()).toMatchObject({ status: 200 });
			});
		}
	});

	it('a token that was revoked stays revoked', async () => {
		const one = ['-H', `Authorization: Bearer ${token()}`, `${sandbox.info.rest}/files/0001`];
		strike('rest.list', 'revoked');
		expect(await curl(...one)).toMatchObject({ status: 401 });
		expect(await curl(...one)).toMatchObject({ status: 401 });
	});

	it('a listing is empty, or cut', async () => {
		strike('rest.list', 'empty');
		await requests['rest.list']!();
		expect(JSON.parse(await got())).toMatchObject({ name: 'reports', children: [] });
		strike('rest.list', 'cut');
		expect(await requests['rest.list']!()).toMatchObject({ end: 'partial', status: 200 });
	});

	it.each([
		['cut', { end: 'partial', status: 200, size: 1_000_000 }],
		['stall', { end: 'timeout', status: 200, size: 1_000_000 }],
		['truncated', { end: 'ok', status: 200, size: 1_000_000 }],
		['wrong-length', { end: 'partial', status: 200, size: 2_000_001 }],
		['expired', { end: 'ok', status: 403 }],
	] as const)('a download: %s', async (effect, outcome) => {
		strike('s3.get', effect);
		expect(await requests['s3.get']!()).toMatchObject(outcome);
		if (effect === 'expired') expect(await got()).toContain('Request has expired');
	});

	it.each([
		['cut', /reset|send failed|empty reply/],
		['disk-full', /ok/],
		['expired', /ok/],
	] as const)('an upload: %s, and it is no submission', async (effect, end) => {
		const before = arrived();
		strike('s3.put', effect);
		const outcome = await requests['s3.put']!();
		expect(outcome.end).toMatch(end);
		expect(outcome.status).not.toBe(200);
		expect(arrived()).toBe(before);
	});
});

describeWith(OPENSSH, 'faults over SFTP, as OpenSSH sees them', () => {
	const run = async (...commands: string[]) => await openSshSftp(sandbox.info, folder, commands, 20_000);
	const get = `get /${REPORT.join('/')} got`;
	const put = `put filing.bin /${FILING.join('/')}`;
	// sftp talks to ssh through a pipe. It may meet the end there while it waits, while it sends, or be ended by
	// it without a word; but no answer of the server's has come.
	const connectionGone = /^(?!.*(Failure|No such file|Permission denied))(.*(Connection|closed|Broken pipe).*|)$/is;

	it.each([
		['sftp.list', 'fail', 'ls /0001/crd/reports', /Failure/],
		['sftp.list', 'cut', 'ls /0001/crd/reports', connectionGone],
		['sftp.read', 'fail', get, /Failure/],
		['sftp.read', 'cut', get, connectionGone],
		['sftp.write', 'fail', put, /Failure/],
		['sftp.write', 'cut', put, connectionGone],
		['sftp.write', 'disk-full', put, /Failure|No space/],
		['sftp.login', 'drop', 'ls /', connectionGone],
	] as const)('%s: %s', async (where, effect, command, says) => {
		const before = arrived();
		strike(where, effect);
		const failed = await run(command);
		expect(failed.code).not.toBe(0);
		expect(failed.stderr).toMatch(says);
		expect(arrived()).toBe(before);
		expect(await run(command)).toMatchObject({ code: 0 });
	});

	it('is told why it is turned away: too many connections', async () => {
		strike('sftp.login', 'too-many');
		const { code, stderr } = await openSshSftp(sandbox.info, folder, ['ls /'], 20_000, { verbose: true });
		expect(code).toBe(255);
		expect(stderr).toMatch(/^Received disconnect from 127\.0\.0\.1 port \d+:12: Too many connections\r?$/m);
		expect(sandbox.accounts.record('demo')).toEqual({ refusals: 0, locked: false });
		expect(await run('ls /')).toMatchObject({ code: 0 });
	});

	it.each([
		// OpenSSH asks for less and less the less it is given, down to 512 bytes at a time.
		['short', 200_001],
		['reorder', 2_000_001],
	] as const)('reads answered %s come out right', async (effect, size) => {
		const place = [...REPORT.slice(0, 3), `${effect}.bin`];
		await sandbox.store.publish(place, Readable.from([content.subarray(0, size)]));
		strike('sftp.read', effect);
		expect(await run(`get /${place.join('/')} got`)).toMatchObject({ code: 0 });
		expect((await readFile(join(folder, 'got'))).equals(content.subarray(0, size))).toBe(true);
		await sandbox.store.remove(place);
	});

	it('a listing is momentarily empty', async () => {
		strike('sftp.list', 'empty');
		expect((await run('ls /0001/crd/reports')).stdout).not.toContain('report.bin');
		expect((await run('ls /0001/crd/reports')).stdout).toContain('report.bin');
	});

	it('an upload is filed, though its answer is lost', async () => {
		const before = arrived();
		strike('sftp.write', 'lose');
		expect((await run(put)).code).not.toBe(0);
		expect(arrived()).toBe(before + 1);
	});

	it.each([
		['sftp.list', 'ls /0001/crd/reports'],
		['sftp.read', get],
		['sftp.write', put],
		['sftp.login', 'ls /'],
	] as const)('%s is slow', async (where, command) => {
		strike(where, 'delay', { seconds: 0.5 });
		const start = Date.now();
		expect(await run(command)).toMatchObject({ code: 0 });
		expect(Date.now() - start).toBeGreaterThanOrEqual(500);
	});

	it.each([
		['sftp.read', get],
		['sftp.write', put],
	] as const)('%s stalls', async (where, command) => {
		const before = arrived();
		strike(where, 'stall');
		expect((await openSshSftp(sandbox.info, folder, [command], 3_000)).code).toBe(-1);
		expect(arrived()).toBe(before);
	});
});

/** How many files the long listing has. */
const MANY = 250;

describe('a listing over SFTP', () => {
	it('is cut in the middle: half of its entries came before', async () => {
		const place = ['0001', 'crd', 'results'];
		for (let number = 0; number < MANY; number++)
			await sandbox.store.publish([...place, `result-${number}.csv`], Readable.from(['']));
		strike('sftp.list', 'cut', { path: place.join('/') });
		const client = await connectSsh(sandbox.info);
		const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
		const sftp = await startSftp(client);
		const handle = await ask<Buffer>((done) => sftp.opendir(`/${place.join('/')}`, done));
		const names = new Set<string>();
		const next = async () => await ask<FileEntry[]>((done) => sftp.readdir(handle as never, done as never));
		await expect(
			(async () => {
				for (;;) for (const { filename } of await next()) names.add(filename);
			})(),
		).rejects.toThrow('No response from server');
		await closed;
		expect(names.size).toBe(MANY / 2);

		const again = await connectSsh(sandbox.info);
		const whole = await startSftp(again);
		expect(await ask<FileEntry[]>((done) => whole.readdir(`/${place.join('/')}`, done))).toHaveLength(MANY);
		again.end();
	});
});

describe('faults of S3, as the AWS SDK sees them', () => {
	const Bucket = 'bucket-filex';
	const Key = FILING.join('/');
	const part = randomBytes(5 << 20);
	let client: S3Client;

	beforeAll(() => {
		const { credentials } = sandbox.s3Keys.issue(
			'demo',
			[['0001', 'crd', 'reports']],
			[['0001', 'crd', 'incoming_filings']],
		);
		client = new S3Client({
			endpoint: sandbox.info.s3,
			region: 'us-east-1',
			credentials,
			forcePathStyle: true,
			maxAttempts: 1,
		});
	});
	afterAll(() => client.destroy());

	const begin = async () => await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
	const create = async () => (await begin()).UploadId!;
	const putPart = async (UploadId: string, PartNumber = 1) =>
		await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body: part }));
	const partsOf = async (UploadId: string) =>
		(await client.send(new ListPartsCommand({ Bucket, Key, UploadId }))).Parts ?? [];
	const complete = async (UploadId: string) => {
		const Parts = (await partsOf(UploadId)).map(({ PartNumber, ETag }) => ({ PartNumber, ETag }));
		return async () =>
			await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
	};
	const uploads = async () =>
		(await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: `${FILING.slice(0, 3).join('/')}/` })))
			.Uploads ?? [];
	const readyToComplete = async () => {
		const id = await create();
		await putPart(id, 1);
		await putPart(id, 2);
		return { id, send: await complete(id) };
	};

	type Send = () => Promise<unknown>;
	/** A request to each route, prepared before the fault is switched on. */
	const requests: Array<[where: Where, prepare: () => Promise<Send>]> = [
		[
			's3.get',
			async () => async () => {
				const answer = await client.send(new GetObjectCommand({ Bucket, Key: REPORT.join('/') }));
				expect(Buffer.from(await answer.Body!.transformToByteArray()).equals(content)).toBe(true);
				return answer;
			},
		],
		['s3.head', async () => async () => await client.send(new HeadObjectCommand({ Bucket, Key: REPORT.join('/') }))],
		[
			's3.list',
			async () => async () => await client.send(new ListObjectsV2Command({ Bucket, Prefix: '0001/crd/reports/' })),
		],
		['s3.multipart', async () => begin],
		[
			's3.part',
			async () => {
				const id = await create();
				return async () => await putPart(id);
			},
		],
		['s3.complete', async () => (await readyToComplete()).send],
	];
	const refusals = {
		fail: { status: 500, name: 'InternalError' },
		unavailable: { status: 503, name: 'SlowDown' },
		expired: { status: 400, name: 'ExpiredToken' },
	} as const;

	/** What goes wrong where a connection ends without an answer. */
	const noAnswer = async (sent: Promise<unknown>) => {
		const error = await sent.then(
			() => undefined,
			(reason: unknown) => reason as Error & { code?: string; $metadata?: { httpStatusCode?: number } },
		);
		expect(error).toBeInstanceOf(Error);
		expect(error!.$metadata?.httpStatusCode).toBeUndefined();
		expect(`${error!.code} ${error!.message}`).toMatch(/ECONNRESET|EPIPE|socket hang up/);
	};

	describe.each(requests)('%s', (where, prepare) => {
		it.each(Object.entries(refusals) as Array<[keyof typeof refusals, { status: number; name: string }]>)(
			'%s: is refused, and then works',
			async (effect, { status, name }) => {
				const send = await prepare();
				const before = arrived();
				strike(where, effect);
				const refused = await send().catch((error: unknown) => error);
				expect(refused).toMatchObject({ $metadata: { httpStatusCode: status } });
				// An answer to HEAD has no body to say more in.
				if (where !== 's3.head') expect(refused).toMatchObject({ name });
				expect(arrived()).toBe(before);
				expect(await send()).toMatchObject({ $metadata: { httpStatusCode: 200 } });
				expect(arrived()).toBe(where === 's3.complete' ? before + 1 : before);
			},
		);

		it('is slow', async () => {
			const send = await prepare();
			strike(where, 'delay', { seconds: 0.4 });
			const start = Date.now();
			expect(await send()).toMatchObject({ $metadata: { httpStatusCode: 200 } });
			expect(Date.now() - start).toBeGreaterThanOrEqual(400);
		});

		it('is answered by a page in its place, and nothing is done; and then works', async () => {
			const send = await prepare();
			const before = { arrived: arrived(), uploads: (await uploads()).length };
			strike(where, 'page', { status: 404 });
			expect(await send().catch((error: unknown) => error)).toMatchObject({ $metadata: { httpStatusCode: 404 } });
			expect({ arrived: arrived(), uploads: (await uploads()).length }).toEqual(before);
			expect(await send()).toMatchObject({ $metadata: { httpStatusCode: 200 } });
		});

		it('drops the connection before anything is done, and then works', async () => {
			const send = await prepare();
			const before = { arrived: arrived(), uploads: (await uploads()).length };
			strike(where, 'drop');
			await noAnswer(send());
			expect({ arrived: arrived(), uploads: (await uploads()).length }).toEqual(before);
			expect(await send()).toMatchObject({ $metadata: { httpStatusCode: 200 } });
		});
	});

	it.each(['s3.get', 's3.head', 's3.list'] as const)('%s loses its answer', async (where) => {
		const send = await requests.find(([each]) => each === where)![1]();
		strike(where, 'lose');
		await noAnswer(send());
		expect(await send()).toMatchObject({ $metadata: { httpStatusCode: 200 } });
	});

	it('an upload is begun, though its answer is lost', async () => {
		const before = (await uploads()).length;
		strike('s3.multipart', 'lose');
		await noAnswer(begin());
		expect(await uploads()).toHaveLength(before + 1);
	});

	it('an upload is aborted, though its answer is lost', async () => {
		const id = await create();
		strike('s3.multipart', 'lose');
		const abort = async () => await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: id }));
		await noAnswer(abort());
		await expect(abort()).rejects.toMatchObject({ name: 'NoSuchUpload' });
	});

	it('a part is kept, though its answer is lost; sent again, it is there once', async () => {
		const id = await create();
		strike('s3.part', 'lose');
		await noAnswer(putPart(id));
		expect(await partsOf(id)).toMatchObject([{ PartNumber: 1, Size: part.length }]);
		const { ETag } = await putPart(id);
		expect(await partsOf(id)).toMatchObject([{ PartNumber: 1, ETag, Size: part.length }]);
	});

	it.each(['cut', 'disk-full'] as const)('a part: %s, and nothing of it is kept', async (effect) => {
		const id = await create();
		const stored = sandbox.database.prepare('SELECT count(*) AS count FROM parts').get();
		strike('s3.part', effect);
		if (effect === 'cut') await noAnswer(putPart(id));
		else await expect(putPart(id)).rejects.toMatchObject({ name: 'InternalError', $metadata: { httpStatusCode: 500 } });
		expect(await partsOf(id)).toEqual([]);
		expect(sandbox.database.prepare('SELECT count(*) AS count FROM parts').get()).toEqual(stored);
		expect(await putPart(id)).toMatchObject({ ETag: expect.any(String) });
	});

	it('a listing is empty', async () => {
		const list = async () => await client.send(new ListObjectsV2Command({ Bucket, Prefix: '0001/crd/reports/' }));
		strike('s3.list', 'empty');
		expect(await list()).toMatchObject({ KeyCount: 0, IsTruncated: false });
		expect((await list()).Contents).toMatchObject([{ Key: REPORT.join('/'), Size: content.length }]);
	});

	it('a file in parts is filed, though the answer is lost; to complete it again does not file it twice', async () => {
		const { id, send } = await readyToComplete();
		const before = arrived();
		strike('s3.complete', 'lose');
		await noAnswer(send());
		expect(arrived()).toBe(before + 1);
		await expect(send()).rejects.toMatchObject({ name: 'NoSuchUpload', $metadata: { httpStatusCode: 404 } });
		expect(arrived()).toBe(before + 1);
		expect(sandbox.submissions.arrivals().at(-1)).toMatchObject({
			method: 's3',
			size: 2 * part.length,
			sha256: createHash('sha256').update(part).update(part).digest('hex'),
		});
		expect(await uploads()).not.toContainEqual(expect.objectContaining({ UploadId: id }));
	});
});

it('every fault was seen to strike', () => {
	const all = (Object.keys(FAULTS) as Where[]).flatMap((where) => FAULTS[where].map((effect) => `${where} ${effect}`));
	expect(all.filter((each) => !covered.has(each))).toEqual([]);
});
