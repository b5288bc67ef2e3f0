import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import spawn from 'cross-spawn';
import { fingerprint } from '../../filex/account/fingerprints';
import { newKeyPair } from '../../sandbox/sftp/keys';
import { freePort } from '../../scripts/free-port';
import { listening } from './listening';

/** What `sshd` offers: the guide's algorithms, or today's. */
export const GUIDE = [
	'Ciphers aes128-cbc,aes192-cbc,aes256-cbc,aes128-ctr,aes192-ctr,aes256-ctr',
	'KexAlgorithms diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha256',
	'MACs hmac-sha1,hmac-sha1-96,hmac-sha2-256',
	'HostKeyAlgorithms ssh-rsa',
];
export const MODERN = [
	'Ciphers aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr',
	'KexAlgorithms curve25519-sha256,ecdh-sha2-nistp256,diffie-hellman-group16-sha512',
	'MACs hmac-sha2-256-etm@openssh.com',
	'HostKeyAlgorithms ssh-ed25519',
];

export interface Sshd {
	port: number;
	/** SHA-256 fingerprints of its host keys. */
	hostKeys: string[];
	/** Who may log in. */
	user: string;
	/** A private key that this user may log in with. */
	privateKey: string;
	/** The folder that logged-in clients see as `/`. */
	root: string;
	/** What sshd has written so far. */
	log(): string;
	/** Resolves once sshd has written something that fits, after the first `from` characters. */
	logged(pattern: RegExp, from: number): Promise<void>;
	close(): Promise<void>;
}

export interface SshdOptions {
	/** Whether files can be uploaded. */
	writable?: boolean;
	/** Who may log in: root may do everything, anyone else what the files' owners and modes say. */
	user?: string;
}

/** OpenSSH's own server on a free port: a chroot as fileX has it, and only the requests that fileX allows. */
export async function startSshd(
	algorithms: string[],
	{ writable = false, user = 'root' }: SshdOptions = {},
): Promise<Sshd> {
	// sshd accepts a chroot only below folders that no one but root may write to.
	const home = await mkdtemp('/run/filex-sshd-');
	const root = join(home, 'root');
	await mkdir('/run/sshd', { recursive: true });
	await mkdir(root);
	// sshd reads a user's keys as that user.
	await chmod(home, 0o755);
	const client = newKeyPair('ed25519');
	const pairs = [newKeyPair('rsa'), newKeyPair('ed25519')];
	const keyFiles = await Promise.all(
		pairs.map(async (pair, index) => {
			const path = join(home, `host-key-${index}`);
			await writeFile(path, pair.private, { mode: 0o600 });
			return path;
		}),
	);
	await writeFile(join(home, 'authorized'), `${client.public}\n`, { mode: 0o644 });
	const port = await freePort();
	const config = [
		`Port ${port}`,
		'ListenAddress 127.0.0.1',
		...keyFiles.map((path) => `HostKey ${path}`),
		'PidFile none',
		'UsePAM no',
		'StrictModes no',
		'PermitRootLogin yes',
		`AllowUsers ${user}`,
		'PasswordAuthentication yes',
		`AuthorizedKeysFile ${join(home, 'authorized')}`,
		'LogLevel VERBOSE',
		'Subsystem sftp internal-sftp',
		`ChrootDirectory ${root}`,
		`ForceCommand internal-sftp -l VERBOSE -p open,close,read,${writable ? 'write,' : ''}lstat,fstat,opendir,readdir,realpath,stat`,
		...algorithms,
	];
	await writeFile(join(home, 'config'), `${config.join('\n')}\n`);
	const server = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(home, 'config')], {
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	let log = '';
	server.stderr!.on('data', (chunk) => (log += String(chunk)));
	await listening(server, port, () => log);
	return {
		port,
		hostKeys: pairs.map(({ public: key }) => fingerprint(Buffer.from(key.split(' ')[1]!, 'base64'))),
		user,
		privateKey: client.private,
		root,
		log: () => log,
		async logged(pattern, from) {
			while (!pattern.test(log.slice(from))) await once(server.stderr!, 'data');
		},
		async close() {
			server.kill('SIGTERM');
			if (server.exitCode === null) await new Promise((resolve) => server.once('exit', resolve));
			await rm(home, { recursive: true, force: true });
		},
	};
}
