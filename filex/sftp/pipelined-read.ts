import { Readable } from 'node:stream';
import type { SFTPWrapper } from 'ssh2';
import { statusCode, STATUS } from './status';

export interface ReadOptions {
	/** Where to begin, in bytes. */
	from?: number;
	/** Where the file ends, in bytes. */
	size: number;
	/** Requests on their way at a time; 1 means strictly one after the other (guide, FAQ 36). */
	inFlight?: number;
	/**
	 * Bytes that are asked for at a time. Fewer and larger requests cost less; for a server that takes
	 * no more than 32 KiB, which is most but OpenSSH, ssh2 asks for the parts of each one by one.
	 */
	chunk?: number;
}

/** A piece of the file that was asked for. */
interface Piece {
	at: number;
	bytes: Buffer;
	filled: number;
}

/**
 * Reads an open file with many requests in flight and hands the bytes on strictly in order, however
 * the answers are ordered. A short answer is asked again for its rest. The stream ends after `size`
 * bytes, and fails when the server says that the file ends earlier. It does not close the handle.
 */
export class PipelinedRead extends Readable {
	private readonly size: number;
	private readonly inFlight: number;
	private readonly chunk: number;
	/** The next byte to ask for. */
	private next: number;
	/** Asked for and not handed on yet, in the file's order. */
	private readonly pieces: Piece[] = [];
	private wanted = false;

	constructor(
		private readonly sftp: SFTPWrapper,
		private readonly handle: Buffer,
		{ from = 0, size, inFlight = 64, chunk = 65_536 }: ReadOptions,
	) {
		super({ highWaterMark: 1_048_576 });
		this.size = size;
		this.inFlight = inFlight;
		this.chunk = chunk;
		this.next = from;
	}

	override _read(): void {
		this.wanted = true;
		this.ask();
		this.handOn();
	}

	private ask(): void {
		while (this.next < this.size && this.pieces.length < this.inFlight) {
			const length = Math.min(this.chunk, this.size - this.next);
			const piece = { at: this.next, bytes: Buffer.allocUnsafeSlow(length), filled: 0 };
			this.pieces.push(piece);
			this.next += length;
			this.request(piece);
		}
	}

	private request(piece: Piece): void {
		const { at, bytes, filled } = piece;
		const missing = bytes.length - filled;
		this.sftp.read(this.handle, bytes, filled, missing, at + filled, (error, count) => {
			if (this.destroyed) return;
			if (error && statusCode(error) !== STATUS.EOF) return void this.destroy(error);
			if (error || !count) return void this.destroy(endedEarly(at + filled, this.size));
			piece.filled += count;
			if (piece.filled < bytes.length) this.request(piece);
			else this.handOn();
		});
	}

	private handOn(): void {
		while (this.wanted && this.pieces[0] && this.pieces[0].filled === this.pieces[0].bytes.length) {
			this.wanted = this.push(this.pieces.shift()!.bytes);
			if (this.wanted) this.ask();
		}
		if (this.pieces.length === 0 && this.next >= this.size) this.push(null);
	}
}

function endedEarly(at: number, size: number): Error {
	return new Error(`the server says that the file ends at byte ${at} of ${size}`);
}
