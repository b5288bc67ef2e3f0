import { createHash, randomBytes } from 'node:crypto';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Account, CheckedReader, readAccount, SftpSpace } from '../../filex';
import { LoginGuard } from '../../filex/account/login-guard';
import { ConnectionSemaphore } from '../../filex/sftp/connection-semaphore';
import { newKeyPair } from '../../sandbox/sftp/keys';
import { describeWith, SSHD } from '../support/needs';
import { GUIDE, MODERN, type Sshd, startSshd } from '../support/sshd';

const REPORTS = { orgId: '0001', application: 'crd', subSpace: 'reports' };

describeWith(SSHD, "OpenSSH's sshd", () => {
	describe.each([
		["the guide's algorithms", GUIDE],
		[
			'group exchange only',
			[...GUIDE, 'KexAlgorithms diffie-hellman-group-exchange-sha256'].filter((line) => !line.includes('group14')),
		],
		['CBC and hmac-sha1-96 only', [...GUIDE.slice(1, 2), 'Ciphers aes256-cbc', 'MACs hmac-sha1-96', GUIDE[3]!]],
		['modern algorithms', MODERN],
		['new keys after every MiB', [...MODERN, 'RekeyLimit 1M']],
		['a limit of one login, after which it hangs up', [...MODERN, 'MaxAuthTries 1']],
	])('with %s', (_name, algorithms) => {
		let sshd: Sshd;
		let space: SftpSpace | undefined;

		function account(overrides: object = {}): Account {
			return readAccount({
				environment: 'custom',
				restUrl: 'http://127.0.0.1:1',
				fipUrl: 'http://127.0.0.1:1',
				sftpHost: '127.0.0.1',
				sftpPort: sshd.port,
				username: 'root',
				orgId: '0001',
				privateKey: sshd.privateKey,
				hostKeys: sshd.hostKeys.join(','),
				...overrides,
			});
		}

		function open(overrides: object = {}, guard = new LoginGuard(), inFlight?: number): SftpSpace {
			space = new SftpSpace(account(overrides), { guard, semaphore: new ConnectionSemaphore(), inFlight });
			return space;
		}

		async function put(name: string, content: Buffer, seconds = 1_700_000_000): Promise<void> {
			const path = join(sshd.root, '0001', 'crd', 'reports', name);
			await writeFile(path, content);
			await utimes(path, seconds, seconds);
		}

		beforeAll(async () => {
			sshd = await startSshd(algorithms);
			await mkdir(join(sshd.root, '0001', 'crd', 'reports'), { recursive: true });
		});
		afterEach(async () => await space?.close());
		afterAll(async () => await sshd.close());

		it('lists and reads a file, pipelined and streamed, byte for byte', async () => {
			const content = randomBytes(20_000_003);
			await put('big.bin', content);
			const reader = new CheckedReader(open());
			const { stream, listed, sha256 } = await reader.read({ ...REPORTS, name: 'big.bin' });
			const seen = await hashOf(stream);
			expect(listed).toMatchObject({ size: content.length, lastModified: new Date(1_700_000_000_000) });
			expect(seen).toBe(createHash('sha256').update(content).digest('hex'));
			expect(sha256()).toBe(seen);
		});

		it('reads with one request at a time', async () => {
			const content = randomBytes(1_000_003);
			await put('slow.bin', content);
			const { stream } = await open({}, new LoginGuard(), 1).read({ ...REPORTS, name: 'slow.bin' });
			expect(await hashOf(stream)).toBe(createHash('sha256').update(content).digest('hex'));
		});

		it('lists 1,000 files', async () => {
			await Promise.all(Array.from({ length: 1000 }, async (_, index) => await put(`many-${index}`, Buffer.from('x'))));
			const files = await open().list(REPORTS);
			expect(files.filter(({ name }) => name.startsWith('many-'))).toHaveLength(1000);
		});

		it('refuses a server with another host key, before any secret is sent', async () => {
			const other = `SHA256:${'A'.repeat(43)}`;
			const before = sshd.log().length;
			await expect(open({ hostKeys: other }).list(REPORTS)).rejects.toMatchObject({
				kind: 'host-key',
				retrySafe: false,
				message: expect.stringMatching(
					new RegExp(`host key is (${sshd.hostKeys.map(escape).join('|')}), the credential allows ${escape(other)}`),
				),
			});
			expect(sshd.log().slice(before)).not.toMatch(/Failed|Accepted|Postponed/);
		});

		it('sends a wrong password once, and offers no other method', async () => {
			const guard = new LoginGuard();
			const before = sshd.log().length;
			const refused = { privateKey: '', password: 'wrong' };
			await expect(open(refused, guard).list(REPORTS)).rejects.toMatchObject({
				kind: 'credentials',
				field: 'Password',
			});
			await expect(open(refused, guard).list(REPORTS)).rejects.toMatchObject({
				kind: 'credentials',
				message: expect.stringContaining('was refused before'),
			});
			// sshd writes on its own time: its last words on a connection come after all attempts. Those on earlier ones, which
			// asked for its host keys, may come first.
			await sshd.logged(/Failed \w+ for root[\s\S]*\[preauth\]/, before);
			const attempts = sshd
				.log()
				.slice(before)
				.match(/Failed (\w+) for root/g);
			expect(attempts).toEqual(['Failed password for root']);
		});

		it('says that a foreign key is refused', async () => {
			const foreign = newKeyPair('ed25519').private;
			await expect(open({ privateKey: foreign }).list(REPORTS)).rejects.toMatchObject({
				kind: 'credentials',
				field: 'SFTP Private Key',
			});
		});
	});
});

async function hashOf(stream: Readable): Promise<string> {
	const hash = createHash('sha256');
	for await (const chunk of stream) hash.update(chunk as Buffer);
	return hash.digest('hex');
}

function escape(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
