import { FileXError } from '../errors';
import type { Http, HttpAnswer } from '../http/port';
import { xmlText } from '../http/body';
import { outgoing, type Outgoing } from '../outgoing';
import type { FileContent, UploadOutcome } from '../space';
import { storageRefusal } from './storage';

/** Sends a file to a pre-signed URL: its raw bytes, with their exact length (guide, section 5.4.5). */
export async function putToUrl(http: Http, url: string, path: string, content: FileContent, signal: AbortSignal): Promise<UploadOutcome> {
	let body: Outgoing;
	try {
		body = outgoing(await content.open(), content.size, path);
	} catch (error) {
		return { outcome: 'rejected', mayRepeat: false, error: error instanceof FileXError ? error : unreadable(path, error) };
	}
	try {
		const answer = await http.upload({
			method: 'PUT',
			url,
			headers: { 'Content-Type': 'application/octet-stream', 'Content-Length': String(content.size) },
			body: body.stream,
			signal: AbortSignal.any([signal, body.stalled]),
		});
		return outcomeOf(answer, path, body.sha256());
	} catch (error) {
		return brokenOff(error, path, content.size, body);
	} finally {
		body.close();
	}
}

/**
 * What an answer of the storage means. S3 stores a file whole or not at all; of its errors, the 5xx but
 * 503 leave open which of the two.
 *
 * @param sha256 of what was sent; undefined where the answer came before all of it had been
 */
export function outcomeOf(answer: HttpAnswer<string>, path: string, sha256: string | undefined): UploadOutcome {
	const { status, body } = answer;
	if (status === 200 && sha256 !== undefined) return { outcome: 'accepted', sha256 };
	if (status < 300) return { outcome: 'unknown', error: unclear(path, `an answer that is not the storage's (HTTP ${status})`) };
	const error = storageRefusal(answer, path, 'upload');
	if (status >= 500 && status !== 503) return { outcome: 'unknown', error };
	const mayRepeat = status === 503 || error.kind === 'expired-url' || xmlText(body, 'Code') === 'RequestTimeout';
	return { outcome: 'rejected', mayRepeat, error };
}

function brokenOff(error: unknown, path: string, size: number, body: Outgoing): UploadOutcome {
	// What was never whole cannot have been stored: the length was announced.
	const failure = body.failure();
	if (failure) return { outcome: 'rejected', mayRepeat: false, error: failure };
	const known = error instanceof FileXError ? error : undefined;
	if (known?.neverConnected) return { outcome: 'rejected', mayRepeat: true, error: known };
	const reason = body.stalled.aborted ? 'the transfer stood still' : (known?.message ?? String(error));
	return { outcome: 'unknown', error: unclear(path, `no answer, after ${body.handedOn()} of ${size} bytes had been handed on: ${reason}`) };
}

function unclear(path: string, what: string): FileXError {
	return new FileXError('outcome-unknown', `Sending '${path}' ended with ${what}`, {
		hint: 'Nobody said whether the file was stored.',
		retrySafe: false,
	});
}

function unreadable(path: string, error: unknown): FileXError {
	return new FileXError('input', `The content of '${path}' could not be opened: ${error instanceof Error ? error.message : String(error)}`, {
		hint: "Nothing was submitted. Look at the step that made the file, and at n8n's binary data store.",
		retrySafe: true,
	});
}
