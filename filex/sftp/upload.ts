import { addAbortSignal, Readable } from 'node:stream';
import { FileXError } from '../errors';
import type { FileContent, UploadOutcome } from '../space';
import type { UploadBody } from '../transfer/upload-body';
import { unclear } from '../transfer/upload-outcomes';
import { IDLE_TIMEOUT } from '../transfer/verify-download';
import { withUploadBody } from '../transfer/with-upload-body';
import { abortable } from '../util/abortable';
import type { KeyedSemaphore } from '../util/semaphore';
import { abortReason } from './address';
import type { SftpConnection } from './connection';
import type { HandleGate, OpenHandle } from './handle-gate';
import { pipelinedWrite } from './pipelined-write';
import { type Answer, sftpRefusal } from './sftp-errors';

/** What an upload needs of its space. */
export interface UploadSession {
	connected(): Promise<SftpConnection>;
	answer: Answer;
	handles: HandleGate;
	/** Write requests in flight. */
	inFlight?: number;
	/** The places of the space's uploads, and how many there are. */
	lane: KeyedSemaphore;
	places: number;
}

/** Bytes of files that share the connection, for each place. Together they are as much as one small file. */
const PLACE = 64 * 1024;

/** Bytes of a file that is read whole before it is opened at the server. */
const SMALL = 2 ** 20;

/** How many of `places` a file of `size` bytes takes: all of them where it must be on its own. */
export function uploadPlaces(size: number, places: number): number {
	return size > SMALL ? places : Math.min(places, Math.max(1, Math.ceil(size / PLACE)));
}

/**
 * Writes a file straight to its name: open, write, close, and nothing else, because fileX spoils a file
 * whose attributes a client touches (guide, FAQ 7). What goes wrong before the file was to be closed
 * ends the connection: to close the file would file the part of it that is there. So only small files share it,
 * which are read before they are opened: nothing but the server and the line can break them off.
 */
export async function putFile(
	session: UploadSession,
	path: string,
	content: FileContent,
	signal: AbortSignal,
): Promise<UploadOutcome> {
	const { lane, places } = session;
	const isShared = places > 1 && content.size <= SMALL;
	let leave = () => {};
	try {
		leave = await lane.acquire('', places, signal, uploadPlaces(content.size, places));
		return await (isShared ? putSmall : putAlone)(session, path, content, signal);
	} catch (error) {
		return rejected(error, path);
	} finally {
		leave();
	}
}

/** Sends a file as it comes. No other one is on the connection, which may be cut. */
async function putAlone(
	session: UploadSession,
	path: string,
	content: FileContent,
	signal: AbortSignal,
): Promise<UploadOutcome> {
	const connection = await session.connected();
	return await withUploadBody(content, path, async (body) => {
		const over = AbortSignal.any([signal, body.stalled]);
		return await write(session, path, { connection, body, over, breakOff: () => connection.destroy() });
	});
}

/** Sends a file that is there as a whole, beside others, whose connection lasts until they have ended. */
async function putSmall(
	session: UploadSession,
	path: string,
	content: FileContent,
	signal: AbortSignal,
): Promise<UploadOutcome> {
	return await withUploadBody(content, path, async (body) => {
		const bytes = await readWhole(body.stream, signal).catch(stopped);
		const failure = body.failure();
		if (failure) return { outcome: 'rejected', mayRepeat: false, error: failure };
		if (bytes instanceof Error) return rejected(signal.aborted ? abortReason(signal) : bytes, path);
		const connection = await session.connected();
		const leave = connection.uploads.enter();
		const line = watchLine(connection);
		const stream = Readable.from([bytes], { objectMode: false });
		// It is destroyed where it is not read to its end.
		stream.on('error', () => {});
		try {
			return await write(session, path, {
				connection,
				body: { ...body, stream },
				over: AbortSignal.any([signal, line.silent]),
				breakOff: () => connection.retire(),
			});
		} finally {
			line.leave();
			leave();
		}
	});
}

async function readWhole(stream: Readable, signal: AbortSignal): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of addAbortSignal(signal, stream)) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

/** `silent` aborts when for a while nothing that was sent over a connection is acknowledged, whichever file it is of. */
function watchLine({ writes }: SftpConnection): { silent: AbortSignal; leave: () => void } {
	const silent = new AbortController();
	let seen = writes.acknowledged;
	const timer = setInterval(() => {
		if (writes.acknowledged === seen) silent.abort();
		seen = writes.acknowledged;
	}, IDLE_TIMEOUT);
	return { silent: silent.signal, leave: () => clearInterval(timer) };
}

/** One upload on its way. */
interface Sending {
	connection: SftpConnection;
	body: Pick<UploadBody, 'stream' | 'sha256' | 'failure'>;
	/** Ends it. */
	over: AbortSignal;
	/** Sees to it that what is open at the server is never closed by it. */
	breakOff(): void;
}

async function write(session: UploadSession, path: string, sending: Sending): Promise<UploadOutcome> {
	const { connection, body, over } = sending;
	const cut = () => {
		sending.breakOff();
		body.stream.destroy(stopped());
	};
	over.addEventListener('abort', cut, { once: true });
	// Getting a connection may have taken all of its time.
	if (over.aborted) cut();
	let opened: OpenHandle | undefined;
	try {
		const { sftp } = connection;
		try {
			opened = await session.handles.open(path, sftp, (done) => sftp.open(`/${path}`, 'w', done));
		} catch (error) {
			// No one may close what was opened after all.
			if (!isRefusal(error)) cut();
			return rejected(error, path);
		}
		const { handle } = opened;
		try {
			const written = pipelinedWrite(sftp, handle, body.stream, {
				inFlight: session.inFlight,
				window: connection.writes,
			});
			// What is not acknowledged may never be.
			await abortable(written, over, stopped);
		} catch (error) {
			cut();
			const failure = body.failure();
			return failure ? { outcome: 'rejected', mayRepeat: false, error: failure } : outcomeOfBreak(error, path);
		}
		try {
			await session.answer(path, (done) => sftp.close(handle, (error) => done(error ?? undefined, undefined)));
		} catch (error) {
			// All bytes are there: whatever the server says of their end, it may have filed them.
			return {
				outcome: 'unknown',
				error: unclear(path, `an error when the file was to be closed: ${asFileXError(error, path).message}`),
			};
		}
		return { outcome: 'accepted', sha256: body.sha256()! };
	} finally {
		opened?.leave();
		over.removeEventListener('abort', cut);
	}
}

function stopped(): Error {
	return new Error('the upload was stopped');
}

function rejected(error: unknown, path: string): UploadOutcome {
	const known = asFileXError(error, path);
	return { outcome: 'rejected', mayRepeat: known.kind === 'unavailable' && !isRefusal(known), error: known };
}

/** A file that the server refused is not submitted; of one that was cut no one knows. */
function outcomeOfBreak(error: unknown, path: string): UploadOutcome {
	const known = asFileXError(error, path);
	if (isRefusal(known)) return { outcome: 'rejected', mayRepeat: false, error: known };
	return { outcome: 'unknown', error: unclear(path, `an error: ${known.message}`) };
}

function isRefusal(error: unknown): boolean {
	return error instanceof FileXError && error.sftpStatus !== undefined;
}

function asFileXError(error: unknown, path: string): FileXError {
	return error instanceof FileXError ? error : sftpRefusal(error as Error, path);
}
