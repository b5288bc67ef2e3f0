import { FileXError } from '../errors';
import type { UploadOutcome } from '../space';

/** Whether the same may do better soon. */
export function isTransient({ kind }: FileXError): boolean {
	return kind === 'unavailable' || kind === 'expired-url';
}

/** What a refusal means for the file. The 5xx but 503, and what is not an error's status, leave open whether it was stored. */
export function refusedUpload(error: FileXError): UploadOutcome {
	const status = error.httpStatus!;
	// Of what a store does not have, it has done nothing.
	const isCertain = status === 503 || error.s3Code === 'NotImplemented';
	if (status < 300 || (status >= 500 && !isCertain)) return { outcome: 'unknown', error };
	return { outcome: 'rejected', mayRepeat: isTransient(error), error };
}

/** Whether S3 itself has answered: what a proxy says on the way does not tell what S3 has made of a file. */
export function isS3Refusal(error: unknown): error is FileXError {
	return error instanceof FileXError && error.s3Code !== undefined;
}
