import { setTimeout as sleep } from 'node:timers/promises';
import { FileXError } from '../errors';
import type { UploadOutcome } from '../space';
import { unclear } from '../transfer/upload-outcomes';
import type { MultipartCalls } from './multipart-calls';
import { isS3Refusal, isTransient } from './refused-upload';

/** How often parts are put together at most. */
const COMPLETIONS = 3;

/** The pause before the second time, in ms; it grows by as much each time. */
const PAUSE = 500;

type Calls = Pick<MultipartCalls, 'complete' | 'isComplete' | 'hasParts' | 'abort'>;

/**
 * Puts the parts of a file together, which submits it. Where that fails, it is done once more only after
 * S3 has said that the file is not there and that its parts still are: of one upload S3 makes one file.
 * Parts that S3 may still be putting together are left alone.
 *
 * @param sha256 of the whole file
 */
export async function complete(calls: Calls, path: string, sha256: string, pause = PAUSE): Promise<UploadOutcome> {
	for (let attempt = 1; ; attempt++) {
		let failure: unknown;
		try {
			return { outcome: 'accepted', sha256, stored: await calls.complete() };
		} catch (error) {
			failure = error;
		}
		const refusal = isS3Refusal(failure) ? failure : undefined;
		// Parts that cannot be thrown away may be put together already.
		if (refusal && isFinal(refusal) && (await calls.abort()))
			return { outcome: 'rejected', mayRepeat: false, error: refusal };
		if (await calls.isComplete()) return { outcome: 'accepted', sha256 };
		if (!(await calls.hasParts())) return unknown(path, failure);
		if (attempt === COMPLETIONS)
			return refusal && (await calls.abort())
				? { outcome: 'rejected', mayRepeat: true, error: refusal }
				: unknown(path, failure);
		await sleep(pause * attempt);
	}
}

/** Whether S3 has said that it will not do it. "No such upload" may also mean that it was done. */
function isFinal(refusal: FileXError): boolean {
	const status = refusal.httpStatus!;
	return status >= 400 && status < 500 && refusal.kind !== 'not-found' && !isTransient(refusal);
}

function unknown(path: string, failure: unknown): UploadOutcome {
	const reason = failure instanceof Error ? failure.message : String(failure);
	return { outcome: 'unknown', error: unclear(path, `no word on whether S3 put its parts together: ${reason}`) };
}
