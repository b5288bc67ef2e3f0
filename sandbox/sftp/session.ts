import { posix } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import ssh2, { type Attributes, type Connection, type SFTPWrapper } from 'ssh2';
import type { SandboxContext } from '../context';
import type { Fault } from '../faults';
import type { Pending } from '../pending';
import { mayRead, maySee, mayWrite, type SandboxAccount } from '../world/accounts';
import { isUploadName } from '../world/places';
import { directoryAttributes, entry, type Entry, fileAttributes } from './attributes';
import { OpenRead } from './open-read';
import { OpenWrite } from './open-write';

const { STATUS_CODE: STATUS, OPEN_MODE } = ssh2.utils.sftp;

/** Entries in one READDIR answer. */
const READDIR_BATCH = 100;

/** How a `put` opens its file; anything else is an append or a resume, which fileX refuses. */
const UPLOAD_FLAGS = OPEN_MODE.WRITE | OPEN_MODE.CREAT | OPEN_MODE.TRUNC;

interface OpenDirectory {
	kind: 'directory';
	entries: Entry[];
	/** The connection goes once so many entries are left. */
	cutAt?: number;
}

type Open = OpenRead | OpenWrite | OpenDirectory;

/** One SFTP session of an account: answers each request as fileX does. */
export class SftpSession {
	private readonly handles = new Map<number, Open>();
	private nextHandle = 0;
	private gone = false;

	constructor(
		private readonly sftp: SFTPWrapper,
		private readonly connection: Connection,
		private readonly account: SandboxAccount,
		private readonly context: SandboxContext,
		private readonly work: Pending,
	) {
		sftp.on('REALPATH', (id, path) => {
			const filename = `/${segments(path).join('/')}`;
			sftp.name(id, [{ filename, longname: filename, attrs: {} as Attributes }]);
		});
		for (const event of ['STAT', 'LSTAT'] as const) {
			sftp.on(event, (id: number, path: string) =>
				this.run(id, event, path, async () => sftp.attrs(id, await this.stat(segments(path)))),
			);
		}
		sftp.on('FSTAT', (id, handle) => {
			const open = this.opened(handle);
			if (open?.kind === 'read' || open?.kind === 'write') sftp.attrs(id, fileAttributes(open.size, open.lastModified));
			else sftp.status(id, STATUS.FAILURE);
		});
		sftp.on('OPENDIR', (id, path) =>
			this.run(id, 'OPENDIR', path, async () => await this.openDirectory(id, segments(path))),
		);
		sftp.on('READDIR', (id, handle) => this.readDirectory(id, handle));
		sftp.on('OPEN', (id, path, flags) =>
			this.run(id, openName(flags), path, async () => await this.openFile(id, segments(path), flags)),
		);
		sftp.on('READ', (id, handle, offset, length) => {
			const open = this.opened(handle);
			if (open?.kind === 'read') open.read(id, offset, length);
			else sftp.status(id, STATUS.FAILURE);
		});
		sftp.on('WRITE', (id, handle, offset, data) => {
			const open = this.opened(handle);
			if (open?.kind === 'write') open.write(id, offset, data);
			else sftp.status(id, STATUS.FAILURE);
		});
		sftp.on('CLOSE', (id, handle) => work.add(this.close(id, handle).catch(() => sftp.status(id, STATUS.FAILURE))));
		this.refuseChanges();
		sftp.on('error', () => {});
		// Without it, OpenSSH's client waits indefinitely after its last transfer.
		sftp.on('end', () => sftp.end());
	}

