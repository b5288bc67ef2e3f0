import { createCipheriv, createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileContent } from '../../filex';

const PIECE = Buffer.alloc(256 * 1024);

/** Bytes that look random and that anyone can make again, in any amount, without keeping them. */
export class Content {
	/** @param seed different seeds, up to 16 characters long, give different bytes */
	constructor(
		readonly size: number,
		private readonly seed = 'content',
	) {}

	/** All of it, bit by bit. */
	stream(): Readable {
		return Readable.from(this.pieces(), { objectMode: false });
	}

	/** All of it at once; for small ones. */
	bytes(): Buffer {
		return Buffer.concat([...this.pieces()]);
	}

	/** As `filex/` takes a file to upload. @param pause before each 256 KiB, in ms */
	file(pause = 0): FileContent & { of?: Content } {
		if (pause === 0) return { size: this.size, open: async () => this.stream(), of: this };
		return { size: this.size, open: async () => Readable.from(this.slowPieces(pause), { objectMode: false }) };
	}

	/** A digest of all of it, in hexadecimal digits. */
	digest(algorithm: 'md5' | 'sha256'): string {
		const hash = createHash(algorithm);
		for (const piece of this.pieces()) hash.update(piece);
		return hash.digest('hex');
	}

	private async *slowPieces(pause: number): AsyncGenerator<Buffer> {
		for (const piece of this.pieces()) {
			await sleep(pause);
			yield piece;
		}
	}

	private *pieces(): Generator<Buffer> {
		const cipher = createCipheriv('aes-128-ctr', this.seed.padEnd(16), Buffer.alloc(16));
		for (let left = this.size; left > 0; left -= PIECE.length) {
			yield cipher.update(PIECE.subarray(0, Math.min(left, PIECE.length)));
		}
	}
}

/** What a stream turned out to be. */
export async function summary(stream: Readable): Promise<{ size: number; sha256: string }> {
	const hash = createHash('sha256');
	let size = 0;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		hash.update(chunk);
		size += chunk.length;
	}
	return { size, sha256: hash.digest('hex') };
}
