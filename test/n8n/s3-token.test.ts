import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { FileXS3Token } from '../../nodes/FileXS3Token/FileXS3Token.node.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields, loginOf } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine, type NodeUnderTest } from '../support/engine';

interface Token {
	region: string;
	bucket: string;
	readPrefixes: string[];
	credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string; expiration: string };
}

describe('fileX S3 Token', () => {
	let sandbox: Sandbox;
	let engine: Engine;

	beforeAll(async () => {
		sandbox = await startSandbox();
		engine = await Engine.start(credentialFields(sandbox.info));
	});
	afterEach(() => sandbox.faults.clear());
	afterAll(async () => await sandbox.close());

	const node = (application: string, options: object = {}, onError?: NodeUnderTest['onError']): NodeUnderTest => ({
		type: 'fileXS3Token',
		parameters: { application: byName(application), options } as never,
		onError,
	});

	it("gives fileX's token, its time left, its bucket and its prefixes", async () => {
		const { items, error } = await engine.run(node('focus'));
		expect(error).toBeUndefined();
		expect(items).toMatchObject([
			{
				json: {
					orgId: '0001',
					application: 'focus',
					region: 'us-east-1',
					sessionName: expect.stringMatching(/^demo@/),
					readPaths: ['bucket-filex/0001/focus/out/', 'bucket-filex/0001/focus/in_arcv/'],
					writePaths: ['bucket-filex/0001/focus/in/'],
					credentials: {
						accessKeyId: expect.stringMatching(/^ASIA/),
						secretAccessKey: expect.any(String),
						sessionToken: expect.any(String),
						expiration: expect.stringMatching(/^\d{4}-.*Z$/),
					},
					bucket: 'bucket-filex',
					readPrefixes: ['0001/focus/out/', '0001/focus/in_arcv/'],
					writePrefixes: ['0001/focus/in/'],
				},
				pairedItem: { item: 0 },
			},
		]);
		const { secondsToExpiry } = items[0]!.json as { secondsToExpiry: number };
		expect(secondsToExpiry).toBeGreaterThan(3590);
		expect(secondsToExpiry).toBeLessThanOrEqual(3600);
	});

	it('gives one that another S3 client can use', async () => {
		await sandbox.store.publish(['0001', 'focus', 'out', 'a.csv'], Readable.from([Buffer.from('1,2')]));
		const { region, bucket, readPrefixes, credentials } = (await engine.run(node('focus'))).items[0]!
			.json as unknown as Token;
		const { accessKeyId, secretAccessKey, sessionToken } = credentials;
		const s3 = new S3Client({
			region,
			endpoint: sandbox.info.s3,
			forcePathStyle: true,
			credentials: { accessKeyId, secretAccessKey, sessionToken },
		});
		const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: readPrefixes[0] }));
		const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: Contents![0]!.Key }));
		expect(await Body!.transformToString()).toBe('1,2');
		s3.destroy();
	});

	it('gives one for each item, also for another organization', async () => {
		const { items } = await engine.run(
			{
				...node('focus'),
				parameters: { application: byName('={{ $json.application }}'), options: { orgId: '888888' } } as never,
			},
			[{ application: 'crd' }, { application: 'focus' }],
		);
		expect(items.map(({ json }) => [json.orgId, json.application, json.bucket])).toEqual([
			['888888', 'crd', 'bucket-filex'],
			['888888', 'focus', 'bucket-filex'],
		]);
	});

	it('says what there is where there is no such application', async () => {
		const { error } = await engine.run(node('nosuch'));
		expect(error?.message).toBe("There is no application 'nosuch' in organization '0001' for this account [item 0]");
		expect(error?.description).toMatch(/This account sees: .*focus/);
	});

	it('refuses what the account is not entitled to', async () => {
		const limited = await Engine.start(credentialFields(sandbox.info, loginOf(sandbox.info, 'crdonly')));
		expect((await limited.run(node('focus'))).error?.message).toMatch(/^This account is not entitled to '0001\/focus'/);
	});

	it('continues with the other items where it is told to', async () => {
		sandbox.faults.add({ where: 'rest.s3-token', effect: 'fail', times: 1 });
		const { items } = await engine.run(node('focus', {}, 'continueRegularOutput'), [{}, {}]);
		expect(items).toMatchObject([
			{ json: { error: expect.stringMatching(/HTTP 500/) } },
			{ json: { bucket: 'bucket-filex' } },
		]);
	});

	it('declares its secrets, and is no tool of an AI agent', () => {
		const { sensitiveOutputFields, usableAsTool, properties } = new FileXS3Token().description;
		expect(sensitiveOutputFields).toEqual([
			'credentials.accessKeyId',
			'credentials.secretAccessKey',
			'credentials.sessionToken',
		]);
		expect(usableAsTool).toBeUndefined();
		expect(properties.find(({ type }) => type === 'notice')?.displayName).toMatch(/live secret/);
	});
});