	/** All that fileX does not do (guide, FAQs 1, 7 and 11). A chmod or rename also spoils what was uploaded. */
	private refuseChanges(): void {
		const { sftp, context, account } = this;
		const refuse = (id: number, request: string, about: string) => {
			this.note(request, about, 'refused');
			sftp.status(id, STATUS.PERMISSION_DENIED);
		};
		for (const event of ['REMOVE', 'MKDIR', 'RMDIR', 'SYMLINK', 'READLINK'] as const) {
			(sftp as NodeJS.EventEmitter).on(event, (id: number, about: unknown) => refuse(id, event, String(about)));
		}
		(sftp as NodeJS.EventEmitter).on('EXTENDED', (id: number, about: unknown) => {
			this.note('EXTENDED', String(about), 'refused');
			sftp.status(id, STATUS.OP_UNSUPPORTED);
		});
		sftp.on('RENAME', (id, from, to) => {
			context.submissions.spoil(segments(from), account.username, 'renamed after the upload');
			refuse(id, 'RENAME', `${from} ${to}`);
		});
		sftp.on('SETSTAT', (id, path, attributes) => {
			if (changesAccess(attributes))
				context.submissions.spoil(segments(path), account.username, 'chmod or chown after the upload');
			refuse(id, 'SETSTAT', path);
		});
		sftp.on('FSETSTAT', (id, handle, attributes) => {
			const open = this.opened(handle);
			if (open?.kind === 'write' && changesAccess(attributes)) open.unusable = 'chmod or chown during the upload';
			refuse(id, 'FSETSTAT', open?.kind === 'directory' ? '' : `/${open?.path.join('/') ?? ''}`);
		});
	}

	/** Answers a request by its path; a Refusal thrown becomes its status. */
	private run(id: number, request: string, path: string, work: () => Promise<void>): void {
		const answered = work().then(
			() => this.note(request, path, 'ok'),
			(error: unknown) => {
				this.note(request, path, 'refused');
				if (error instanceof Refusal) this.sftp.status(id, error.status, error.message);
				else this.sftp.status(id, STATUS.FAILURE);
			},
		);
		this.work.add(answered);
	}

	private note(request: string, path: string, outcome: string): void {
		this.context.log.add({ service: 'sftp', request: `${request} ${path}`, username: this.account.username, outcome });
	}

	private async stat(path: string[]): Promise<Attributes> {
		this.check(maySee(this.account, path));
		await this.context.submissions.advance();
		if (this.context.store.isDirectory(path)) return directoryAttributes();
		const file = this.context.store.find(path);
		if (!file) throw new Refusal(STATUS.NO_SUCH_FILE);
		return fileAttributes(file.size, file.lastModified);
	}

	private async openDirectory(id: number, path: string[]): Promise<void> {
		this.check(maySee(this.account, path));
		const fault = await this.delayed(this.context.faults.strike('sftp.list', path));
		await this.context.submissions.advance();
		const entries = this.entries(path);
		if (!entries) throw new Refusal(STATUS.NO_SUCH_FILE);
		const shown = fault?.effect === 'empty' ? [] : entries;
		const cutAt = fault?.effect === 'cut' ? Math.floor(shown.length / 2) : undefined;
		await this.hand(id, { kind: 'directory', entries: shown, cutAt });
	}

	private entries(path: string[]): Entry[] | undefined {
		const { store } = this.context;
		if (path.length === 0) {
			return [this.account.orgId, ...this.account.onBehalfOf].map((name) => entry(name, directoryAttributes()));
		}
		if (path.length < 3) {
			return store
				.directories(path)
				?.filter((name) => maySee(this.account, [...path, name]))
				.map((name) => entry(name, directoryAttributes()));
		}
		return store.list(path)?.map(({ name, size, lastModified }) => entry(name, fileAttributes(size, lastModified)));
	}

	private readDirectory(id: number, handle: Buffer): void {
		const open = this.opened(handle);
		if (open?.kind !== 'directory') return this.sftp.status(id, STATUS.FAILURE);
		const { entries, cutAt } = open;
		if (cutAt !== undefined && entries.length <= cutAt) return this.cut();
		const batch = entries.splice(0, Math.min(READDIR_BATCH, entries.length - (cutAt ?? 0)));
		if (batch.length === 0) return this.sftp.status(id, STATUS.EOF);
		this.sftp.name(id, batch);
	}

	private async openFile(id: number, path: string[], flags: number): Promise<void> {
		if (path.length !== 4) throw new Refusal(STATUS.PERMISSION_DENIED);
		await this.context.submissions.advance();
		if (flags === OPEN_MODE.READ) await this.openForReading(id, path);
		else await this.openForWriting(id, path, flags);
	}

