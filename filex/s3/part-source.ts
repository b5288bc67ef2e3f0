import { Readable } from 'node:stream';

/** Cuts a stream into parts, which must be taken one after the other. */
export class PartSource {
	private readonly bytes: AsyncIterator<Buffer>;
	private rest: Buffer = Buffer.alloc(0);
	private turn: Promise<unknown> = Promise.resolve();

	constructor(source: Readable) {
		this.bytes = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
	}

	/** Fills the buffer, once those that were asked for earlier have been filled. Fails where the stream ends before. */
	async fill(part: Buffer): Promise<void> {
		const turn = this.turn.then(async () => {
			let at = 0;
			for await (const bytes of this.take(part.length)) at += bytes.copy(part, at);
		});
		this.turn = turn.catch(() => {});
		await turn;
	}

	/** The next `length` bytes as a stream. */
	stream(length: number): Readable {
		return Readable.from(this.take(length), { objectMode: false });
	}

	private async *take(length: number): AsyncGenerator<Buffer> {
		for (let missing = length; missing > 0;) {
			if (this.rest.length === 0) {
				const { value, done } = await this.bytes.next();
				if (done) throw new Error('the content ended early');
				this.rest = value;
			}
			const bytes = this.rest.subarray(0, missing);
			this.rest = this.rest.subarray(bytes.length);
			missing -= bytes.length;
			yield bytes;
		}
	}

	/** Reads on to the stream's end, where its last bytes are judged. */
	async end(): Promise<void> {
		while (!(await this.bytes.next()).done);
	}
}
