import { sha256, type Signed } from './signature';

/** The last line of a body: a checksum of it. */
export interface Trailer {
	name: string;
	value: string;
}

/** A body without its frames, cut into pieces, and the empty one that ends it. */
function pieces(bytes: Buffer, size: number): Buffer[] {
	const count = Math.ceil(bytes.length / size);
	return Array.from({ length: count + 1 }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

/**
 * Frames a body in chunks that are each signed on top of the one before, and the trailer after the
 * last: no client here does that.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function signedChunks(bytes: Buffer, size: number, { signature, sign }: Signed, trailer?: Trailer): Buffer {
	const frames: Array<Buffer | string> = [];
	let last = signature;
	for (const piece of pieces(bytes, size)) {
		last = sign('AWS4-HMAC-SHA256-PAYLOAD', last, sha256(''), sha256(piece));
		frames.push(`${piece.length.toString(16)};chunk-signature=${last}\r\n`, piece, piece.length > 0 ? '\r\n' : '');
	}
	if (trailer !== undefined) {
		const line = `${trailer.name}:${trailer.value}`;
		last = sign('AWS4-HMAC-SHA256-TRAILER', last, sha256(`${line}\n`));
		frames.push(`${line}\r\nx-amz-trailer-signature:${last}\r\n`);
	}
	return joined([...frames, '\r\n']);
}

/** Frames a body in chunks that no one signed, as today's SDKs do, with a trailer after the last. */
export function plainChunks(bytes: Buffer, size: number, { name, value }: Trailer): Buffer {
	const frames = pieces(bytes, size).flatMap((piece) => [
		`${piece.length.toString(16)}\r\n`,
		piece,
		piece.length > 0 ? '\r\n' : '',
	]);
	return joined([...frames, `${name}:${value}\r\n\r\n`]);
}

const joined = (frames: Array<Buffer | string>): Buffer =>
	Buffer.concat(frames.map((frame) => Buffer.from(frame as string)));
