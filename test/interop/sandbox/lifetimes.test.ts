import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3Session } from '../../../sandbox/s3/keys';
import { startSandbox, type Sandbox } from '../../../sandbox/sandbox';
import { AWS_CLI, describeWith } from '../../support/needs';
import { runProgram } from '../../support/program';

const REPORTS = '0001/crd/reports';
const FILINGS = '0001/crd/incoming_filings';

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400];

/** What the guide promises of tokens and URLs, told by moving the sandbox's clock as its users do. */
describe('how long tokens and URLs live', () => {
	let sandbox: Sandbox;

	beforeEach(async () => {
		sandbox = await startSandbox();
	});
	afterEach(async () => await sandbox.close());

	async function advance(seconds: number): Promise<void> {
		const answer = await fetch(`${sandbox.info.control}/clock`, {
			method: 'POST',
			body: JSON.stringify({ advanceSeconds: seconds }),
		});
		expect(answer.status).toBe(200);
	}

	/** Published now by the sandbox's clock: what is older than a month is gone. */
	async function publish(): Promise<void> {
		await sandbox.store.publish([...REPORTS.split('/'), 'report.csv'], Readable.from(['a,b,c']));
	}

	async function fipAnswer(): Promise<{ access_token: string; expires_in: number }> {
		const { username, password } = sandbox.info.accounts[0]!;
		const answer = await fetch(`${sandbox.info.fip}/fip/rest/ews/oauth2/access_token?grant_type=client_credentials`, {
			method: 'POST',
			headers: { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
		});
		return (await answer.json()) as { access_token: string; expires_in: number };
	}

	async function rest(token: string, path: string, method = 'GET'): Promise<Response> {
		return await fetch(`${sandbox.info.rest}/${path}`, { method, headers: { Authorization: `Bearer ${token}` } });
	}

	async function urlFor(method: 'GET' | 'PUT', path: string): Promise<string> {
		const { access_token: token } = await fipAnswer();
		return ((await (await rest(token, `files/${path}`, method)).json()) as { url: string }).url;
	}

	async function s3Token(): Promise<S3Session> {
		const { access_token: token } = await fipAnswer();
		return (await (await rest(token, 'S3TransferTokens/0001/crd')).json()) as S3Session;
	}

	async function withSdk(session: S3Session, work: (client: S3Client) => Promise<void>): Promise<void> {
		// Its end is by the sandbox's clock, and no business of the SDK's.
		const { accessKeyId, secretAccessKey, sessionToken } = session.credentials;
		const credentials = { accessKeyId, secretAccessKey, sessionToken };
		const client = new S3Client({
			endpoint: sandbox.info.s3,
			region: session.region,
			credentials,
			forcePathStyle: true,
			maxAttempts: 1,
		});
		try {
			await work(client);
		} finally {
			client.destroy();
		}
	}

	const listing = () => new ListObjectsV2Command({ Bucket: 'bucket-filex', Prefix: `${REPORTS}/` });

	it('a FIP token: 12 hours', async () => {
		const { access_token: token, expires_in: seconds } = await fipAnswer();
		expect(seconds).toBe(43_200);
		await advance(12 * HOUR - MINUTE);
		expect((await rest(token, 'files/0001')).status).toBe(200);
		await advance(MINUTE);
		expect((await rest(token, 'files/0001')).status).toBe(401);
		const { access_token: fresh } = await fipAnswer();
		expect((await rest(fresh, 'files/0001')).status).toBe(200);
		expect((await rest(token, 'files/0001')).status).toBe(401);
	});

	it('a download URL: 60 seconds, and as often as one likes until then', async () => {
		await publish();
		const url = await urlFor('GET', `${REPORTS}/report.csv`);
		await advance(57);
		expect(await (await fetch(url)).text()).toBe('a,b,c');
		expect((await fetch(url)).status).toBe(200);
		await advance(4);
		const late = await fetch(url);
		expect(late.status).toBe(403);
		expect(await late.text()).toMatch(/<Code>AccessDenied<\/Code><Message>Request has expired<\/Message>/);
	});

	it('an upload URL: 60 seconds; too late is no submission', async () => {
		const url = await urlFor('PUT', `${FILINGS}/late.csv`);
		await advance(61);
		const late = await fetch(url, { method: 'PUT', body: 'late' });
		expect(late.status).toBe(403);
		expect(await late.text()).toContain('<Message>Request has expired</Message>');
		expect(sandbox.submissions.arrivals()).toEqual([]);
		expect(sandbox.submissions.all()).toMatchObject([{ status: 'Request Received', size: null }]);
	});

	it('URLs work at once after the clock was moved by a month', async () => {
		await advance(31 * DAY);
		await publish();
		expect(await (await fetch(await urlFor('GET', `${REPORTS}/report.csv`))).text()).toBe('a,b,c');
		expect((await fetch(await urlFor('PUT', `${FILINGS}/filing.csv`), { method: 'PUT', body: 'filing' })).status).toBe(
			200,
		);
		expect(sandbox.submissions.arrivals()).toMatchObject([{ name: 'filing.csv', size: 6 }]);
	});

	it('an S3 token: an hour, as the AWS SDK sees it', async () => {
		await publish();
		const session = await s3Token();
		expect(new Date(session.credentials.expiration).getTime() - sandbox.clock.now().getTime()).toBeLessThanOrEqual(
			HOUR * 1000,
		);
		await withSdk(session, async (client) => {
			await advance(59 * MINUTE);
			expect(await client.send(listing())).toMatchObject({ KeyCount: 1 });
			await advance(2 * MINUTE);
			await expect(client.send(listing())).rejects.toMatchObject({
				name: 'ExpiredToken',
				$metadata: { httpStatusCode: 400 },
			});
			const put = new PutObjectCommand({ Bucket: 'bucket-filex', Key: `${FILINGS}/late.csv`, Body: 'late' });
			await expect(client.send(put)).rejects.toMatchObject({ name: 'ExpiredToken' });
		});
		expect(sandbox.submissions.arrivals()).toEqual([]);
		await withSdk(await s3Token(), async (client) =>
			expect(await client.send(listing())).toMatchObject({ KeyCount: 1 }),
		);
	});

	it.each([
		['30 minutes', 30 * MINUTE],
		['31 days', 31 * DAY],
		['two hours back', -2 * HOUR],
	])('a fresh S3 token works with the AWS SDK, the clock moved by %s', async (_what, seconds) => {
		await advance(seconds);
		await publish();
		await withSdk(await s3Token(), async (client) => {
			const { Body } = await client.send(
				new GetObjectCommand({ Bucket: 'bucket-filex', Key: `${REPORTS}/report.csv` }),
			);
			expect(await Body!.transformToString()).toBe('a,b,c');
			await client.send(new PutObjectCommand({ Bucket: 'bucket-filex', Key: `${FILINGS}/filing.csv`, Body: 'filing' }));
		});
		expect(sandbox.submissions.arrivals()).toMatchObject([{ name: 'filing.csv', method: 's3' }]);
	});

	describeWith(AWS_CLI, 'by the AWS CLI', () => {
		let folder: string;

		beforeEach(async () => {
			folder = await mkdtemp(join(tmpdir(), 'filex-lifetimes-'));
			await writeFile(join(folder, 'filing.csv'), 'filing');
		});
		afterEach(async () => await rm(folder, { recursive: true, force: true }));

		const aws = async ({ region, credentials }: S3Session, ...args: string[]) =>
			await runProgram('/usr/bin/aws', ['--endpoint-url', sandbox.info.s3, 's3', ...args], {
				cwd: folder,
				env: {
					AWS_ACCESS_KEY_ID: credentials.accessKeyId,
					AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
					AWS_SESSION_TOKEN: credentials.sessionToken,
					AWS_DEFAULT_REGION: region,
					AWS_MAX_ATTEMPTS: '1',
				},
			});

		it('an S3 token: an hour', async () => {
			const session = await s3Token();
			await advance(61 * MINUTE);
			const { code, stderr } = await aws(session, 'ls', `s3://bucket-filex/${REPORTS}/`);
			expect(code).not.toBe(0);
			expect(stderr).toContain('ExpiredToken');
		});

		it.each([
			['30 minutes', 30 * MINUTE],
			['31 days', 31 * DAY],
		])('a fresh S3 token works, the clock moved by %s', async (_what, seconds) => {
			await advance(seconds);
			await publish();
			const session = await s3Token();
			expect(await aws(session, 'cp', `s3://bucket-filex/${REPORTS}/report.csv`, 'report.csv')).toMatchObject({
				code: 0,
				stderr: '',
			});
			expect(await readFile(join(folder, 'report.csv'), 'utf8')).toBe('a,b,c');
			expect(await aws(session, 'cp', 'filing.csv', `s3://bucket-filex/${FILINGS}/filing.csv`)).toMatchObject({
				code: 0,
				stderr: '',
			});
			expect(sandbox.submissions.arrivals()).toMatchObject([{ name: 'filing.csv', method: 's3' }]);
		});
	});
});
