import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import spawn from 'cross-spawn';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox';
import type { AlgorithmSet } from '../../../sandbox/sftp/algorithms';
import { newKeyPair } from '../../../sandbox/sftp/keys';
import { account } from '../../../sandbox/world/accounts';
import { until } from '../../../scripts/n8n/until';
import { describeWith, OPENSSH } from '../../support/needs';
import { openSshSftp } from '../../support/openssh-sftp';
import { runProgram } from '../../support/program';
import { connectSsh, endSsh, startSftp } from './raw-sftp';

const IN = ['0001', 'crd', 'incoming_filings'];

describeWith(OPENSSH, "fileX's rules for SFTP, as OpenSSH meets them", () => {
	let sandbox: Sandbox;
	let folder: string;
	const run = async (...commands: string[]) => await openSshSftp(sandbox.info, folder, commands);
	const arrivals = () => sandbox.submissions.arrivals();

	beforeEach(async () => {
		sandbox = await startSandbox();
		folder = await mkdtemp(join(tmpdir(), 'filex-rules-'));
		await writeFile(join(folder, 'filing.zip'), randomBytes(3_000_000));
	});
	afterEach(async () => {
		await rm(folder, { recursive: true, force: true });
		await sandbox.close();
	});

	it.each([
		['chmod after the upload', `chmod 600 /${IN.join('/')}/filing.zip`, /chmod or chown after/],
		['rename after the upload', `rename /${IN.join('/')}/filing.zip /${IN.join('/')}/other.zip`, /renamed after/],
	])('a %s makes the submission unusable', async (_what, command, reason) => {
		expect(await run(`put filing.zip /${IN.join('/')}/filing.zip`)).toMatchObject({ code: 0 });
		expect(arrivals()).toMatchObject([{ unusable: null }]);
		expect((await run(command)).code).not.toBe(0);
		expect(arrivals()).toMatchObject([{ unusable: expect.stringMatching(reason) }]);
	});

	it('an upload that keeps its permissions is unusable', async () => {
		await run(`put -p filing.zip /${IN.join('/')}/filing.zip`);
		expect(arrivals()).toMatchObject([{ unusable: expect.stringMatching(/during the upload/) }]);
	});

	it('a broken upload is no submission; a resume is refused, and a whole upload is one', async () => {
		const { username } = sandbox.info.accounts[0]!;
		const options = [
			'BatchMode=no',
			'StrictHostKeyChecking=no',
			`UserKnownHostsFile=${folder}/known`,
			'PreferredAuthentications=password',
		];
		// Writes the askpass program, too.
		await run('ls /');
		const client = spawn(
			'sftp',
			[
				'-q',
				'-l',
				'4000',
				'-P',
				String(sandbox.info.sftp.port),
				...options.flatMap((each) => ['-o', each]),
				'-b',
				'-',
				`${username}@127.0.0.1`,
			],
			{
				cwd: folder,
				env: {
					PATH: process.env.PATH,
					SSH_ASKPASS: join(folder, 'askpass'),
					SSH_ASKPASS_REQUIRE: 'force',
					DISPLAY: ':0',
				},
				stdio: ['pipe', 'ignore', 'ignore'],
				detached: true,
			},
		);
		client.stdin!.end(`put filing.zip /${IN.join('/')}/filing.zip\n`);
		const signal = AbortSignal.timeout(20_000);
		const opened = async () => sandbox.log.count('sftp', /^OPEN for writing/, 'ok') > 0 || undefined;
		await until(opened, { what: 'The upload', signal });
		process.kill(-client.pid!, 'SIGKILL');
		const left = async () => sandbox.store.find([...IN, 'filing.zip']);
		const partial = await until(left, { what: 'The broken file', signal });
		expect(partial.size).toBeLessThan(3_000_000);
		expect(arrivals()).toEqual([]);
		const resumed = await run(`reput filing.zip /${IN.join('/')}/filing.zip`);
		expect(resumed.code).not.toBe(0);
		expect(arrivals()).toEqual([]);
		expect(await run(`put filing.zip /${IN.join('/')}/filing.zip`)).toMatchObject({ code: 0 });
		expect(arrivals()).toMatchObject([{ size: 3_000_000, unusable: null }]);
		expect(sandbox.store.list(IN)).toEqual([]);
	});

	it('one connection more than allowed is turned away, and none is left over', async () => {
		sandbox.settings.change({ maxConnections: 0 });
		expect(await run('ls /')).toMatchObject({ code: 255 });
		expect(sandbox.log.count('sftp', 'login', 'too many connections')).toBe(1);
		sandbox.settings.change({ maxConnections: 1 });
		for (let time = 0; time < 3; time++) expect(await run('ls /')).toMatchObject({ code: 0 });
		expect(sandbox.accounts.record('demo')).toEqual({ refusals: 0, locked: false });
	});

	it('two connections where one is allowed: the second is told why it is turned away, and after the first the third is taken', async () => {
		sandbox.settings.change({ maxConnections: 1 });
		const first = await connectSsh(sandbox.info);
		const verbose = async () => await openSshSftp(sandbox.info, folder, ['ls /'], undefined, { verbose: true });
		const second = await verbose();
		expect(second.code).toBe(255);
		expect(second.stderr).toMatch(/^Received disconnect from 127\.0\.0\.1 port \d+:12: Too many connections\r?$/m);
		await expect(connectSsh(sandbox.info)).rejects.toThrow('Too many connections');
		// The first continues as if nothing had been.
		await startSftp(first);
		await endSsh(first);
		expect(await verbose()).toMatchObject({ code: 0, stderr: expect.not.stringContaining('Too many') });
		expect(sandbox.log.count('sftp', 'login', 'too many connections')).toBe(2);
		expect(sandbox.accounts.record('demo')).toEqual({ refusals: 0, locked: false });
	});

	it("one account's connections do not count for another", async () => {
		sandbox.settings.change({ maxConnections: 1 });
		const first = await connectSsh(sandbox.info);
		const [, ...others] = sandbox.info.accounts;
		const other = await connectSsh({ ...sandbox.info, accounts: others });
		await endSsh(other);
		await endSsh(first);
	});

	it.each(['ed25519', 'rsa'] as const)(
		'takes a login by public key (%s), and no other key; the password is not asked for',
		async (type) => {
			const [pair, stranger] = [newKeyPair(type), newKeyPair(type)];
			const one = await startSandbox({
				accounts: [account('demo', { publicKeys: [newKeyPair('ed25519').public, pair.public] })],
			});
			const key = join(folder, 'key');
			const login = async (privateKey: string) => {
				await rm(key, { force: true });
				await writeFile(key, privateKey, { mode: 0o600 });
				return await openSshSftp(one.info, folder, [`put filing.zip /${IN.join('/')}/filing.zip`], undefined, { key });
			};
			one.info.accounts[0]!.password = 'wrong';
			expect(await login(pair.private)).toMatchObject({ code: 0 });
			expect(one.submissions.arrivals()).toMatchObject([{ username: 'demo', method: 'sftp', size: 3_000_000 }]);
			expect(await login(stranger.private)).toMatchObject({ code: 255 });
			expect(one.submissions.arrivals()).toHaveLength(1);
			one.settings.change({ lockAfter: 1 });
			expect(one.accounts.login('demo', 'wrong')).toBeUndefined();
			expect(one.accounts.record('demo')).toMatchObject({ locked: true });
			expect(await login(pair.private)).toMatchObject({ code: 255 });
			await one.close();
		},
	);

	it('counts refused logins of FIP and SFTP together, and then refuses the right password, too', async () => {
		sandbox.settings.change({ lockAfter: 2 });
		sandbox.info.accounts[0]!.password = 'wrong';
		expect(await run('ls /')).toMatchObject({ code: 255 });
		const basic = Buffer.from('demo:wrong').toString('base64');
		const fip = `${sandbox.info.fip}/fip/rest/ews/oauth2/access_token?grant_type=client_credentials`;
		expect((await fetch(fip, { method: 'POST', headers: { Authorization: `Basic ${basic}` } })).status).toBe(400);
		expect(sandbox.accounts.record('demo')).toMatchObject({ locked: true });
		sandbox.info.accounts[0]!.password = sandbox.accounts.find('demo')!.password;
		expect(await run('ls /')).toMatchObject({ code: 255 });
		await fetch(`${sandbox.info.control}/accounts/demo/unlock`, { method: 'POST' });
		expect(await run('ls /')).toMatchObject({ code: 0 });
	});

	const OLD = [
		'KexAlgorithms=diffie-hellman-group14-sha1',
		'Ciphers=aes256-cbc',
		'MACs=hmac-sha1-96',
		'HostKeyAlgorithms=ssh-rsa',
	];
	const NEW = ['KexAlgorithms=curve25519-sha256', 'Ciphers=aes256-gcm@openssh.com', 'HostKeyAlgorithms=ssh-ed25519'];

	it.each([
		['all', true, true],
		['guide', true, false],
		['modern', false, true],
	] as const)('speaks the algorithms it was told to: %s', async (set: AlgorithmSet, old, recent) => {
		const one = await startSandbox({ algorithms: set });
		const speaks = async (options: string[]) => {
			const args = [
				'-v',
				'-p',
				String(one.info.sftp.port),
				'-o',
				'BatchMode=yes',
				'-o',
				'StrictHostKeyChecking=no',
				'-o',
				`UserKnownHostsFile=${folder}/known-${set}`,
			];
			const { stderr } = await runProgram(
				'ssh',
				[...args, ...options.flatMap((each) => ['-o', each]), 'demo@127.0.0.1'],
				{ cwd: folder },
			);
			// Without a password the login fails, after the algorithms were agreed on.
			return /Authentications that can continue/.test(stderr);
		};
		expect([await speaks(OLD), await speaks(NEW)]).toEqual([old, recent]);
		await one.close();
	});
});

