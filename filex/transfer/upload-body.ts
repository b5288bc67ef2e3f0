import { createHash, type Hash } from 'node:crypto';
import { finished, Transform, type Readable } from 'node:stream';
import { FileXError, findFileXError, inputError } from '../errors';
import { LONGEST_TIMER } from '../util/deadline';
import { mindPace, type Pace, SLOWEST_PACE } from '../util/pace';
import { IDLE_TIMEOUT } from './verify-download';

/** A file's bytes on their way out. */
export interface UploadBody {
	/** The same bytes. Fails, in place of ending, when there are not `size` of them. */
	stream: Readable;
	/** Bytes that were handed on so far. */
	handedOn(): number;
	/** The lower-case hex SHA-256 of all bytes; undefined until they have been handed on. */
	sha256(): string | undefined;
	/** The lower-case hex MD5 of all bytes; undefined until then, and where it was not asked for. */
	md5(): string | undefined;
	/** Aborts when no byte was taken for `idle` ms, or no answer came for as long after the last one; or when they are taken more slowly than `pace`. */
	stalled: AbortSignal;
	/** What was wrong with the source, if something was. */
	failure(): FileXError | undefined;
	/** To be called when it is over. */
	close(): void;
}

export interface UploadBodyOptions {
	/** How long it may stand still, in ms. */
	idle?: number;
	/** How slowly it may be given and taken. */
	pace?: Pace;
	/** Takes the MD5 of the bytes, where something compares it. */
	md5?: Hash;
	/** What their SHA-256 must be, as lower-case hex: the last of others are not handed on. */
	sha256?: string;
}

/** What the system may hold of an upload that was handed on and has not left, in bytes. */
const SYSTEM_BUFFERS = 4 * 2 ** 20;

/** How slow a line may be that empties them, in bytes per second. */
const SLOW_LINE = 16 * 1024;

/**
 * How long an upload over HTTP may seem to stand still, in ms. On a slow line, what was handed on waits in the system's
 * buffers: nothing more is taken for a while, and after the last byte the answer takes as long.
 *
 * @param size of the file, in bytes
 */
export function httpIdle(size: number): number {
	return IDLE_TIMEOUT + (Math.min(size, SYSTEM_BUFFERS) / SLOW_LINE) * 1000;
}

/** Hashes and counts what goes out, and notices when it stands still, or when its source gives it more slowly than `pace`. */
export function uploadBody(
	source: Readable,
	size: number,
	what: string,
	{ idle = IDLE_TIMEOUT, pace = SLOWEST_PACE, md5, sha256: expected }: UploadBodyOptions = {},
): UploadBody {
	const hash = createHash('sha256');
	const stalled = new AbortController();
	let handedOn = 0;
	let lastSeen = -1;
	let digest: string | undefined;
	let md5Digest: string | undefined;
	let failure: FileXError | undefined;
	const fail = (reason: string): FileXError => (failure ??= unusable(what, reason));
	// One chunk is held back until it is clear what follows: a file that turns out longer, or breaks, at its
	// very end must not have gone out as if it were whole.
	let held: Buffer | undefined;
	const count = (chunk: Buffer) => {
		hash.update(chunk);
		md5?.update(chunk);
	};
	const release = (into: Transform) => {
		if (!held) return;
		handedOn += held.length;
		into.push(held);
		held = undefined;
	};
	const stream = new Transform({
		transform(chunk: Buffer, _encoding, done) {
			if (handedOn + (held?.length ?? 0) + chunk.length > size) return done(fail(`it is longer than ${size} bytes`));
			release(this);
			count(chunk);
			held = chunk;
			done();
		},
		flush(done) {
			const total = handedOn + (held?.length ?? 0);
			if (total < size) return done(fail(`it ended after ${total} of ${size} bytes`));
			const sha256 = hash.digest('hex');
			if (expected !== undefined && sha256 !== expected)
				return done((failure ??= notAsExpected(what, expected, sha256)));
			release(this);
			digest = sha256;
			md5Digest = md5?.digest('hex');
			done();
		},
	});
	const watch = setInterval(() => {
		if (handedOn === lastSeen) stalled.abort();
		lastSeen = handedOn;
	}, idle);
	const given = () => handedOn + (held?.length ?? 0);
	// Its reader waits for the source where nothing is left to be read.
	const leaveSource = mindPace(
		pace,
		given,
		() => !stream.writableEnded && stream.readableLength === 0,
		() => stream.destroy(fail(`it was given too slowly, fewer than ${pace.least} bytes in ${pace.within / 1000} s`)),
	);
	// Where no stall is minded here, its reader minds the time.
	const leaveReader =
		idle === LONGEST_TIMER
			? () => {}
			: mindPace(
					pace,
					() => handedOn,
					() => handedOn < size && stream.readableLength > 0,
					() => stalled.abort(),
				);
	// It may break before its consumer listens, which must not end the process.
	stream.on('error', () => {});
	// It may have broken before it came here.
	const unwatch = finished(source, { writable: false }, (error?: NodeJS.ErrnoException | null) => {
		if (!error) return;
		failure ??= findFileXError(error);
		stream.destroy(
			fail(
				error.code === 'ERR_STREAM_PREMATURE_CLOSE'
					? 'it broke off'
					: `it could not be read (${error.code ?? error.message})`,
			),
		);
	});
	source.on('error', () => {});
	source.pipe(stream);
	return {
		stream,
		handedOn: () => handedOn,
		sha256: () => digest,
		md5: () => md5Digest,
		stalled: stalled.signal,
		failure: () => failure,
		close() {
			clearInterval(watch);
			leaveSource();
			leaveReader();
			// In this order: the source's end by our own hand is no failure of the source.
			unwatch();
			stream.destroy();
			source.destroy();
		},
	};
}

/** The content is not what it was to be. Nothing of it was submitted. */
export function notAsExpected(what: string, expected: string, sha256: string): FileXError {
	const error = inputError(
		'Expected SHA-256',
		`'${what}' has the SHA-256 ${sha256}, and not the expected ${expected}`,
		'Nothing was submitted: the content is not the one that was approved. Find out what changed it.',
	);
	return new FileXError(error.kind, error.message, { ...error, evidence: { sha256 } });
}

function unusable(what: string, reason: string): FileXError {
	return new FileXError('incomplete', `The content of '${what}' is not what it was announced as: ${reason}`, {
		hint: 'Nothing was submitted: fileX takes whole files only. Running it again is safe.',
		remedies: ['check-source'],
		retrySafe: true,
	});
}
