import { FileXError } from './errors';
import type { Outgoing } from './outgoing';
import type { UploadOutcome } from './space';

/** What became of a file whose sending over HTTP ended without an answer. */
export function brokenOff(error: unknown, path: string, size: number, body: Outgoing): UploadOutcome {
	// What was never whole cannot have been stored: the length was announced.
	const failure = body.failure();
	if (failure && (body.handedOn() < size || size === 0)) return { outcome: 'rejected', mayRepeat: false, error: failure };
	const known = error instanceof FileXError ? error : undefined;
	if (known?.neverConnected) return { outcome: 'rejected', mayRepeat: known.retrySafe, error: known };
	const reason = body.stalled.aborted ? 'the transfer stood still' : (known?.message ?? String(error));
	return { outcome: 'unknown', error: unclear(path, `no answer, after ${body.handedOn()} of ${size} bytes had been handed on: ${reason}`) };
}

/** Sending a file ended with `what`, which does not tell whether it was stored. */
export function unclear(path: string, what: string): FileXError {
	return new FileXError('outcome-unknown', `Sending '${path}' ended with ${what}`, {
		hint: 'Nobody said whether the file was stored.',
		retrySafe: false,
	});
}

/** A file whose content could not be opened, so that nothing was sent. */
export function unopened(path: string, error: unknown): UploadOutcome {
	return { outcome: 'rejected', mayRepeat: false, error: error instanceof FileXError ? error : unreadable(path, error) };
}

function unreadable(path: string, error: unknown): FileXError {
	return new FileXError('input', `The content of '${path}' could not be opened: ${error instanceof Error ? error.message : String(error)}`, {
		hint: "Nothing was submitted. Look at the step that made the file, and at n8n's binary data store.",
		retrySafe: true,
	});
}