describe('TLS on request', () => {
	it('serves FIP, REST and S3 under a certificate of its own that a client can trust', async () => {
		const sandbox = await startSandbox({ tls: true, seeded: true });
		const folder = await mkdtemp(join(tmpdir(), 'filex-tls-'));
		await writeFile(join(folder, 'ca.pem'), sandbox.info.certificate!);
		const { rest, fip } = sandbox.info;
		const curl = async (...args: string[]) =>
			await runProgram('curl', ['-sS', '--cacert', 'ca.pem', ...args], { cwd: folder });
		const { stdout } = await curl(
			'-X',
			'POST',
			'-u',
			'1234ftp12:1234ftp12-Passw0rd',
			`${fip}/fip/rest/ews/oauth2/access_token?grant_type=client_credentials`,
		);
		const header = `Authorization: Bearer ${(JSON.parse(stdout) as { access_token: string }).access_token}`;
		const listing = JSON.parse((await curl('-H', header, `${rest}/files/0001/app1`)).stdout) as {
			_links: { self: Array<{ href: string }> };
		};
		expect(listing._links.self[0]!.href).toBe(`${rest}/files/0001/app1`);
		const { url } = JSON.parse((await curl('-H', header, `${rest}/files/0001/app1/out/file2.pdf`)).stdout) as {
			url: string;
		};
		expect(url).toMatch(/^https:/);
		expect(await curl('-o', 'file2.pdf', url)).toMatchObject({ code: 0 });
		expect((await readFile(join(folder, 'file2.pdf'))).toString()).toMatch(/^%PDF/);
		expect((await runProgram('curl', ['-sS', `${rest}/health`])).stderr).toMatch(/certificate/);
		await rm(folder, { recursive: true });
		await sandbox.close();
	});
});
