import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import { s3BucketApiTest } from '../../nodes/shared/bucket';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine, type NodeRun } from '../support/engine';
import { type ForeignAnswer, type Interloper, startInterloper } from '../support/interloper';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** The S3 of one sandbox as a bucket of the user's own, another sandbox as fileX. `test/peers` has Ceph RGW for that. */
describe("a bucket of the user's own", () => {
	const own = ['0001', 'crd', 'reports'];
	const incoming = ['0001', 'crd', 'incoming_filings'];
	let sandbox: Sandbox;
	let store: Sandbox;
	let fields: Record<string, unknown>;

	beforeEach(async () => {
		[sandbox, store] = await Promise.all([startSandbox(), startSandbox()]);
		const { credentials, region } = store.s3Keys.issue('demo', [own], [incoming]);
		fields = { bucket: 'bucket-filex', region, endpoint: store.info.s3, pathStyle: true, ...credentials };
	});
	afterEach(async () => {
		await Promise.all([sandbox.close(), store.close()]);
	});

	const engine = async (overrides: object): Promise<Engine> =>
		await Engine.start({ ...credentialFields(sandbox.info), ...fields, ...overrides });
	const download = async (overrides: object = {}, options: object = {}): Promise<NodeRun> =>
		await (
			await engine(overrides)
		).run({
			type: 'fileXDownload',
			parameters: {
				accessMethod: 'rest',
				selectBy: 'path',
				filePath: '0001/crd/reports/a.zip',
				destination: 's3Bucket',
				bucketFolder: `/${incoming.join('/')}/`,
				options,
			} as never,
		});
	const upload = async (bucketKey: string, overrides: object = {}): Promise<NodeRun> =>
		await (
			await engine(overrides)
		).run({
			type: 'fileXUpload',
			parameters: {
				accessMethod: 'rest',
				application: byName('focus'),
				subSpace: byName('in'),
				source: 's3Bucket',
				bucketKey,
				ifAlreadyFiled: 'fail',
			} as never,
		});

	it.each([0, 1_000_003, 70_000_001])(
		'takes a download of %i bytes',
		async (size) => {
			const bytes = randomBytes(size);
			await sandbox.store.publish([...own, 'a.zip'], Readable.from(size === 0 ? [] : [bytes]));
			const { items, error } = await download();
			expect(error?.message).toBeUndefined();
			expect(items[0]!.json).toMatchObject({
				size,
				sha256: sha256(bytes),
				savedTo: `s3://bucket-filex/${incoming.join('/')}/a.zip`,
			});
			expect(store.submissions.arrivals()).toMatchObject([{ name: 'a.zip', size, sha256: sha256(bytes) }]);
		},
		30_000,
	);

	it.each([1, 70_000_001])(
		'gives an upload of %i bytes',
		async (size) => {
			const bytes = randomBytes(size);
			await store.store.publish([...own, 'focus.zip'], Readable.from([bytes]));
			const { items, error } = await upload('0001/crd/reports/focus.zip');
			expect(error?.message).toBeUndefined();
			expect(items[0]!.json).toMatchObject({ outcome: 'accepted', fileName: 'focus.zip', size, sha256: sha256(bytes) });
			expect(sandbox.submissions.arrivals()).toMatchObject([{ sha256: sha256(bytes) }]);
		},
		30_000,
	);

	it('gets nothing of a download that breaks', async () => {
		await sandbox.store.publish([...own, 'a.zip'], Readable.from([randomBytes(2_000_000)]));
		sandbox.faults.add({ where: 's3.get', effect: 'truncated', times: 999 });
		const { error } = await download();
		expect(error?.message).toMatch(/'0001\/crd\/reports\/a.zip'/);
		expect(store.submissions.arrivals()).toEqual([]);
	});

	it.each<[string, object, string, RegExp, RegExp]>([
		[
			'a wrong secret key',
			{ secretAccessKey: 'wr0ngwr0ng' },
			'0001/crd/reports/a.zip',
			/HTTP 403 SignatureDoesNotMatch/,
			/^Check 'Endpoint', 'Region', 'Force Path Style' and the keys/,
		],
		[
			'an unknown access key',
			{ accessKeyId: 'nobody' },
			'0001/crd/reports/a.zip',
			/^The keys of the S3 Bucket credential were not accepted/,
			/^Check 'Access Key ID', 'Secret Access Key'/,
		],
		[
			'a key that may not be read',
			{},
			'0001/focus/out/a.zip',
			/^The keys of the S3 Bucket credential may not do this/,
			/Without s3:ListBucket/,
		],
		[
			'an endpoint where nothing listens',
			{ endpoint: 'http://127.0.0.1:1' },
			'0001/crd/reports/a.zip',
			/nothing listens there/,
			/^Check 'Endpoint' in the S3 Bucket credential/,
		],
		[
			'a bucket that cannot be',
			{ bucket: 's3://reports' },
			'0001/crd/reports/a.zip',
			/^'Bucket' in the S3 Bucket credential has characters that it cannot have/,
			/3 to 63 lower-case letters/,
		],
	])('says what is wrong with %s, and nothing of fileX', async (_name, overrides, key, message, description) => {
		const { error, everything } = await upload(key, overrides);
		expect(error?.message).toMatch(message);
		expect(error?.description).toMatch(description);
		expect(`${error?.message} ${error?.description}`).not.toMatch(/fileX/);
		expect(everything).not.toMatch(/wr0ng/);
		expect(sandbox.submissions.arrivals()).toEqual([]);
	});

	it.each<[string, ForeignAnswer]>([
		[
			'a page with a range',
			{
				status: 206,
				headers: {
					'Content-Type': 'text/html',
					ETag: '"5f3e-60a"',
					'Content-Range': 'bytes 0-4/5',
					'Content-Length': '5',
				},
				body: '<htm>',
			},
		],
		['a page', { status: 200, headers: { 'Content-Type': 'text/html', ETag: '"5f3e-60a"' } }],
	])(
		'gives no filing where %s answers in its place',
		async (_name, answer) => {
			const gateway = await startInterloper(store.info.s3);
			gateway.rules.push({ matches: /^GET/, answer });
			const { error } = await upload('0001/crd/reports/focus.zip', { endpoint: gateway.url });
			await gateway.close();
			expect(error?.message).toMatch(/^Something between this machine and S3 answered/);
			expect(sandbox.submissions.arrivals()).toEqual([]);
		},
		30_000,
	);

	it.each([201, 202, 206])(
		'has not stored what is answered by %i',
		async (status) => {
			await sandbox.store.publish([...own, 'a.zip'], Readable.from([randomBytes(10)]));
			const gateway = await startInterloper(store.info.s3);
			gateway.rules.push({
				matches: /^PUT/,
				answer: { status, headers: { ETag: '"x-1"', 'x-amz-request-id': '1' }, body: '' },
			});
			const { error } = await download({ endpoint: gateway.url });
			await gateway.close();
			expect(error?.message).toMatch(/^It cannot be determined whether .* was stored/);
		},
		30_000,
	);

	it('is not tried again by itself with keys that are not taken', async () => {
		const { error } = await upload('0001/crd/reports/a.zip', { accessKeyId: 'nobody' });
		expect(error?.failure).toEqual({ cause: 'credential-invalid' });
		expect(store.log.count('s3', /^GET/)).toBe(1);
	});

	describe("its credential's test", () => {
		const test = async (overrides: object = {}): Promise<INodeCredentialTestResult> =>
			await s3BucketApiTest.call({} as ICredentialTestFunctions, {
				id: '1',
				name: 'S3',
				type: 's3BucketApi',
				data: { ...fields, ...overrides } as never,
			});

		it('takes keys that may not list the bucket', async () => {
			expect(await test()).toEqual({
				status: 'OK',
				message: 'The bucket answers; these keys are not allowed to list it',
			});
		});

		it.each<[object, RegExp]>([
			[{ accessKeyId: 'nobody' }, /^The keys of the S3 Bucket credential were not accepted/],
			[{ endpoint: 'http://127.0.0.1:1' }, /nothing listens there.*Check 'Endpoint'/],
			[
				{ region: 'the east' },
				/^'Region' in the S3 Bucket credential has characters that it cannot have. Enter it like us-east-1/,
			],
			[{ secretAccessKey: '' }, /^'Secret Access Key' in the S3 Bucket credential is empty/],
		])('refuses %j', async (overrides, message) => {
			expect(await test(overrides)).toEqual({ status: 'Error', message: expect.stringMatching(message) as string });
		});
	});

	describe('at a store', () => {
		let way: Interloper;

		beforeEach(async () => {
			way = await startInterloper(store.info.s3);
			await sandbox.store.publish(['0001', 'crd', 'reports', 'a.zip'], Readable.from([randomBytes(1_000_003)]));
		});
		afterEach(async () => await way.close());

		const puts = () => way.seen.filter(({ line }) => /^(PUT|POST) /.test(line)).map(({ headers }) => headers);

		it.each([1_000_003, 40_000_001])(
			"that refuses the SDK's checksums takes files of %i bytes, each with its Content-MD5",
			async (size) => {
				await sandbox.store.publish(['0001', 'crd', 'reports', 'a.zip'], Readable.from([randomBytes(size)]));
				way.refuses = (headers) =>
					headers['x-amz-trailer'] !== undefined ||
					Object.keys(headers).some((name) => name.startsWith('x-amz-checksum') || name.startsWith('x-amz-sdk'))
						? {
								status: 501,
								headers: { 'Content-Type': 'application/xml' },
								body: '<Error><Code>NotImplemented</Code></Error>',
							}
						: undefined;
				const { items, error } = await download({ endpoint: way.url });
				expect(error).toBeUndefined();
				expect(items[0]!.json.savedTo).toMatch(/^s3:\/\/bucket-filex\//);
				const withBody = puts().filter(({ 'content-length': length }) => Number(length) > 100_000);
				expect(withBody.map((headers) => headers['content-md5'] !== undefined)).toEqual(
					Array(size > 16 * 2 ** 20 ? 3 : 1).fill(true),
				);
			},
		);

		it('that cannot do what is asked of it has stored nothing, and is told so', async () => {
			way.refuses = (_headers, line) =>
				line.startsWith('PUT')
					? {
							status: 501,
							headers: { 'Content-Type': 'application/xml' },
							body: '<Error><Code>NotImplemented</Code></Error>',
						}
					: undefined;
			const { error } = await download({ endpoint: way.url });
			expect(error?.message).toMatch(/^The store cannot do what was asked of it/);
		});

		it('that has another size afterwards is not believed', async () => {
			way.refuses = (_headers, line) =>
				line.startsWith('HEAD')
					? { status: 200, headers: { 'Content-Length': '17', ETag: '"x"', 'x-amz-request-id': '1' }, body: '' }
					: undefined;
			const { error } = await download({ endpoint: way.url });
			expect(error?.message).toMatch(/has 17 bytes in the store, and not 1000003/);
		});

		it('is told how to encrypt and keep the file', async () => {
			way.drops = [
				'x-amz-server-side-encryption',
				'x-amz-server-side-encryption-aws-kms-key-id',
				'x-amz-storage-class',
			];
			await download(
				{ endpoint: way.url },
				{ bucketEncryption: 'aws:kms', kmsKeyId: 'key-1', storageClass: 'GLACIER_IR' },
			);
			expect(puts()[0]).toMatchObject({
				'x-amz-server-side-encryption': 'aws:kms',
				'x-amz-server-side-encryption-aws-kms-key-id': 'key-1',
				'x-amz-storage-class': 'GLACIER_IR',
			});
			const { error } = await download({ endpoint: way.url }, { kmsKeyId: 'key-1' });
			expect(error?.message).toBe("'Bucket KMS Key ID' needs 'Bucket Encryption' to be SSE-KMS");
		});

		it("finds its keys where AWS's SDK does, if n8n allows that", async () => {
			const { accessKeyId, secretAccessKey, sessionToken } = fields as Record<string, string>;
			const found = {
				AWS_ACCESS_KEY_ID: accessKeyId,
				AWS_SECRET_ACCESS_KEY: secretAccessKey,
				AWS_SESSION_TOKEN: sessionToken,
			};
			const overrides = { credentialsFrom: 'system', accessKeyId: '', secretAccessKey: '', sessionToken: '' };
			Object.assign(process.env, found);
			try {
				expect((await download(overrides)).error?.message).toBe(
					"'Credentials From' is 'AWS SDK', which this n8n does not allow",
				);
				process.env.N8N_AWS_SYSTEM_CREDENTIALS_ACCESS_ENABLED = 'true';
				expect((await download(overrides)).items[0]!.json.savedTo).toMatch(/a\.zip$/);
			} finally {
				for (const name of [...Object.keys(found), 'N8N_AWS_SYSTEM_CREDENTIALS_ACCESS_ENABLED'])
					delete process.env[name];
			}
		});
	});
});
