import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import spawn from 'cross-spawn';
import { CheckedReader, readAccount, SftpSpace } from '../../filex';
import { LoginGuard } from '../../filex/account/login-guard';
import { ConnectionSemaphore } from '../../filex/sftp/connection-semaphore';
import { newKeyPair } from '../../sandbox/sftp/keys';
import { freePort } from '../../scripts/free-port';
import { summary } from '../support/content';
import { listening } from '../support/listening';
import { ASYNCSSH, describeWith } from '../support/needs';

const REPORTS = { orgId: '0001', application: 'crd', subSpace: 'reports' };
const CONTENT = randomBytes(6_000_001);
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');

describeWith(ASYNCSSH, 'asyncssh, with new keys after every MiB', () => {
	let home: string;
	const closing: Array<() => Promise<void>> = [];

	beforeAll(async () => {
		home = await mkdtemp(join(tmpdir(), 'filex-asyncssh-'));
		await mkdir(join(home, 'root', '0001', 'crd', 'reports'), { recursive: true });
		await writeFile(join(home, 'key'), newKeyPair('ed25519').private, { mode: 0o600 });
		await writeFile(join(home, 'root', '0001', 'crd', 'reports', 'a.bin'), CONTENT);
	});
	afterEach(async () => {
		for (const close of closing.splice(0).reverse()) await close();
	});
	afterAll(async () => await rm(home, { recursive: true, force: true }));

	async function connect(how: 'password' | 'prompt', password = 's3cret'): Promise<SftpSpace> {
		const port = await freePort();
		const script = join(__dirname, '..', 'support', 'asyncssh-server.py');
		const server = spawn(
			'/usr/bin/python3',
			[script, String(port), join(home, 'root'), join(home, 'key'), 's3cret', how],
			{
				stdio: ['ignore', 'pipe', 'pipe'],
			},
		);
		let log = '';
		for (const stream of [server.stdout!, server.stderr!]) stream.on('data', (chunk) => (log += String(chunk)));
		await listening(server, port, () => log);
		const account = readAccount({
			environment: 'custom',
			restUrl: 'http://127.0.0.1:1',
			fipUrl: 'http://127.0.0.1:1',
			sftpHost: '127.0.0.1',
			sftpPort: port,
			username: 'demo',
			password,
			orgId: '0001',
		});
		const space = new SftpSpace(account, { guard: new LoginGuard(), semaphore: new ConnectionSemaphore() });
		closing.push(async () => {
			server.kill('SIGTERM');
			if (server.exitCode === null && server.signalCode === null)
				await new Promise((resolve) => server.once('exit', resolve));
		}, space.close.bind(space));
		return space;
	}

	it.each(['password', 'prompt'] as const)('takes a login by %s, and files up and down', async (how) => {
		const space = await connect(how);
		const reader = new CheckedReader(space);
		const read = async () => await summary((await reader.read({ ...REPORTS, name: 'a.bin' })).stream);
		expect(await Promise.all([read(), read(), read()])).toEqual(
			Array(3).fill({ size: CONTENT.length, sha256: SHA256 }),
		);
		const request = await space.requestUpload({ ...REPORTS, name: 'b.bin' });
		const content = { size: CONTENT.length, open: async () => Readable.from([CONTENT]) };
		expect(await request.send(content, new AbortController().signal)).toMatchObject({
			outcome: 'accepted',
			sha256: SHA256,
		});
		expect((await readFile(join(home, 'root', '0001', 'crd', 'reports', 'b.bin'))).equals(CONTENT)).toBe(true);
	});

	it.each(['password', 'prompt'] as const)('refuses a wrong password by %s', async (how) => {
		const space = await connect(how, 'wrong');
		await expect(space.list(REPORTS)).rejects.toMatchObject({ kind: 'credentials', field: 'Password' });
	});
});
