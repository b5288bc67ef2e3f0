import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxInfo } from '../../sandbox/info';
import type { S3Session } from '../../sandbox/s3/keys';
import { startSandboxProcess } from '../../scripts/n8n/sandbox-process';
import { Teardown } from '../../scripts/n8n/teardown';
import { hashOf, writeLargeFile } from '../support/large-file';
import { AWS_CLI, CURL, describeWith, type Need, OPENSSH } from '../support/needs';
import { openSshSftp } from '../support/openssh-sftp';
import { peakMemory, resetPeak } from '../support/process-memory';
import { output } from '../support/program';

/** Bytes. */
const SIZE = 2 * 2 ** 30;

/** MiB that the sandbox may hold, whatever it transfers. */
const MEMORY_LIMIT = 200;

const TRANSFER_LIMIT = 300_000;

interface Client {
	put(file: string): Promise<void>;
	/** Downloads the archived copy. */
	get(archived: string, to: string): Promise<void>;
}

const ARCHIVE = '0001/app1/in_arcv';

describe('files of 2 GiB', () => {
	const teardown = new Teardown();
	let folder: string;
	let sandbox: SandboxInfo;
	let headers: Record<string, string>;
	let sha256: string;

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'filex-large-'));
		sandbox = await startSandboxProcess(join(folder, 'data'), teardown, new AbortController().signal);
		// The guide's sample account comes first here: all three methods use the same spaces.
		sandbox.accounts.sort((a, b) => Number(b.username === '1234ftp12') - Number(a.username === '1234ftp12'));
		const { username, password } = sandbox.accounts[0]!;
		const basic = Buffer.from(`${username}:${password}`).toString('base64');
		const answer = await fetch(`${sandbox.fip}/fip/rest/ews/oauth2/access_token?grant_type=client_credentials`, {
			method: 'POST',
			headers: { Authorization: `Basic ${basic}` },
		});
		headers = { Authorization: `Bearer ${((await answer.json()) as { access_token: string }).access_token}` };
		await writeLargeFile(join(folder, 'large.bin'), SIZE);
		sha256 = await hashOf(join(folder, 'large.bin'));
	}, TRANSFER_LIMIT);

	afterAll(async () => {
		await teardown.run();
		await rm(folder, { recursive: true, force: true });
	});

	const rest = async <T>(path: string, method = 'GET') =>
		(await (await fetch(`${sandbox.rest}/${path}`, { method, headers })).json()) as T;

	const curl: Client = {
		async put(file) {
			const { url } = await rest<{ url: string }>('files/0001/app1/in/large.bin', 'PUT');
			await output('curl', ['-sSf', '-T', file, url], { limit: TRANSFER_LIMIT });
		},
		async get(archived, to) {
			const { url } = await rest<{ url: string }>(`files/${ARCHIVE}/${archived}`);
			await output('curl', ['-sSf', '-o', to, url], { limit: TRANSFER_LIMIT });
		},
	};

	async function aws(...args: string[]): Promise<void> {
		const { region, credentials } = await rest<S3Session>('S3TransferTokens/0001/app1');
		const env = {
			AWS_ACCESS_KEY_ID: credentials.accessKeyId,
			AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
			AWS_SESSION_TOKEN: credentials.sessionToken,
			AWS_DEFAULT_REGION: region,
		};
		await output('/usr/bin/aws', ['--endpoint-url', sandbox.s3, 's3', 'cp', '--no-progress', ...args], {
			cwd: folder,
			env,
			limit: TRANSFER_LIMIT,
		});
	}

	const awsCli: Client = {
		put: async (file) => await aws(file, 's3://bucket-filex/0001/app1/in/large.bin'),
		get: async (archived, to) => await aws(`s3://bucket-filex/${ARCHIVE}/${archived}`, to),
	};

	const sftp = async (command: string) => {
		const { code, stderr } = await openSshSftp(sandbox, folder, [command], TRANSFER_LIMIT);
		if (code !== 0) throw new Error(`sftp: ${stderr}`);
	};
	const openssh: Client = {
		put: async (file) => await sftp(`put ${file} /0001/app1/in/large.bin`),
		get: async (archived, to) => await sftp(`get /${ARCHIVE}/${archived} ${to}`),
	};

	describe.each([
		['REST, by curl', CURL, curl],
		['S3 Direct, by the AWS CLI', AWS_CLI, awsCli],
		['SFTP, by OpenSSH', OPENSSH, openssh],
	] satisfies Array<[string, Need, Client]>)('over %s', (name, need, client) =>
		describeWith(need, name, () => {
			it(
				'go up and down, byte for byte, in flat memory',
				async () => {
					await resetPeak(sandbox.pid);
					await client.put(join(folder, 'large.bin'));
					const up = await peakMemory(sandbox.pid);
					const arrivals = (await (await fetch(`${sandbox.control}/arrivals`)).json()) as Array<{
						size: number;
						sha256: string;
						archiveName: string;
					}>;
					expect(arrivals.at(-1)).toMatchObject({ size: SIZE, sha256 });

					await resetPeak(sandbox.pid);
					await client.get(arrivals.at(-1)!.archiveName, join(folder, 'back.bin'));
					const down = await peakMemory(sandbox.pid);
					expect(await hashOf(join(folder, 'back.bin'))).toBe(sha256);

					process.stdout.write(`${name}: peak ${up.toFixed(0)} MiB up, ${down.toFixed(0)} MiB down\n`);
					expect(Math.max(up, down)).toBeLessThan(MEMORY_LIMIT);
				},
				2 * TRANSFER_LIMIT,
			);
		}),
	);
});
