import { FileXError } from '../errors';
import type { FileContent, UploadOutcome } from '../space';
import type { UploadBody } from '../transfer/upload-body';
import { unclear } from '../transfer/upload-outcomes';
import { withUploadBody } from '../transfer/with-upload-body';
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
}

/**
 * Writes a file straight to its name: open, write, close, and nothing else, because fileX spoils a file
 * whose attributes a client touches (guide, FAQ 7). What goes wrong before the file was to be closed
 * ends the connection: to close the file would file the part of it that is there.
 */
export async function putFile(
	session: UploadSession,
	path: string,
	content: FileContent,
	signal: AbortSignal,
): Promise<UploadOutcome> {
	let connection: SftpConnection;
	try {
		connection = await session.connected();
	} catch (error) {
		return rejected(error, path);
	}
	return await withUploadBody(content, path, async (body) => await writeBody(session, connection, path, body, signal));
}

async function writeBody(
	session: UploadSession,
	connection: SftpConnection,
	path: string,
	body: UploadBody,
	signal: AbortSignal,
): Promise<UploadOutcome> {
	const cut = () => {
		connection.destroy();
		body.stream.destroy(new Error('the upload was stopped'));
	};
	const over = AbortSignal.any([signal, body.stalled]);
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
			await pipelinedWrite(sftp, handle, body.stream, { inFlight: session.inFlight, window: connection.writes });
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
