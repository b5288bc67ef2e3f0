import { Readable } from 'node:stream';
import { FileXError } from '../errors';
import type { FilePath } from '../places/paths';
import type { FileSpace, FileStream } from '../space';
import { backoff } from '../util/backoff';
import { type Clock, MACHINE_CLOCK } from '../util/clock';
import { SilentLine } from './silent-line';

export interface ResumeOptions {
	clock?: Clock;
	/** How long the server may send nothing before the connection counts as broken, in ms. */
	idle?: number;
}

/** How often in a row a download is taken up again that does not get on: for half a minute, as long as a failover takes. */
const MAX_FAILURES = 6;

/** The first pause before it is taken up again, in ms, give or take a half; each is twice as long. */
const PAUSE = 500;

const IDLE = 30_000;

/**
 * Reads a file whose connection may break: it continues from where it was, on a new URL or connection,
 * if the file is still the same. The stream fails with what broke it last where that is in vain.
 */
export async function readResuming(
	space: Pick<FileSpace, 'read'>,
	file: FilePath,
	options: ResumeOptions = {},
): Promise<FileStream> {
	const first = await space.read(file);
	const over = new AbortController();
	// It may be dropped before it was read.
	over.signal.addEventListener('abort', () => first.stream.destroy(), { once: true });
	const line = { current: first };
	const bytes = bytesOf(space, file, line, over.signal, options);
	const stream = new Readable({
		highWaterMark: 1_048_576,
		read() {
			bytes.next().then(
				({ done, value }) => this.push(done ? null : value),
				(error: Error) => this.destroy(error),
			);
		},
		// A generator by itself would hear of it at its next byte only, and until then take for broken what was dropped.
		destroy(error, done) {
			over.abort();
			done(error);
		},
	});
	return { ...first, stream, progress: () => line.current.progress?.() ?? 0 };
}

async function* bytesOf(
	space: Pick<FileSpace, 'read'>,
	file: FilePath,
	line: { current: FileStream },
	over: AbortSignal,
	{ clock = MACHINE_CLOCK, idle = IDLE }: ResumeOptions,
): AsyncGenerator<Buffer> {
	const { size, version } = line.current;
	let isOpen = true;
	let at = 0;
	let failures = 0;
	for (;;) {
		try {
			if (!isOpen) line.current = await space.read(file, { from: at, version: version! });
			for await (const chunk of watched(line.current, idle, over)) {
				at += chunk.length;
				failures = 0;
				yield chunk;
			}
			// An answer that is too long or too short is none that broke: whoever reads it will say so.
			return;
		} catch (error) {
			if (over.aborted || at >= size || version === undefined || !isBroken(error) || ++failures > MAX_FAILURES)
				throw error;
		} finally {
			line.current.stream.destroy();
		}
		isOpen = false;
		// Files that broke off together must not come back together: one that breaks each connection would take the others along.
		await clock.sleep(backoff(failures, PAUSE), over);
	}
}

/**
 * The chunks of a stream while its line must not stand still for `idle` ms and somebody waits for the next one; until it
 * is `over`.
 */
async function* watched(
	{ stream, progress = () => 0 }: FileStream,
	idle: number,
	over: AbortSignal,
): AsyncGenerator<Buffer> {
	over.throwIfAborted();
	const drop = () => stream.destroy();
	over.addEventListener('abort', drop, { once: true });
	const iterator = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
	let seen = progress();
	const look = () => {
		const now = progress();
		if (now === seen) stream.destroy(new SilentLine(idle));
		seen = now;
	};
	try {
		for (;;) {
			const timer = setInterval(look, idle);
			const { done, value } = await iterator.next().finally(() => clearInterval(timer));
			if (done) return;
			yield value;
		}
	} finally {
		over.removeEventListener('abort', drop);
		stream.destroy();
	}
}

function isBroken(error: unknown): boolean {
	return (
		!(error instanceof FileXError) || (error.retrySafe && ['unavailable', 'busy', 'expired-url'].includes(error.kind))
	);
}

/** The file is not the one any more of which a part was read. @param path to name it by */
export function replacedMeanwhile(path: string): FileXError {
	return new FileXError('incomplete', `'${path}' was replaced while it was being downloaded`, {
		hint: 'What was received is discarded. Running it again is safe, and takes the new file.',
		retrySafe: true,
	});
}
