import { Readable } from 'node:stream';

/** A piece of a file that is asked for by itself. */
export interface Piece {
	/** The next byte that is missing. */
	at: number;
	/** Where it ends, in bytes of the file; not part of it. */
	end: number;
}

/** Bytes of one piece. Each costs a request, and what the SDK does for one counts at smaller sizes. */
export const PIECE = 8 * 2 ** 20;

/** Pieces that are asked for at a time, all of which may have to wait in memory. */
const IN_FLIGHT = 2;

/**
 * Gets the bytes of a piece from `at` on, hands them to `take` in their order and moves `at` on. It
 * resolves once the piece is whole.
 */
export type Fetch = (piece: Piece, take: (bytes: Buffer) => void, signal: AbortSignal) => Promise<void>;

interface Fetched extends Piece {
	/** Received and not handed on yet. */
	chunks: Buffer[];
	isWhole: boolean;
}

/** Reads a file in pieces, some at a time, and hands the bytes on strictly in order. It ends after `size` bytes. */
export class RangedRead extends Readable {
	private readonly over = new AbortController();
	/** Asked for and not handed on yet, in the file's order. */
	private readonly pieces: Fetched[] = [];
	/** The next byte to ask for. */
	private next: number;
	private wanted = false;
	/** Bytes that came, in whatever order. */
	received = 0;

	/** @param from where to begin, in bytes */
	constructor(
		private readonly size: number,
		private readonly fetch: Fetch,
		from = 0,
	) {
		super({ highWaterMark: 2 ** 20 });
		this.next = from;
	}

	override _read(): void {
		this.wanted = true;
		this.ask();
		this.handOn();
	}

	override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
		this.over.abort();
		done(error);
	}

	private ask(): void {
		while (this.next < this.size && this.pieces.length < IN_FLIGHT) {
			const piece: Fetched = { at: this.next, end: Math.min(this.next + PIECE, this.size), chunks: [], isWhole: false };
			this.pieces.push(piece);
			this.next = piece.end;
			const take = (bytes: Buffer) => {
				this.received += bytes.length;
				piece.chunks.push(bytes);
				this.handOn();
			};
			this.fetch(piece, take, this.over.signal).then(
				() => {
					piece.isWhole = true;
					this.handOn();
				},
				(error: Error) => this.destroy(error),
			);
		}
	}

	private handOn(): void {
		if (this.destroyed) return;
		for (let head = this.pieces[0]; head && this.wanted; head = this.pieces[0]) {
			const bytes = head.chunks.shift();
			if (bytes) {
				this.wanted = this.push(bytes);
			} else if (head.isWhole) {
				this.pieces.shift();
				this.ask();
			} else {
				return;
			}
		}
		if (this.pieces.length === 0 && this.next >= this.size) this.push(null);
	}
}
