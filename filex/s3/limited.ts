import { pipeline, Readable, Transform } from 'node:stream';

/** The longest answer of S3's but a file, in bytes: a page of 1,000 keys of 1,024 bytes each, as S3 gives them, and more. */
export const LONGEST_S3_ANSWER = 8 * 2 ** 20;

/** The same bytes, but an error in place of those over the limit: the SDK would keep them all in memory. */
export function limited(body: Readable, tooLong: () => Error): Readable {
	let bytes = 0;
	const limit = new Transform({
		transform(chunk: Buffer, _encoding, done) {
			bytes += chunk.length;
			if (bytes > LONGEST_S3_ANSWER) done(tooLong());
			else done(null, chunk);
		},
	});
	// Both ends learn of it: the SDK by its own stream, the connection by being closed.
	pipeline(body, limit, () => {});
	return limit;
}
