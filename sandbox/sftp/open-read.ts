import { read } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import ssh2, { type SFTPWrapper } from 'ssh2';
import type { Effect } from '../faults';
import type { StoredFile } from '../state/store';

const { STATUS_CODE: STATUS } = ssh2.utils.sftp;

/** Bytes in one READ answer, at most. */
const MAX_READ = 1 << 18;

/** How long an answer that is held back waits for another to overtake it, in milliseconds. */
const OVERTAKE_LIMIT = 20;

/** A third of what was asked, but as much as real servers give at least: some clients ask for less and less. */
function shortened(wanted: number): number {
	return Math.min(wanted, Math.max(Math.ceil(wanted / 3), 8192));
}

/** A file that a client reads. */
export class OpenRead {
	readonly kind = 'read';
	readonly size: number;
	readonly lastModified: Date;
	private held: (() => void) | undefined;

	constructor(
		private readonly sftp: SFTPWrapper,
		readonly path: string[],
		{ size, lastModified }: StoredFile,
		private readonly file: FileHandle,
		private readonly effect: Effect | undefined,
		private readonly cut: () => void,
	) {
		this.size = size;
		this.lastModified = lastModified;
	}

	read(id: number, offset: number, length: number): void {
		if (offset >= this.size / 2) {
			if (this.effect === 'cut') return this.cut();
			if (this.effect === 'stall') return;
		}
		const wanted = Math.min(length, MAX_READ);
		const bytes = Buffer.allocUnsafeSlow(this.effect === 'short' ? shortened(wanted) : wanted);
		// By callback: a promise for every 32 KiB costs more than the reading.
		read(this.file.fd, bytes, 0, bytes.length, offset, (error, count) =>
			this.answer(id, error, bytes.subarray(0, count)),
		);
	}

	private answer(id: number, error: Error | null, bytes: Buffer): void {
		const send = () => {
			if (error) this.sftp.status(id, STATUS.FAILURE);
			else if (bytes.length === 0) this.sftp.status(id, STATUS.EOF);
			else this.sftp.data(id, bytes);
		};
		if (this.effect !== 'reorder') return send();
		if (this.held) {
			send();
			return this.release();
		}
		this.held = send;
		setTimeout(() => this.release(), OVERTAKE_LIMIT);
	}

	private release(): void {
		this.held?.();
		this.held = undefined;
	}

	async close(): Promise<boolean> {
		this.release();
		await this.file.close().catch(() => {});
		return true;
	}

	async breakOff(): Promise<void> {
		await this.close();
	}
}
