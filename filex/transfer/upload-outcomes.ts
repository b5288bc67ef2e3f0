import { FileXError } from '../errors';
import type { UploadOutcome } from '../space';
import type { UploadBody } from './upload-body';

/** What became of a file whose sending over HTTP ended without an answer. */
export function brokenOff(error: unknown, path: string, size: number, body: UploadBody): UploadOutcome {
	const known = error instanceof FileXError ? error : undefined;
	const failure = body.failure();
	if (failure && (isPartial(body, size) || size === 0))
		return { outcome: 'rejected', mayRepeat: false, error: failure };
	if (known?.neverConnected) return { outcome: 'rejected', mayRepeat: known.retrySafe, error: known };
	const reason = body.stalled.aborted ? 'the transfer stood still' : (known?.message ?? String(error));
	if (isPartial(body, size))
		return {
			outcome: 'rejected',
			mayRepeat: known?.kind !== 'cancelled',
			error: cutShort(path, body, size, reason, known),
		};
	return {
		outcome: 'unknown',
		error: unclear(path, `no answer, after all of its ${size} bytes had been handed on: ${reason}`),
	};
}

/** Whether a part of the file never left: what is not whole cannot have been stored, because its length was announced. */
export function isPartial(body: Pick<UploadBody, 'handedOn'>, size: number): boolean {
	return body.handedOn() < size;
}

function cutShort(path: string, body: UploadBody, size: number, reason: string, known?: FileXError): FileXError {
	const kind = known?.kind === 'cancelled' || known?.kind === 'proxy' ? known.kind : 'unavailable';
	return new FileXError(kind, `Sending '${path}' broke off after ${body.handedOn()} of ${size} bytes: ${reason}`, {
		hint: 'Nothing was submitted: a file is stored whole or not at all. Running it again is safe.',
		retrySafe: true,
	});
}

/** Sending a file ended with `what`, which does not tell whether it was stored. */
export function unclear(path: string, what: string): FileXError {
	return new FileXError('outcome-unknown', `Sending '${path}' ended with ${what}`, {
		hint: 'No answer proves whether the file was stored.',
		retrySafe: false,
	});
}

/** A file whose content could not be opened, so that nothing was sent. */
export function unopened(path: string, error: unknown): UploadOutcome {
	return {
		outcome: 'rejected',
		mayRepeat: false,
		error: error instanceof FileXError ? error : unreadable(path, error),
	};
}

function unreadable(path: string, error: unknown): FileXError {
	return new FileXError(
		'input',
		`The content of '${path}' could not be opened: ${error instanceof Error ? error.message : String(error)}`,
		{
			hint: 'Nothing was submitted.',
			remedies: ['check-source'],
			retrySafe: true,
		},
	);
}
