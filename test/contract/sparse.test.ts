import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ListPartsCommand, type S3Client } from '@aws-sdk/client-s3';
import { type AccessMethod, axiosFileXHttp, type FileSpace, openFileSpace } from '../../filex';
import { LoginGuard } from '../../filex/account/login-guard';
import { S3Access } from '../../filex/s3/access';
import { MultipartCalls } from '../../filex/s3/multipart-calls';
import { planParts, sizeOfPart } from '../../filex/s3/part-plan';
import { requestS3Token } from '../../filex/s3/token';
import { S3TokenSource } from '../../filex/s3/token-source';
import { ConnectionSemaphore } from '../../filex/sftp/connection-semaphore';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { sandboxAccount } from '../support/accounts';

const SIZE = 60e9;
const FILE = { orgId: '0001', application: 'crd', subSpace: 'reports', name: 'huge.bin' };

/** Where it would be uploaded to. */
const OBJECT = '0001/focus/in/huge.bin';

/** A file of 60 GB that takes 40 MB of the disk: bytes at both ends, a hole between. */
describe('a file of 60 GB', () => {
	const plan = planParts(SIZE);
	const first = randomBytes(plan.partSize);
	const last = randomBytes(sizeOfPart(plan, SIZE, plan.parts));
	let sandbox: Sandbox;

	beforeAll(async () => {
		sandbox = await startSandbox();
		const file = await open(join(sandbox.info.dataDir, 'content', 'huge'), 'w');
		await file.write(first, 0, first.length, 0);
		await file.write(last, 0, last.length, SIZE - last.length);
		await file.close();
		await sandbox.store.put([FILE.orgId, FILE.application, FILE.subSpace, FILE.name], {
			id: 'huge',
			size: SIZE,
			md5: '0'.repeat(32),
			sha256: '',
		});
	});
	afterAll(async () => await sandbox.close());

	it('is planned as 3,577 parts of 16 MiB, the last one shorter', () => {
		expect(plan).toMatchObject({ partSize: 16 * 2 ** 20, parts: 3577, buffers: 3 });
		expect(last.length).toBe(SIZE - 3576 * 16 * 2 ** 20);
	});

	describe.each<AccessMethod>(['rest', 's3', 'sftp'])('over %s', (method) => {
		let space: FileSpace;

		beforeAll(() => {
			const account = sandboxAccount(sandbox.info);
			const guard = new LoginGuard();
			space = openFileSpace(account, method, {
				http: axiosFileXHttp(account, { guard }),
				guard,
				semaphore: new ConnectionSemaphore(),
			});
		});
		afterAll(async () => await space.close());

		it('is listed with its size', async () => {
			const listed = (await space.list(FILE)).find(({ name }) => name === FILE.name);
			expect(listed?.size).toBe(SIZE);
		});

		it('gives its first part and its last', async () => {
			const opened = await space.read(FILE);
			expect(opened.size).toBe(SIZE);
			expect((await take(opened.stream, first.length)).equals(first)).toBe(true);
			const resumed = await space.read(FILE, { from: SIZE - last.length, version: opened.version! });
			expect(Buffer.concat(await resumed.stream.toArray()).equals(last)).toBe(true);
		});
	});

	it('takes its first part and its last over S3 Direct, and is not there until it is put together', async () => {
		const account = sandboxAccount(sandbox.info);
		const http = axiosFileXHttp(account, { guard: new LoginGuard() });
		const tokens = new S3TokenSource(
			async (what) => await requestS3Token({ baseUrl: account.endpoints.rest, http }, '0001', 'focus', what),
		);
		const access = new S3Access(tokens, { endpoint: account.endpoints.s3, pathStyle: true });
		const { signal } = new AbortController();
		const calls = new MultipartCalls(access, { bucket: 'bucket-filex', key: OBJECT, path: OBJECT }, signal);
		await calls.create();
		await calls.send(1, first, signal);
		await calls.send(plan.parts, last, signal);
		const { Parts } = await access.once('parts', async ({ s3 }) => await listParts(s3, calls));
		expect(Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
			[1, first.length],
			[3577, last.length],
		]);
		expect(sandbox.submissions.arrivals()).toEqual([]);
		expect(await calls.abort()).toBe(true);
		await access.close();
	});
});

async function listParts(s3: S3Client, calls: MultipartCalls) {
	const { uploadId } = calls as unknown as { uploadId: string };
	return await s3.send(new ListPartsCommand({ Bucket: 'bucket-filex', Key: OBJECT, UploadId: uploadId }));
}

async function take(stream: Readable, length: number): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let taken = 0;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		chunks.push(chunk);
		taken += chunk.length;
		if (taken >= length) break;
	}
	return Buffer.concat(chunks).subarray(0, length);
}
