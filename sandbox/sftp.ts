import { createHash, timingSafeEqual } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, read, readFileSync, writeFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join, posix } from 'node:path';
import ssh2, { type Attributes, type AuthContext, type Connection, type ParsedKey, type ServerConfig, type SFTPWrapper } from 'ssh2';
import type { SandboxContext } from './context';
import { newKeyPair } from './keys';
import { mayUse, type SandboxAccount } from './world';

const { Server, utils } = ssh2;
const { STATUS_CODE: STATUS, OPEN_MODE } = utils.sftp;

/**
 * Both of fileX's algorithm sets, as far as ssh2's server speaks them: it has no group exchange, no
 * mlkem and none of the ssh.com MACs.
 */
const ALGORITHMS: ServerConfig['algorithms'] = {
	kex: [
		'curve25519-sha256',
		'ecdh-sha2-nistp256',
		'ecdh-sha2-nistp384',
		'ecdh-sha2-nistp521',
		'diffie-hellman-group14-sha256',
		'diffie-hellman-group16-sha512',
		'diffie-hellman-group18-sha512',
		'diffie-hellman-group14-sha1',
	],
	cipher: [
		'aes128-gcm@openssh.com',
		'aes256-gcm@openssh.com',
		'aes128-ctr',
		'aes192-ctr',
		'aes256-ctr',
		'aes128-cbc',
		'aes192-cbc',
		'aes256-cbc',
	],
	hmac: ['hmac-sha2-256', 'hmac-sha1', 'hmac-sha1-96'],
	// ssh2's server throws when a compressed connection ends.
	compress: ['none'],
};

/** Entries in one READDIR answer. */
const READDIR_BATCH = 100;

/** Bytes in one READ answer. */
const MAX_READ = 1 << 18;

export interface SftpListening {
	port: number;
	/** SHA-256 fingerprints. */
	hostKeys: string[];
	close(): Promise<void>;
}

/** fileX over SFTP: `ls`, `cd` and `get`; all else is refused (guide, FAQ 1). */
export async function listenSftp(context: SandboxContext, dataDir: string, host: string, port: number): Promise<SftpListening> {
	const keys = hostKeys(dataDir);
	const connections = new Set<Connection>();
	const server = new Server({ hostKeys: keys, algorithms: ALGORITHMS, ident: 'fileX-sandbox' }, (connection) => {
		connections.add(connection);
		(connection as unknown as { setNoDelay(on: boolean): void }).setNoDelay(true);
		connection.on('close', () => connections.delete(connection));
		// A client that vanishes is no fault of the sandbox.
		connection.on('error', () => {});
		serve(connection, context);
	});
	await new Promise<void>((resolve, reject) => {
		(server as unknown as NodeJS.EventEmitter).once('error', reject);
		server.listen(port, host, resolve);
	});
	return {
		port: (server.address() as AddressInfo).port,
		hostKeys: keys.map((key) => fingerprint((utils.parseKey(key) as ParsedKey).getPublicSSH())),
		async close() {
			for (const connection of connections) connection.end();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		},
	};
}

function serve(connection: Connection, context: SandboxContext): void {
	let account: SandboxAccount | undefined;
	connection.on('authentication', (login) => {
		const verdict = authenticate(login, context.accounts);
		if (login.method !== 'none' && verdict !== 'ask') {
			context.log.add({ service: 'sftp', request: 'login', username: login.username, outcome: verdict ? 'ok' : 'refused' });
		}
		if (!verdict) return login.reject(['password', 'publickey']);
		account = context.accounts.find(({ username }) => username === login.username);
		login.accept();
	});
	connection.on('session', (accept) => {
		const session = accept();
		session.on('sftp', (acceptSftp) => new SftpSession(acceptSftp(), connection, account!, context));
		for (const other of ['exec', 'shell', 'pty'] as const) {
			session.on(other, (_accept: unknown, reject?: () => void) => reject?.());
		}
	});
}

/** 'ask': a client offers a key without having signed yet. */
function authenticate(login: AuthContext, accounts: SandboxAccount[]): boolean | 'ask' {
	const account = accounts.find(({ username }) => username === login.username);
	if (!account) return false;
	if (login.method === 'password') return sameText(login.password, account.password);
	if (login.method !== 'publickey') return false;
	const key = account.publicKeys
		.map((each) => utils.parseKey(each) as ParsedKey)
		.find((each) => each.getPublicSSH().equals(login.key.data));
	if (!key) return false;
	if (!login.signature) return 'ask';
	return key.verify(login.blob!, login.signature, login.hashAlgo) === true;
}

