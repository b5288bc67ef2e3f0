import type { FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2';
import { cancelled, FileXError } from '../errors';
import { type FilePath, formatFile, formatSpace, type SpacePath } from '../places/paths';
import type { FileSpace, FileStream, ListOptions, RemoteDirectory, RemoteFile, Resume, UploadRequest } from '../space';
import { replacedMeanwhile } from '../transfer/resuming';
import { SilentLine } from '../transfer/silent-line';
import { deadline } from '../util/deadline';
import { mayPass, Patience, PATIENCE } from '../util/patience';
import { KeyedSemaphore } from '../util/semaphore';
import { abortReason } from './address';
import { ConnectionUsers } from './connection-users';
import { connectSftp, type SftpConnection, type SftpPorts } from './connection';
import { isDirectory, isSize, readEntries, unreadableEntries, unusable } from './entry';
import { EntryCollector } from './entry-collector';
import { HandleGate } from './handle-gate';
import { PipelinedRead } from './pipelined-read';
import { OutOfOrder, readDirectory } from './read-directory';
import type { SftpAccount } from './sftp-account';
import { type Answer, emptySuccess, noSuchFile, sftpRefusal } from './sftp-errors';
import { STATUS, statusCode } from './status';
import { putFile, uploadPlaces } from './upload';

/** How long the server may take for one answer, in ms. */
const ANSWER_TIMEOUT = 60_000;

/** How often a file is opened at most, where the connection breaks meanwhile. */
const OPEN_ATTEMPTS = 3;

/** Small files that are uploaded at a time, on one connection. */
const UPLOADS_AT_A_TIME = 16;

export interface SftpOptions extends SftpPorts {
	/** Read or write requests in flight; 1 is the guide's cure for out-of-order packets (FAQ 36). */
	inFlight?: number;
	/** How long the server may take for one answer, in ms. */
	answerTimeout?: number;
}

/** What ssh2's types leave out. */
interface FullReaddir {
	readdir(
		handle: Buffer,
		options: { full: boolean },
		done: (error: Error | undefined, list: FileEntryWithStats[] | undefined) => void,
	): void;
}

/** What tells one version of a file from another: bytes, and seconds since 1970. */
type FileFacts = Pick<Stats, 'size' | 'mtime'>;

/**
 * fileX over SFTP. One connection, opened at the first call; all calls share it. A connection that
 * was cut is replaced at the next call. Where there was none yet, one that cannot be opened is tried again for half a
 * minute, or while fileX allows no further one, but never after a login that was sent.
 */
export class SftpSpace implements FileSpace {
	readonly registersUploads = false;
	readonly parallelUploads: number;
	readonly uploadListing = this;
	private connection?: Promise<SftpConnection>;
	private wasConnected = false;
	/** By `performance.now()`. */
	private unreachedSince?: number;
	private isClosed = false;
	/** Calls, and downloads, that are under way. */
	private readonly users = new ConnectionUsers();
	/** Ends when the connection is given back. */
	private lent?: Promise<void>;
	private readonly handles: HandleGate;
	private readonly uploadLane = new KeyedSemaphore(() => cancelled('The upload'));
	/** Whether the server has answered requests for entries in their order so far, where it was asked several at a time. */
	private readsInOrder: boolean;
	/** Whether the server has refused FSTAT, or told no size. */
	private hasNoSizes = false;

	constructor(
		private readonly account: SftpAccount,
		private readonly options: SftpOptions = {},
	) {
		this.handles = new HandleGate(this.answer, options.signal);
		this.readsInOrder = options.inFlight === undefined;
		this.parallelUploads = options.inFlight === undefined ? UPLOADS_AT_A_TIME : 1;
	}

	/** Connects if need be. Gives the SHA-256 fingerprint of the server's host key. */
	async connect(): Promise<string> {
		return await this.using(async () => (await this.connected()).hostKey);
	}

	async applications(orgId: string): Promise<RemoteDirectory[]> {
		return await this.directories(orgId);
	}

	async subSpaces(orgId: string, application: string): Promise<RemoteDirectory[]> {
		return await this.directories(`${orgId}/${application}`);
	}

	async list(space: SpacePath, { onUnreadable }: ListOptions = {}): Promise<RemoteFile[]> {
		const path = formatSpace(space);
		const { files, unreadable } = readEntries(await this.entries(path));
		if (unreadable.length === 0) return files;
		const error = unreadableEntries(path, unreadable);
		if (!onUnreadable) throw error;
		onUnreadable(error);
		return files;
	}

	async read(file: FilePath, resume?: Resume): Promise<FileStream> {
		const leave = await this.enter();
		try {
			const opened = await this.opened(file, resume);
			opened.stream.once('close', leave);
			return opened;
		} catch (error) {
			leave();
			throw error;
		}
	}

	uploadPlaces(size: number): number {
		return uploadPlaces(size, this.parallelUploads);
	}

	async requestUpload(file: FilePath): Promise<UploadRequest> {
		const path = formatFile(file);
		const session = {
			// Nothing is sent before it stands.
			connected: async () =>
				await new Patience({ signal: this.options.signal }).run(async () => await this.connected()),
			answer: this.answer,
			handles: this.handles,
			inFlight: this.options.inFlight,
			lane: this.uploadLane,
			places: this.parallelUploads,
		};
		return {
			isRegistered: this.registersUploads,
			isWholeWhenSeen: false,
			send: async (content, signal) => await this.using(async () => await putFile(session, path, content, signal)),
		};
	}

	async release(): Promise<() => void> {
		let giveBack = () => {};
		this.lent = new Promise((resolve) => {
			giveBack = () => {
				this.lent = undefined;
				resolve();
			};
		});
		await this.users.gone();
		const current = this.connection;
		this.connection = undefined;
		await current?.then(async (open) => await open.end()).catch(() => {});
		return giveBack;
	}

	async close(): Promise<void> {
		this.isClosed = true;
		const connection = this.connection;
		this.connection = undefined;
		// A connection that never came up has said so to whoever asked for it.
		await connection?.then(async (open) => await open.end()).catch(() => {});
	}

	/** Waits while the connection is lent. Gives the way to leave it. */
	private async enter(): Promise<() => void> {
		while (this.lent) await this.lent;
		return this.users.enter();
	}

	private async using<T>(work: () => Promise<T>): Promise<T> {
		const leave = await this.enter();
		return await work().finally(leave);
	}

	private async opened(file: FilePath, resume?: Resume): Promise<FileStream> {
		for (let attempt = 1; ; attempt++) {
			const connection = await this.connected();
			try {
				return await this.open(connection, file, resume);
			} catch (error) {
				// Another file's trouble may have broken it.
				if (connection.alive() || attempt === OPEN_ATTEMPTS) throw error;
			}
		}
	}

	private async open(connection: SftpConnection, file: FilePath, resume?: Resume): Promise<FileStream> {
		const path = formatFile(file);
		const { sftp, progress, reads } = connection;
		const { inFlight } = this.options;
		// Before the file is opened: a server may let only one handle be open.
		const listed = this.hasNoSizes ? await this.listed(file) : undefined;
		const { handle, close } = await this.handles.open(path, sftp, (done) => sftp.open(`/${path}`, 'r', done));
		const facts = listed ?? (await this.factsOf(sftp, handle, path, close));
		if (!facts) return await this.open(connection, file, resume);
		const { size, mtime } = facts;
		const version = `${size} bytes of ${mtime}`;
		if (resume && resume.version !== version) {
			close();
			throw replacedMeanwhile(path);
		}
		// A listing may be of a file that was replaced since: that it ends where it should is asked for.
		const isListed = listed !== undefined;
		const stream = new PipelinedRead(sftp, handle, {
			from: resume?.from,
			size,
			inFlight,
			window: reads,
			checksEnd: isListed,
		});
		stream.once('close', close);
		stream.once('error', (error) => {
			if (error instanceof SilentLine) connection.destroy();
		});
		return { stream, size, version, progress };
	}

	/** Size and time of an open file; undefined, and the file closed, where the server does not say. */
	private async factsOf(
		sftp: SFTPWrapper,
		handle: Buffer,
		path: string,
		close: () => void,
	): Promise<FileFacts | undefined> {
		try {
			const stats = await this.answer<Stats | undefined>(path, (done) => sftp.fstat(handle, done));
			if (isSize(stats?.size)) return stats;
		} catch (error) {
			if (!(error instanceof FileXError) || error.sftpStatus === undefined) {
				close();
				throw error;
			}
		}
		close();
		this.hasNoSizes = true;
		return undefined;
	}

	/** Size and time of a file by its sub-space's listing. @throws FileXError `not-found` */
	private async listed(file: FilePath): Promise<FileFacts> {
		const { files } = readEntries(await this.allEntriesOf(formatSpace(file)));
		const found = files.find(({ name }) => name === file.name);
		if (!found) throw noSuchFile(formatFile(file));
		return { size: found.size, mtime: found.lastModified.getTime() / 1000 };
	}

	private async connected(): Promise<SftpConnection> {
		const current = (this.connection ??= connectSftp(this.account, this.options));
		const connection = await current.catch((error: unknown) => {
			// What was reached before may be reached again, one connection less makes room for this one, and what was not
			// reached may be soon; but each step of a run must not wait for a server that is gone.
			this.unreachedSince ??= performance.now();
			const isWorthIt = performance.now() - this.unreachedSince < PATIENCE.ms;
			const isBusy = error instanceof FileXError && error.kind === 'busy';
			const mayDoBetter = this.wasConnected || isBusy || (isWorthIt && mayPass(error));
			if (mayDoBetter && this.connection === current) this.connection = undefined;
			throw error;
		});
		if (this.isClosed) {
			await connection.end();
			throw cancelled('The SFTP request');
		}
		this.wasConnected = true;
		this.unreachedSince = undefined;
		if (connection.alive()) return connection;
		// To end it sooner would leave open what became of them.
		await connection.uploads.gone();
		// Another caller may have replaced it by now.
		if (this.connection === current) this.connection = undefined;
		await connection.end();
		return await this.connected();
	}

	private async directories(path: string): Promise<RemoteDirectory[]> {
		const entries = await this.entries(path);
		const names = new Set(entries.filter(isDirectory).map(({ filename }) => filename));
		const unreadable = [...names].flatMap((name) => unusable(name) ?? []);
		if (unreadable.length > 0)
			throw unreadableEntries(
				path,
				unreadable.map((reason) => `a directory ${reason}`),
			);
		return [...names].map((name) => ({ name }));
	}

	private async entries(path: string): Promise<FileEntryWithStats[]> {
		return await this.using(async () => await this.allEntriesOf(path));
	}

	private async allEntriesOf(path: string): Promise<FileEntryWithStats[]> {
		if (this.readsInOrder) {
			try {
				return await this.allEntries(path);
			} catch (error) {
				if (!(error instanceof OutOfOrder)) throw error;
				this.readsInOrder = false;
			}
		}
		return await this.allEntries(path, 1);
	}

	/** @param inFlight requests for entries at a time */
	private async allEntries(path: string, inFlight?: number): Promise<FileEntryWithStats[]> {
		const { sftp } = await this.connected();
		const { handle, close } = await this.handles.open(path, sftp, (done) => sftp.opendir(`/${path}`, done));
		const all = new EntryCollector<FileEntryWithStats>(path);
		const ask = async () => {
			const part = await this.answer<FileEntryWithStats[] | 'end' | undefined>(path, (done) =>
				// Without `full`, ssh2 fails at an answer that has no list.
				(sftp as unknown as FullReaddir).readdir(handle, { full: true }, (error, list) =>
					error && statusCode(error) === STATUS.EOF ? done(undefined, 'end') : done(error, list),
				),
			);
			if (!part) throw emptySuccess(path, 'entries');
			return part;
		};
		try {
			await readDirectory(ask, all, inFlight);
		} finally {
			close();
		}
		return all.entries.filter(({ filename }) => filename !== '.' && filename !== '..');
	}

	/** One request and its answer, with a time limit; a refusal becomes a FileXError about `path`. */
	private readonly answer: Answer = async (path, request) => {
		const limit = deadline(
			this.options.answerTimeout ?? ANSWER_TIMEOUT,
			`The SFTP request for '${path}'`,
			this.options.signal,
		);
		try {
			return await new Promise((resolve, reject) => {
				const stop = () => reject(abortReason(limit.signal));
				if (limit.signal.aborted) return stop();
				limit.signal.addEventListener('abort', stop, { once: true });
				request((error, value) => (error ? reject(sftpRefusal(error, path)) : resolve(value)));
			});
		} finally {
			limit.clear();
		}
	};
}
