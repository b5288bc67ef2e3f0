import type { SFTPWrapper } from 'ssh2';
import { cancelled, FileXError } from '../errors';
import { KeyedSemaphore } from '../util/semaphore';
import { type Answer, emptySuccess } from './sftp-errors';
import { STATUS } from './status';

/** A file or a directory that is open at the server. */
export interface OpenHandle {
	handle: Buffer;
	/** Closes it, once, and does not wait for the answer. */
	close: () => void;
	/** Makes way for the next one without closing it, because who opened it does that, or the connection is gone. */
	leave: () => void;
}

type Open = (done: (error: Error | undefined, handle: Buffer) => void) => void;

/**
 * Opens files and directories. Some servers let one be open at a time and refuse the next: what was refused beside others
 * is tried again when they are closed, and if that helps, all open one by one from then on.
 */
export class HandleGate {
	private readonly turns = new KeyedSemaphore(() => cancelled('The SFTP request'));
	private isOneByOne = false;
	private openNow = 0;
	/** Statuses that were given also where nothing else was open: those are no sign of such a server. */
	private readonly genuine = new Set<number>();

	constructor(
		private readonly answer: Answer,
		private readonly signal?: AbortSignal,
	) {}

	/** @throws FileXError with `sftpStatus` where the server refuses */
	async open(path: string, sftp: SFTPWrapper, request: Open): Promise<OpenHandle> {
		const met = { wasAlone: true };
		try {
			return await this.inTurn(this.isOneByOne ? 1 : Infinity, path, sftp, request, met);
		} catch (error) {
			const status = error instanceof FileXError ? error.sftpStatus : undefined;
			if (status === undefined || status === STATUS.NO_SUCH_FILE || this.genuine.has(status)) throw error;
			if (met.wasAlone) {
				this.genuine.add(status);
				throw error;
			}
			return await this.openAlone(path, sftp, request, status);
		}
	}

	private async openAlone(path: string, sftp: SFTPWrapper, request: Open, status: number): Promise<OpenHandle> {
		for (;;) {
			const met = { wasAlone: true };
			try {
				const opened = await this.inTurn(1, path, sftp, request, met);
				this.isOneByOne = true;
				return opened;
			} catch (error) {
				// Another may have come in just before.
				if (!met.wasAlone && error instanceof FileXError && error.sftpStatus === status) continue;
				this.genuine.add(status);
				throw error;
			}
		}
	}

	/** @param most handles that may be open beside each other @param met takes whether others were */
	private async inTurn(
		most: number,
		path: string,
		sftp: SFTPWrapper,
		request: Open,
		met = { wasAlone: true },
	): Promise<OpenHandle> {
		const leave = await this.turns.acquire('', most, this.signal);
		met.wasAlone = this.openNow === 0;
		this.openNow++;
		let isOpen = true;
		const end = () => {
			if (isOpen) this.openNow--;
			isOpen = false;
			leave();
		};
		try {
			const handle = await this.answer<Buffer | undefined>(path, request);
			if (!handle) throw emptySuccess(path, 'a handle');
			return {
				handle,
				close() {
					if (isOpen) sftp.close(handle, () => {});
					end();
				},
				leave: end,
			};
		} catch (error) {
			end();
			throw error;
		}
	}
}
