import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import type { RgwInfo } from '../../scripts/peers/rgw';
import { credentialFields } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine, type NodeRun } from '../support/engine';
import { RGW } from './rgw-target';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

const itWithRgw = RGW.missing !== undefined && process.env.CI !== 'true' ? it.skip : it;

/** Ceph RGW as the user's own bucket, the sandbox as fileX. */
describe("a bucket of the user's own", () => {
	let rgw: RgwInfo;
	let s3: S3Client;
	let sandbox: Sandbox;
	let engine: Engine;

	beforeAll(async () => {
		rgw = JSON.parse(process.env.FILEX_RGW ?? '{}') as RgwInfo;
		sandbox = await startSandbox();
		s3 = new S3Client({
			endpoint: rgw.endpoint,
			region: 'us-east-1',
			credentials: rgw.owner ?? { accessKeyId: '-', secretAccessKey: '-' },
			forcePathStyle: true,
		});
		engine = await start();
	});
	afterAll(async () => {
		s3.destroy();
		await sandbox.close();
	});

	const start = async (overrides: object = {}): Promise<Engine> =>
		await Engine.start({
			...credentialFields(sandbox.info),
			bucket: rgw.bucket,
			region: rgw.region,
			endpoint: rgw.endpoint,
			pathStyle: true,
			...rgw.owner,
			...overrides,
		});
	const download = (accessMethod: string) => ({
		type: 'fileXDownload',
		parameters: {
			accessMethod,
			selectBy: 'path',
			filePath: '0001/crd/reports/big.bin',
			destination: 's3Bucket',
			bucketFolder: '/finra/reports/',
		} as never,
	});
	const upload = async (accessMethod: string, bucketKey: string, on = engine): Promise<NodeRun> =>
		await on.run({
			type: 'fileXUpload',
			parameters: {
				accessMethod,
				application: byName('focus'),
				subSpace: byName('in'),
				source: 's3Bucket',
				bucketKey,
				ifAlreadyFiled: 'allow',
			} as never,
		});
	const put = async (path: string, Body: Buffer | string) =>
		await s3.send(new PutObjectCommand({ Bucket: rgw.bucket, Key: path, Body }));
	const stored = async (Key: string): Promise<Buffer> => {
		const { Body } = await s3.send(new GetObjectCommand({ Bucket: rgw.bucket, Key }));
		return Buffer.concat(await (Body as Readable).toArray());
	};

	itWithRgw.each(['rest', 's3', 'sftp'])(
		'takes a download over %s, in parts where it is large',
		async (accessMethod) => {
			for (const size of [0, 1_000_003, 70_000_001]) {
				const bytes = randomBytes(size);
				await sandbox.store.publish(['0001', 'crd', 'reports', 'big.bin'], Readable.from(size === 0 ? [] : [bytes]));
				const { items, error } = await engine.run(download(accessMethod));
				expect(error?.message).toBeUndefined();
				expect(items[0]!.json).toMatchObject({
					size,
					sha256: sha256(bytes),
					savedTo: `s3://${rgw.bucket}/finra/reports/big.bin`,
				});
				expect(sha256(await stored('finra/reports/big.bin'))).toBe(sha256(bytes));
			}
		},
		120_000,
	);

	itWithRgw.each(['rest', 's3', 'sftp'])(
		'gives an upload over %s',
		async (accessMethod) => {
			for (const size of [1, 70_000_001]) {
				const bytes = randomBytes(size);
				await put('outgoing/focus.zip', bytes);
				const { items, error } = await upload(accessMethod, 'outgoing/focus.zip');
				expect(error?.message).toBeUndefined();
				expect(items[0]!.json).toMatchObject({
					outcome: 'accepted',
					fileName: 'focus.zip',
					size,
					sha256: sha256(bytes),
				});
				expect(sandbox.submissions.arrivals().some((arrival) => arrival.sha256 === sha256(bytes))).toBe(true);
			}
		},
		120_000,
	);

	itWithRgw(
		'keeps what it had when a download breaks',
		async () => {
			await put('finra/reports/big.bin', 'older');
			await sandbox.store.publish(['0001', 'crd', 'reports', 'big.bin'], Readable.from([randomBytes(2_000_000)]));
			sandbox.faults.add({ where: 'sftp.read', effect: 'cut', times: 999 });
			const { error } = await engine.run(download('sftp'));
			sandbox.faults.clear();
			expect(error?.message).toMatch(/'0001\/crd\/reports\/big.bin'|SFTP/);
			expect((await stored('finra/reports/big.bin')).toString()).toBe('older');
		},
		60_000,
	);

	itWithRgw.each([
		['a key that is not there', {}, 'outgoing/nosuch.zip', /^There is no 's3:\/\/filex-peer\/outgoing\/nosuch.zip'/],
		['a key of a folder', {}, 'outgoing/', /^'Object Key' names no file/],
		[
			'a wrong secret key',
			{ secretAccessKey: 'wr0ngwr0ng' },
			'outgoing/focus.zip',
			/^The keys of the S3 Bucket credential may not do this/,
		],
		[
			'an unknown access key',
			{ accessKeyId: 'nobody' },
			'outgoing/focus.zip',
			/^The keys of the S3 Bucket credential may not do this/,
		],
		['a bucket that is not there', { bucket: 'no-such-bucket' }, 'outgoing/focus.zip', /^There is no/],
		[
			'an endpoint where nothing listens',
			{ endpoint: 'http://127.0.0.1:1' },
			'outgoing/focus.zip',
			/nothing listens there/,
		],
	])(
		'says what is wrong with %s',
		async (_name, overrides, key, message) => {
			const before = sandbox.submissions.arrivals().length;
			const { error, everything } = await upload('rest', key, await start(overrides));
			expect(error?.message).toMatch(message);
			expect(everything).not.toMatch(new RegExp(`wr0ng|${rgw.owner.secretAccessKey}`));
			expect(sandbox.submissions.arrivals()).toHaveLength(before);
		},
		30_000,
	);
});
