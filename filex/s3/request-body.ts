import { Transform, type Readable } from 'node:stream';

/** Aborts when a stream breaks: the SDK would wait indefinitely for the rest. */
export function brokenSignal(stream: Readable): AbortSignal {
	const controller = new AbortController();
	stream.once('error', () => controller.abort());
	return controller.signal;
}

/** S3 takes no piece under 8 KiB but the last, and the SDK makes one of whatever comes. In bytes. */
const SENT_PIECE = 65_536;

/**
 * The same bytes, as the SDK can send them: in pieces that are not too small, and standing still where they
 * break off. It listens for no error of a stream, and one that no one hears ends the process. What it has to
 * make pieces larger reads a whole file at once, however slowly that is sent.
 */
export function requestBody(source: Readable): Readable {
	let held: Buffer[] = [];
	let size = 0;
	const piece = () => {
		const bytes = held.length === 1 ? held[0] : Buffer.concat(held);
		held = [];
		size = 0;
		return bytes;
	};
	const pieces = new Transform({
		transform(chunk: Buffer, _encoding, done) {
			held.push(chunk);
			size += chunk.length;
			if (size < SENT_PIECE) done();
			else done(null, piece());
		},
		flush(done) {
			if (size > 0) this.push(piece());
			done();
		},
	});
	return source.on('error', () => {}).pipe(pieces);
}
