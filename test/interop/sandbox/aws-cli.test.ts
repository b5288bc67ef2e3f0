import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { S3Session } from '../../../sandbox/s3/keys';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox';
import { AWS_CLI, describeWith } from '../../support/needs';
import { runProgram } from '../../support/program';

const IN = 's3://bucket-filex/0001/app1/in';
const OUT = 's3://bucket-filex/0001/app1/out';

describeWith(AWS_CLI, "the AWS CLI with the sandbox's S3 token", () => {
	let sandbox: Sandbox;
	let folder: string;
	let session: S3Session;

	async function tokenFor(username: string, application: string): Promise<S3Session> {
		const { token } = sandbox.tokens.issue(sandbox.accounts.find(username)!);
		const answer = await fetch(`${sandbox.info.rest}/S3TransferTokens/0001/${application}`, {
			headers: { Authorization: `Bearer ${token}` },
		});
		return (await answer.json()) as S3Session;
	}

	const aws = async (...args: string[]) =>
		await runProgram('/usr/bin/aws', ['--endpoint-url', sandbox.info.s3, ...args], {
			cwd: folder,
			env: {
				AWS_ACCESS_KEY_ID: session.credentials.accessKeyId,
				AWS_SECRET_ACCESS_KEY: session.credentials.secretAccessKey,
				AWS_SESSION_TOKEN: session.credentials.sessionToken,
				AWS_DEFAULT_REGION: session.region,
				AWS_MAX_ATTEMPTS: '2',
			},
		});

	beforeAll(async () => {
		sandbox = await startSandbox();
		folder = await mkdtemp(join(tmpdir(), 'filex-aws-'));
		session = await tokenFor('1234ftp12', 'app1');
	});
	afterEach(() => {
		sandbox.faults.clear();
		sandbox.settings.change({ s3TokenSeconds: 3600 });
	});
	afterAll(async () => {
		await rm(folder, { recursive: true, force: true });
		await sandbox.close();
	});

	// The CLI sends files over 8 MiB in parts.
	it.each([0, 1, 5_000_000, 30_000_000])(
		'uploads %i bytes, which arrive once, and downloads them from the archive',
		async (size) => {
			const content = randomBytes(size);
			await writeFile(join(folder, 'test.txt'), content);
			const before = sandbox.submissions.arrivals().length;
			expect(await aws('s3', 'cp', 'test.txt', `${IN}/test.txt`)).toMatchObject({ code: 0, stderr: '' });
			const arrived = sandbox.submissions.arrivals().slice(before);
			expect(arrived).toEqual([
				expect.objectContaining({
					method: 's3',
					username: '1234ftp12',
					name: 'test.txt',
					size,
					sha256: sha256(content),
					trackingId: null,
				}),
			]);
			expect(
				await aws('s3', 'cp', `s3://bucket-filex/0001/app1/in_arcv/${arrived[0]!.archiveName}`, 'back.txt'),
			).toMatchObject({ code: 0 });
			expect(sha256(await readFile(join(folder, 'back.txt')))).toBe(sha256(content));
			expect(sandbox.database.prepare('SELECT 1 FROM parts').all()).toEqual([]);
		},
	);

	it('downloads, lists and looks at what FINRA delivered', async () => {
		const content = randomBytes(20_000_000);
		await sandbox.store.publish(['0001', 'app1', 'out', 'a report.pdf'], Readable.from([content]));
		expect(await aws('s3', 'cp', `${OUT}/a report.pdf`, 'report.pdf')).toMatchObject({ code: 0 });
		expect(sha256(await readFile(join(folder, 'report.pdf')))).toBe(sha256(content));
		const { stdout } = await aws('s3', 'ls', `${OUT}/`);
		expect(stdout).toMatch(/20000000 a report\.pdf/);
		const head = await aws('s3api', 'head-object', '--bucket', 'bucket-filex', '--key', '0001/app1/out/a report.pdf');
		expect(JSON.parse(head.stdout)).toMatchObject({
			ContentLength: 20_000_000,
			ETag: `"${createHash('md5').update(content).digest('hex')}"`,
		});
	});

	it.each([
		['to read from an upload sub-space', ['s3', 'cp', `${IN}/test.txt`, 'x']],
		['to write into a download sub-space', ['s3', 'cp', 'test.txt', `${OUT}/test.txt`]],
		['another application', ['s3', 'ls', 's3://bucket-filex/0001/app2/out/']],
		["another firm's files", ['s3', 'ls', 's3://bucket-filex/888888/app1/out/']],
		['the whole bucket', ['s3', 'ls', 's3://bucket-filex/']],
		['to remove a file', ['s3', 'rm', `${OUT}/a report.pdf`]],
		['to copy on the server', ['s3', 'cp', `${OUT}/a report.pdf`, `${IN}/copy.pdf`]],
	])('is refused: %s', async (_what, args) => {
		const before = sandbox.submissions.arrivals().length;
		const { code, stderr, stdout } = await aws(...args);
		expect(code).not.toBe(0);
		expect(`${stderr}${stdout}`).toMatch(/AccessDenied|403|Forbidden/);
		expect(sandbox.submissions.arrivals()).toHaveLength(before);
	});

	it('is reported when its token has expired', async () => {
		sandbox.settings.change({ s3TokenSeconds: 0 });
		const whole = session;
		session = await tokenFor('1234ftp12', 'app1');
		const { code, stderr } = await aws('s3', 'ls', `${OUT}/`);
		session = whole;
		expect(code).not.toBe(0);
		expect(stderr).toContain('ExpiredToken');
	});

	it('continues after the storage asked it to slow down', async () => {
		sandbox.faults.add({ where: 's3.get', effect: 'unavailable', times: 1 });
		expect(await aws('s3', 'cp', `${OUT}/a report.pdf`, 'again.pdf')).toMatchObject({ code: 0 });
	});

	it('has only what its account is entitled to', async () => {
		expect(await tokenFor('downloadonly', 'crd')).toMatchObject({
			readPaths: ['reports', 'results', 'incoming_designations_arcv', 'incoming_filings_arcv'].map(
				(each) => `bucket-filex/0001/crd/${each}/`,
			),
			writePaths: [],
		});
		expect(await tokenFor('submitonly', 'focus')).toMatchObject({
			readPaths: [],
			writePaths: ['bucket-filex/0001/focus/in/'],
		});
	});
});

function sha256(content: Buffer): string {
	return createHash('sha256').update(content).digest('hex');
}