type Open =
	| { kind: 'file'; file: FileHandle; size: number; mtime: number; path: string; breakAt?: number }
	| { kind: 'directory'; path: string; entries: Entry[] };

interface Entry {
	filename: string;
	longname: string;
	attrs: Attributes;
}

class SftpSession {
	private readonly handles = new Map<number, Open>();
	private nextHandle = 0;

	constructor(
		private readonly sftp: SFTPWrapper,
		private readonly connection: Connection,
		private readonly account: SandboxAccount,
		private readonly context: SandboxContext,
	) {
		sftp.on('REALPATH', (id, path) => {
			const filename = `/${segments(path).join('/')}`;
			sftp.name(id, [{ filename, longname: filename, attrs: {} as Attributes }]);
		});
		for (const event of ['STAT', 'LSTAT'] as const) {
			sftp.on(event, (id: number, path: string) => this.run(id, event, path, async () => sftp.attrs(id, await this.stat(segments(path)))));
		}
		sftp.on('FSTAT', (id, handle) => {
			const open = this.opened(handle);
			if (open?.kind === 'file') sftp.attrs(id, fileAttributes(open.size, open.mtime));
			else sftp.status(id, STATUS.FAILURE);
		});
		sftp.on('OPENDIR', (id, path) => this.run(id, 'OPENDIR', path, async () => await this.openDirectory(id, segments(path))));
		sftp.on('READDIR', (id, handle) => this.readDirectory(id, handle));
		sftp.on('OPEN', (id, path, flags) => this.run(id, 'OPEN', path, async () => await this.openFile(id, segments(path), flags)));
		sftp.on('READ', (id, handle, offset, length) => this.read(id, handle, offset, length));
		sftp.on('CLOSE', (id, handle) => void this.close(id, handle));
		for (const event of ['WRITE', 'FSETSTAT', 'SETSTAT', 'REMOVE', 'MKDIR', 'RMDIR', 'RENAME', 'SYMLINK', 'READLINK'] as const) {
			sftp.on(event, (id: number, path: unknown) => {
				this.note(event, String(path), 'refused');
				sftp.status(id, STATUS.PERMISSION_DENIED);
			});
		}
		sftp.on('error', () => {});
		// Without it, OpenSSH's client waits for ever after its last transfer.
		sftp.on('end', () => sftp.end());
		sftp.on('close', () => void this.closeAll());
	}

	/** Answers a request by its path; a Refusal thrown becomes its status. */
	private run(id: number, request: string, path: string, work: () => Promise<void>): void {
		work().then(
			() => this.note(request, path, 'ok'),
			(error: unknown) => {
				this.note(request, path, 'refused');
				this.sftp.status(id, error instanceof Refusal ? error.status : STATUS.FAILURE);
			},
		);
	}

	private note(request: string, path: string, outcome: string): void {
		this.context.log.add({ service: 'sftp', request: `${request} ${path}`, username: this.account.username, outcome });
	}

	private async stat(path: string[]): Promise<Attributes> {
		this.check(path);
		if (path.length === 0 || (await this.context.store.isDirectory(path))) return directoryAttributes();
		const file = await this.context.store.find(path);
		if (!file) throw new Refusal(STATUS.NO_SUCH_FILE);
		return fileAttributes(file.size, seconds(file.lastModified));
	}

	private async openDirectory(id: number, path: string[]): Promise<void> {
		this.check(path);
		const effect = this.context.faults.strike('sftp.list', path);
		if (effect === 'cut') return void this.connection.end();
		if (effect === 'fail') throw new Refusal(STATUS.FAILURE);
		const entries = await this.entries(path);
		if (!entries) throw new Refusal(STATUS.NO_SUCH_FILE);
		const open: Open = { kind: 'directory', path: path.join('/'), entries: effect === 'empty' ? [] : entries };
		this.sftp.handle(id, this.remember(open));
	}

	private async entries(path: string[]): Promise<Entry[] | undefined> {
		const { store } = this.context;
		if (path.length === 0) {
			return [this.account.orgId, ...this.account.onBehalfOf].map((name) => entry(name, directoryAttributes()));
		}
		if (path.length < 3) {
			return (await store.directories(path))
				?.filter((name) => mayUse(this.account, [...path, name]))
				.map((name) => entry(name, directoryAttributes()));
		}
		return (await store.list(path))?.map(({ name, size, lastModified }) => entry(name, fileAttributes(size, seconds(lastModified))));
	}

