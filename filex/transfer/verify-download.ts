import { createHash } from 'node:crypto';
import { Transform, type Readable } from 'node:stream';
import { FileXError } from '../errors';
import { mindPace, type Pace, SLOWEST_PACE } from '../util/pace';

export interface VerifiedDownload {
	/** The same bytes. Fails with an `incomplete` error instead of ending when the size is not right. */
	stream: Readable;
	/** The lower-case hex SHA-256 of all bytes; only known once the stream has ended. */
	sha256(): string;
}

/** How long a transfer may stand still, in ms. */
export const IDLE_TIMEOUT = 60_000;

export interface DownloadLimits {
	/** How long it may stand still, in ms. */
	idle?: number;
	/** How slow it may be. */
	pace?: Pace;
	/** As a {@link FileStream} has it: while it changes, nothing stands still. */
	progress?: () => number;
}

/** Hashes and counts bytes on their way, and breaks a transfer off that stands still for `idle` ms, or is slower than `pace`. */
export function verifyDownload(
	source: Readable,
	size: number,
	what: string,
	{ idle = IDLE_TIMEOUT, pace = SLOWEST_PACE, progress = () => 0 }: DownloadLimits = {},
): VerifiedDownload {
	const hash = createHash('sha256');
	let received = 0;
	let digest: string | undefined;
	let lastSeen = '';
	const check = new Transform({
		transform(chunk: Buffer, _encoding, done) {
			hash.update(chunk);
			received += chunk.length;
			done(received > size ? incomplete(what, received, size) : null, chunk);
		},
		flush(done) {
			digest = hash.digest('hex');
			done(received === size ? null : incomplete(what, received, size));
		},
	});
	const watch = setInterval(() => {
		const seen = `${received} ${progress()}`;
		// Whoever takes it may be slow, also with the last of it.
		if (seen === lastSeen && received < size && !check.writableNeedDrain) {
			check.destroy(stalled(what, received, size, idle));
		}
		lastSeen = seen;
	}, idle);
	const leavePace = mindPace(
		pace,
		() => received,
		() => !check.writableEnded && !check.writableNeedDrain,
		() => check.destroy(tooSlow(what, received, size, pace)),
	);
	// It may break before its consumer listens, which must not end the process.
	check.on('error', () => {});
	source.on('error', (error) => {
		check.destroy(error instanceof FileXError ? error : cut(what, received, size, error));
	});
	source.on('close', () => {
		if (!source.readableEnded) check.destroy(cut(what, received, size));
	});
	check.on('close', () => {
		clearInterval(watch);
		leavePace();
		source.destroy();
	});
	source.pipe(check);
	return {
		stream: check,
		sha256() {
			if (digest === undefined) throw new Error('the stream has not ended yet');
			return digest;
		},
	};
}

const AGAIN = 'What was received is discarded. Running it again is safe.';

function incomplete(what: string, received: number, size: number): FileXError {
	return new FileXError('incomplete', `'${what}' did not arrive whole: ${received} of ${size} bytes`, {
		hint: AGAIN,
		retrySafe: true,
	});
}

function stalled(what: string, received: number, size: number, idle: number): FileXError {
	return new FileXError(
		'unavailable',
		`'${what}' stood still for ${idle / 1000} s after ${received} of ${size} bytes`,
		{
			hint: AGAIN,
			retrySafe: true,
		},
	);
}

function tooSlow(what: string, received: number, size: number, { least, within }: Pace): FileXError {
	return new FileXError(
		'unavailable',
		`'${what}' came too slowly: fewer than ${least} bytes in ${within / 1000} s, after ${received} of ${size} bytes`,
		{
			hint: AGAIN,
			retrySafe: true,
		},
	);
}

function cut(what: string, received: number, size: number, error?: NodeJS.ErrnoException): FileXError {
	return new FileXError('incomplete', `The connection broke after ${received} of ${size} bytes of '${what}'`, {
		hint: `${AGAIN}${error ? ` Technical detail: ${error.message}.` : ''}`,
		retrySafe: true,
	});
}
