import { MessageChannel } from 'node:worker_threads';
import type { Account } from '../account/account';
import { cancelled, type FileXError } from '../errors';
import { type FilePath, formatFile } from '../places/paths';
import type { AccessMethod, FileSpace, Presigned, RemoteFile, UploadOutcome } from '../space';
import type { OpenedDownload } from '../transfer/checked-reader';
import type { LocalFile } from '../transfer/local-file';
import { unclear } from '../transfer/upload-outcomes';
import { PATIENCE } from '../util/patience';
import { SLOT, SlotReader, SLOTS } from './slots';
import type { NearPorts } from './near-ports';
import { TransferThread } from './thread';
import { unpackError } from './wire';

/**
 * From how many bytes on a file goes by the transfer thread: below, what the thread saves is less than it costs. Over SFTP
 * it costs a second login.
 */
export const BULK: { from: Record<AccessMethod, number> } = {
	from: { rest: 8 * 2 ** 20, s3: 8 * 2 ** 20, sftp: 64 * 2 ** 20 },
};

export interface BulkOptions {
	account: Account;
	method: AccessMethod;
	ports: NearPorts;
	/** SFTP requests in flight. */
	inFlight?: number;
	/** The space of the run, whose connection is needed meanwhile. */
	space: Pick<FileSpace, 'release'>;
	/** Stops all of them. */
	signal?: AbortSignal;
	/** Called once, where no thread can be made: then everything goes as without one. */
	onMissing?: (reason: string) => void;
}

/** While at least one transfer is under way. */
interface Session {
	thread: TransferThread;
	id: number;
	/** Gives the space its connection back. */
	giveBack?: () => void;
}

let lastDownload = 0;

/** The large transfers of a run, in a thread of their own. */
export class Bulk {
	private session?: Promise<Session | undefined>;
	private closing?: Promise<void>;
	private transfers = 0;
	private isMissing = false;

	constructor(private readonly options: BulkOptions) {}

	/** Whether files of so many bytes go by the thread. */
	takes(size: number): boolean {
		return size >= BULK.from[this.options.method] && !this.isMissing;
	}

	/** Opens a file to be downloaded; undefined where it is small, or there is no thread. */
	async download(file: FilePath, { size }: RemoteFile): Promise<OpenedDownload | undefined> {
		const session = await this.begin(size);
		if (!session) return undefined;
		const { thread, id } = session;
		const download = ++lastDownload;
		const opened = await thread.call('openDownload', { session: id, download, file }).catch(async (error: unknown) => {
			await this.end();
			throw error;
		});
		let digest: string | undefined;
		const sha256 = () => {
			if (digest === undefined) throw new Error('the stream has not ended yet');
			return digest;
		};
		let isOver = false;
		const drop = () => {
			if (isOver) return;
			isOver = true;
			void thread
				.call('dropDownload', { download })
				.catch(() => {})
				.then(async () => await this.end());
		};
		return {
			size: opened.size,
			md5: opened.md5,
			drop,
			verified() {
				const memory = new SharedArrayBuffer(SLOTS * SLOT);
				const { port1, port2 } = new MessageChannel();
				const stream = new SlotReader(memory, port1, async () => {
					({ sha256: digest } = await thread.call('runDownload', { download, to: { memory, port: port2 } }, undefined, [
						port2,
					]));
				});
				stream.once('close', drop);
				return {
					stream,
					sha256,
					async saveTo(path) {
						({ sha256: digest } = await thread.call('runDownload', { download, to: { path } }));
					},
				};
			},
		};
	}

	/** Sends a file of this machine; undefined where it is small, or there is no thread. */
	async upload(
		file: FilePath,
		content: LocalFile,
		signal: AbortSignal,
		presigned?: Presigned,
	): Promise<UploadOutcome | undefined> {
		const session = await this.begin(content.size);
		if (!session) return undefined;
		try {
			if (signal.aborted) return { outcome: 'rejected', mayRepeat: false, error: cancelled('The upload') };
			const outcome = await session.thread.call('upload', { session: session.id, file, content, presigned }, signal);
			if (outcome.outcome === 'accepted') return outcome;
			return { ...outcome, error: unpackError(outcome.error) as FileXError };
		} catch (error) {
			// Of what was under way when the thread ended, it is not known how much had left.
			return { outcome: 'unknown', error: unclear(formatFile(file), (error as Error).message) };
		} finally {
			await this.end();
		}
	}

	/** One transfer begins; undefined where it goes another way. */
	private async begin(size: number): Promise<Session | undefined> {
		if (!this.takes(size)) return undefined;
		this.transfers++;
		this.session ??= this.open();
		const session = await this.session;
		if (!session) this.transfers--;
		return session;
	}

	private async open(): Promise<Session | undefined> {
		const { account, method, inFlight, ports, space, signal, onMissing } = this.options;
		let giveBack: (() => void) | undefined;
		await this.closing;
		try {
			const thread = TransferThread.get();
			giveBack = await space.release?.();
			const id = await thread.open({ account, method, inFlight, patience: PATIENCE.ms }, ports);
			signal?.addEventListener('abort', () => void thread.stop(id), { once: true });
			return { thread, id, giveBack };
		} catch (error) {
			giveBack?.();
			this.isMissing = true;
			onMissing?.((error as Error).message);
			return undefined;
		}
	}

	/** One transfer has ended. */
	private async end(): Promise<void> {
		this.transfers--;
		const { session } = this;
		if (this.transfers > 0 || !session) return;
		this.session = undefined;
		this.closing = session.then(async (open) => {
			await open?.thread.close(open.id);
			open?.giveBack?.();
		});
		await this.closing;
	}
}