	private async openForReading(id: number, path: string[]): Promise<void> {
		this.check(mayRead(this.account, path));
		const found = this.context.store.find(path);
		if (!found) throw new Refusal(STATUS.NO_SUCH_FILE);
		const fault = await this.delayed(this.context.faults.strike('sftp.read', path));
		const file = await this.context.store.open(found);
		await this.hand(id, new OpenRead(this.sftp, path, found, file, fault?.effect, () => this.cut()));
	}

	private async openForWriting(id: number, path: string[], flags: number): Promise<void> {
		this.check(mayWrite(this.account, path) && this.context.store.isDirectory(path.slice(0, 3)));
		if ((flags & ~OPEN_MODE.EXCL) !== UPLOAD_FLAGS)
			throw new Refusal(STATUS.PERMISSION_DENIED, 'fileX supports neither append nor resume');
		if (!isUploadName(path[3]!)) {
			throw new Refusal(
				STATUS.FAILURE,
				"A file name has letters, digits and : ! @ , & - = ' _ . only, and 237 bytes at most",
			);
		}
		if ((flags & OPEN_MODE.EXCL) !== 0 && this.context.store.find(path))
			throw new Refusal(STATUS.FAILURE, 'There is such a file already');
		const fault = await this.delayed(this.context.faults.strike('sftp.write', path));
		await this.hand(
			id,
			await OpenWrite.start(this.context, this.sftp, this.account.username, path, fault?.effect, () => this.cut()),
		);
	}

	private async close(id: number, handle: Buffer): Promise<void> {
		const open = this.opened(handle);
		if (!open) return this.sftp.status(id, STATUS.FAILURE);
		this.handles.delete(handle.readUInt32BE(0));
		const closed = open.kind === 'directory' || (await open.close());
		if (open.kind === 'write') this.note('CLOSE', `/${open.path.join('/')}`, closed ? 'ok' : 'refused');
		if (open.kind === 'write' && open.losesAnswer) return this.cut();
		this.sftp.status(id, closed ? STATUS.OK : STATUS.FAILURE);
	}

	/** The client has gone: what it had not closed is not complete. */
	async breakOff(): Promise<void> {
		this.gone = true;
		const all = [...this.handles.values()];
		this.handles.clear();
		for (const open of all) if (open.kind !== 'directory') await open.breakOff();
	}

	private async delayed(fault: Fault | undefined): Promise<Fault | undefined> {
		if (fault?.effect === 'delay') await wait((fault.seconds ?? 1) * 1000);
		if (fault?.effect === 'fail') throw new Refusal(STATUS.FAILURE);
		return fault;
	}

	private cut(): void {
		this.connection.end();
	}

	private check(allowed: boolean): void {
		if (!allowed) throw new Refusal(STATUS.PERMISSION_DENIED);
	}

	/** Gives the client a handle of what was opened; a client that has gone meanwhile leaves nothing open. */
	private async hand(id: number, open: Open): Promise<void> {
		if (this.gone) return open.kind === 'directory' ? undefined : await open.breakOff();
		const handle = Buffer.alloc(4);
		handle.writeUInt32BE(this.nextHandle);
		this.handles.set(this.nextHandle++, open);
		this.sftp.handle(id, handle);
	}

	private opened(handle: Buffer): Open | undefined {
		return handle.length === 4 ? this.handles.get(handle.readUInt32BE(0)) : undefined;
	}
}

class Refusal extends Error {
	constructor(
		readonly status: number,
		message?: string,
	) {
		super(message);
	}
}

function segments(path: string): string[] {
	return posix
		.normalize(`/${path}`)
		.split('/')
		.filter((part) => part !== '');
}

function openName(flags: number): string {
	return flags === OPEN_MODE.READ ? 'OPEN' : 'OPEN for writing';
}

/** Whether attributes set permissions or an owner; a mere time does no harm. */
function changesAccess({ mode, uid, gid }: Partial<Attributes>): boolean {
	return mode !== undefined || uid !== undefined || gid !== undefined;
}
