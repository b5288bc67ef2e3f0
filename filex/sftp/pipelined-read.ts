import { Readable } from 'node:stream';
import type { SFTPWrapper } from 'ssh2';
import { connectionEnded, FlightWindow } from './flight-window';
import { statusCode, STATUS } from './status';

export interface ReadOptions {
	/** Where to begin, in bytes. */
	from?: number;
	/** Where the file ends, in bytes. */
	size: number;
	/** Requests on their way at a time; 1 means strictly one after the other (guide, FAQ 36). */
	inFlight?: number;
	/** The connection's, shared by its files. */
	window?: FlightWindow;
	/** Whether to ask at the end if the file ends there. */
	checksEnd?: boolean;
}

/** A piece of the file that was asked for. */
interface Piece {
	at: number;
	bytes: Buffer;
	filled: number;
}

/** Bytes of a request at most. Fewer and larger ones cost less; a server that gives no more than 32 KiB is asked for those. */
const LARGEST = 65_536;
const EVERY_SERVER = 32_768;

/** Bytes that may have been asked for and not handed on. */
const MOST_AHEAD = 4 * 2 ** 20;

/**
 * Reads an open file with many requests in flight, as many as the connection's window allows, and hands the bytes on
 * strictly in order, however the answers are ordered. A short answer is asked again for its rest. The stream ends after
 * `size` bytes, and fails when the server says that the file ends earlier. It does not close the handle.
 */
export class PipelinedRead extends Readable {
	private readonly size: number;
	private readonly inFlight: number;
	private readonly window: FlightWindow;
	private readonly chunk: number;
	/** The next byte to ask for, and the next one to hand on. */
	private next: number;
	private handedOn: number;
	/** Asked for and not handed on yet, in the file's order. */
	private readonly pieces: Piece[] = [];
	private unfilled = 0;
	private wanted = false;
	private isInLine = false;
	private readonly checksEnd: boolean;
	private isChecking = false;

	constructor(
		private readonly sftp: SFTPWrapper,
		private readonly handle: Buffer,
		{ from = 0, size, inFlight = Infinity, window = new FlightWindow(), checksEnd = false }: ReadOptions,
	) {
		super({ highWaterMark: 1_048_576 });
		this.size = size;
		this.inFlight = inFlight;
		this.window = window;
		this.chunk = Math.min(LARGEST, Math.max(EVERY_SERVER, largestRead(sftp)));
		this.next = from;
		this.handedOn = from;
		this.checksEnd = checksEnd;
	}

	override _read(): void {
		this.wanted = true;
		this.ask();
		this.handOn();
	}

	/** Stands in line for room in the window, once at a time, so that the files of a connection take turns. */
	private ask(): void {
		const mayAsk = this.next < this.size && this.unfilled < this.inFlight && this.next - this.handedOn < MOST_AHEAD;
		if (!mayAsk || this.isInLine || this.destroyed) return;
		this.isInLine = true;
		this.window.take(Math.min(this.chunk, this.size - this.next), (length) => {
			this.isInLine = false;
			if (length === undefined) return void this.destroy(connectionEnded());
			if (this.destroyed) return this.window.giveBack(length);
			const piece = { at: this.next, bytes: Buffer.allocUnsafeSlow(length), filled: 0 };
			this.pieces.push(piece);
			this.unfilled++;
			this.next += length;
			this.request(piece);
			this.ask();
		});
	}

	private request(piece: Piece): void {
		const { at, bytes, filled } = piece;
		const missing = bytes.length - filled;
		const sentAt = this.window.time();
		const answered = (error: Error | undefined, count: number) => {
			if (this.destroyed || error || !count) {
				this.window.giveBack(missing);
				if (!this.destroyed) this.destroy(brokenOff(error, at + filled, this.size));
				return;
			}
			piece.filled += count;
			this.window.answered(count, sentAt);
			if (piece.filled < bytes.length) return this.request(piece);
			this.unfilled--;
			this.ask();
			this.handOn();
		};
		// Without this, ssh2 gives the end of a file as a read of no bytes, as it does an answer that has none.
		answered._wantEOFError = true;
		this.sftp.read(this.handle, bytes, filled, missing, at + filled, answered);
	}

	private handOn(): void {
		while (this.wanted && this.pieces[0] && this.pieces[0].filled === this.pieces[0].bytes.length) {
			const { bytes } = this.pieces.shift()!;
			this.handedOn += bytes.length;
			this.wanted = this.push(bytes);
			this.ask();
		}
		if (this.pieces.length > 0 || this.next < this.size) return;
		if (!this.checksEnd) this.push(null);
		else if (!this.isChecking) this.checkEnd();
	}

	private checkEnd(): void {
		this.isChecking = true;
		const answered = (error: Error | undefined, count: number) => {
			if (statusCode(error) === STATUS.EOF) this.push(null);
			else this.destroy(error ?? new Error(`the file goes on after ${this.size} bytes (${count} more came)`));
		};
		answered._wantEOFError = true;
		this.sftp.read(this.handle, Buffer.alloc(1), 0, 1, this.size, answered);
	}
}

/** Bytes that the server gives for one request, as ssh2 knows it from `limits@openssh.com`, or takes it to be. */
function largestRead(sftp: SFTPWrapper): number {
	const { _maxReadLen = EVERY_SERVER } = sftp as { _maxReadLen?: number };
	return Math.floor(_maxReadLen / EVERY_SERVER) * EVERY_SERVER;
}

function brokenOff(error: Error | undefined, at: number, size: number): Error {
	if (!error) return new Error(`the server answered a read at byte ${at} of ${size} without bytes`);
	if (statusCode(error) !== STATUS.EOF) return error;
	return new Error(`the server says that the file ends at byte ${at} of ${size}`);
}
