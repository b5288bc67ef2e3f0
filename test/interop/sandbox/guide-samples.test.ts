import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../../sandbox/sandbox';
import { runProgram } from '../../support/program';

/**
 * FINRA's guide is not ours to ship. With its text in a file that this variable names, every sample
 * in it is run as printed, but for host names, credentials and placeholders.
 */
const GUIDE = process.env.FILEX_GUIDE ?? '';

const SAMPLE_USER = '1234ftp12';

const samples = existsSync(GUIDE)
	? [...readFileSync(GUIDE, 'utf8').matchAll(/^```\n+([\s\S]*?)^```$/gm)].map(([, text]) => text!.trim())
	: [];
const curls = samples.filter((text) => /^curl/i.test(text));
const pythons = samples.filter((text) => /^import .*requests/.test(text));
const awsCommands = samples.flatMap((text) => text.split('\n').filter((line) => line.startsWith('aws ')));

const suite = samples.length > 0 ? describe : describe.skip;

suite(
	`the guide's own samples${samples.length > 0 ? '' : ' (skipped: set FILEX_GUIDE to the text of the guide)'}`,
	() => {
		let sandbox: Sandbox;
		let folder: string;
		let token: string;

		beforeAll(async () => {
			sandbox = await startSandbox({ seeded: true });
			folder = await mkdtemp(join(tmpdir(), 'filex-guide-'));
			token = sandbox.tokens.issue(sandbox.accounts.find(SAMPLE_USER)!).token;
			await writeFile(join(folder, 'newFile.zip'), 'the new file');
			await writeFile(join(folder, 'test.txt'), 'the test');
		});
		afterAll(async () => {
			await rm(folder, { recursive: true, force: true });
			await sandbox.close();
		});

		function fill(text: string): string {
			const { rest, fip } = sandbox.info;
			const { password } = sandbox.accounts.find(SAMPLE_USER)!;
			const path = ['0001', 'app1', 'in', 'newFile.zip'];
			const isUpload = text.includes('requests.put');
			const url = isUpload
				? sandbox.s3Keys.presign('PUT', path, SAMPLE_USER, sandbox.submissions.request(SAMPLE_USER, path))
				: sandbox.s3Keys.presign('GET', ['0001', 'app1', 'out', 'file1.zip'], SAMPLE_USER);
			return (
				text
					.replaceAll('https://filex.finra.org', rest)
					.replaceAll('https://ews.fip.finra.org', fip)
					.replace(/X{10,}/g, Buffer.from(`${SAMPLE_USER}:${password}`).toString('base64'))
					.replaceAll('<access_token>', token)
					.replace('*****', password)
					.replace(/<pre-signed URL received in Step 2>|<pre>pre-signed URL received in Step 2<\/pre>/, url)
					// A form would be stored with its envelope: the raw body in its place.
					.replace("files={'newFile.zip': f}", 'data=f')
			);
		}

		it('are all found', () => {
			expect([curls.length, pythons.length, awsCommands.length]).toEqual([10, 9, 1]);
		});

		it.each(curls.map((text, index) => [index + 1, text]))('curl %i', async (_index, text) => {
			// The guide breaks its lines without a word to the shell.
			const command = fill(String(text).replaceAll('\n', ' ').replace(/^Curl/, 'curl'));
			const { code, stdout } = await runProgram('sh', ['-c', `${command} --silent --write-out '\\n%{http_code}'`], {
				cwd: folder,
			});
			expect({ code, status: stdout.split('\n').at(-1) }).toEqual({ code: 0, status: '200' });
		});

		it.each(pythons.map((text, index) => [index + 1, text]))('Python %i', async (_index, text) => {
			const { stdout, stderr } = await runProgram('/usr/bin/python3', ['-'], {
				cwd: folder,
				input: `${fill(String(text))}\nprint(fileXResponse.status_code)\n`,
			});
			expect({ stdout, stderr }).toEqual({ stdout: '200\n', stderr: '' });
		});

		it('the AWS CLI', async () => {
			const answer = await fetch(`${sandbox.info.rest}/S3TransferTokens/0001/app1`, {
				headers: { Authorization: `Bearer ${token}` },
			});
			const { credentials } = (await answer.json()) as {
				credentials: Record<'accessKeyId' | 'secretAccessKey' | 'sessionToken', string>;
			};
			const env = {
				AWS_ACCESS_KEY_ID: credentials.accessKeyId,
				AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
				AWS_SESSION_TOKEN: credentials.sessionToken,
				AWS_DEFAULT_REGION: 'us-east-1',
			};
			const command = awsCommands[0]!.replace(/^aws/, `/usr/bin/aws --endpoint-url ${sandbox.info.s3}`);
			expect(await runProgram('sh', ['-c', command], { cwd: folder, env })).toMatchObject({ code: 0 });
		});

		it('have filed what they sent', () => {
			expect(sandbox.submissions.arrivals().map(({ method, name, size }) => [method, name, size])).toEqual([
				['rest', 'newFile.zip', 12],
				['s3', 'test.txt', 8],
			]);
		});
	},
);