	private readDirectory(id: number, handle: Buffer): void {
		const open = this.opened(handle);
		if (open?.kind !== 'directory') return this.sftp.status(id, STATUS.FAILURE);
		const batch = open.entries.splice(0, READDIR_BATCH);
		if (batch.length === 0) return this.sftp.status(id, STATUS.EOF);
		this.sftp.name(id, batch);
	}

	private async openFile(id: number, path: string[], flags: number): Promise<void> {
		this.check(path);
		if (flags !== OPEN_MODE.READ) throw new Refusal(STATUS.PERMISSION_DENIED);
		const found = await this.context.store.find(path);
		if (!found) throw new Refusal(STATUS.NO_SUCH_FILE);
		const effect = this.context.faults.strike('sftp.read', path);
		if (effect === 'fail') throw new Refusal(STATUS.FAILURE);
		const file = await this.context.store.open(path);
		const breakAt = effect === undefined ? undefined : Math.floor(found.size / 2);
		this.sftp.handle(id, this.remember({ kind: 'file', file, size: found.size, mtime: seconds(found.lastModified), path: path.join('/'), breakAt }));
	}

	private read(id: number, handle: Buffer, offset: number, length: number): void {
		const open = this.opened(handle);
		if (open?.kind !== 'file') return this.sftp.status(id, STATUS.FAILURE);
		if (open.breakAt !== undefined && offset >= open.breakAt) return void this.connection.end();
		const bytes = Buffer.allocUnsafeSlow(Math.min(length, MAX_READ));
		// By callback: a promise for every 32 KiB costs more than the reading.
		read(open.file.fd, bytes, 0, bytes.length, offset, (error, count) => {
			if (error) this.sftp.status(id, STATUS.FAILURE);
			else if (count === 0) this.sftp.status(id, STATUS.EOF);
			else this.sftp.data(id, bytes.subarray(0, count));
		});
	}

	private async close(id: number, handle: Buffer): Promise<void> {
		const open = this.opened(handle);
		this.handles.delete(handle.readUInt32BE(0));
		if (open?.kind === 'file') await open.file.close().catch(() => {});
		this.sftp.status(id, open ? STATUS.OK : STATUS.FAILURE);
	}

	private async closeAll(): Promise<void> {
		for (const open of this.handles.values()) if (open.kind === 'file') await open.file.close().catch(() => {});
		this.handles.clear();
	}

	private check(path: string[]): void {
		if (!mayUse(this.account, path)) throw new Refusal(STATUS.PERMISSION_DENIED);
	}

	private remember(open: Open): Buffer {
		const handle = Buffer.alloc(4);
		handle.writeUInt32BE(this.nextHandle);
		this.handles.set(this.nextHandle++, open);
		return handle;
	}

	private opened(handle: Buffer): Open | undefined {
		return handle.length === 4 ? this.handles.get(handle.readUInt32BE(0)) : undefined;
	}
}

class Refusal extends Error {
	constructor(readonly status: number) {
		super('refused');
	}
}

function segments(path: string): string[] {
	return posix.normalize(`/${path}`).split('/').filter((part) => part !== '');
}

function seconds(date: Date): number {
	return Math.floor(date.getTime() / 1000);
}

function directoryAttributes(): Attributes {
	return { mode: 0o040_755, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 };
}

function fileAttributes(size: number, mtime: number): Attributes {
	return { mode: 0o100_644, uid: 0, gid: 0, size, atime: mtime, mtime };
}

function entry(filename: string, attrs: Attributes): Entry {
	const kind = (attrs.mode & 0o040_000) !== 0 ? 'drwxr-xr-x' : '-rw-r--r--';
	const date = new Date(attrs.mtime * 1000).toUTCString().slice(5, 16);
	return { filename, attrs, longname: `${kind} 1 filex filex ${String(attrs.size).padStart(12)} ${date} ${filename}` };
}

/** The server's keys, made once a data folder: a pinned key must survive a restart. */
function hostKeys(dataDir: string): string[] {
	return (['ed25519', 'rsa'] as const).map((type) => {
		const path = join(dataDir, 'keys', type);
		if (!existsSync(path)) {
			mkdirSync(join(dataDir, 'keys'), { recursive: true });
			writeFileSync(path, newKeyPair(type).private, { mode: 0o600 });
			chmodSync(path, 0o600);
		}
		return readFileSync(path, 'utf8');
	});
}

function fingerprint(key: Buffer): string {
	return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

function sameText(a: string, b: string): boolean {
	const hash = (text: string) => createHash('sha256').update(text).digest();
	return timingSafeEqual(hash(a), hash(b));
}
