import { FileXError } from '../errors';
import { xmlText } from '../http/body';
import { describeAnswer } from '../http/foreign';
import type { Http, HttpAnswer } from '../http/port';
import { retryAfterOf } from '../http/retry-after';
import { provesStored, storeAnswerOf, storedAs } from '../http/storage-proof';
import type { FileContent, UploadOutcome } from '../space';
import { httpIdle, type UploadBody } from '../transfer/upload-body';
import { brokenOff, isPartial, unclear } from '../transfer/upload-outcomes';
import { withUploadBody } from '../transfer/with-upload-body';
import { md5Hash } from '../util/md5';
import { isStorageRefusal, storageError } from './storage-errors';

/**
 * Sends a file to a pre-signed URL: its raw bytes, with their exact length (guide, section 5.4.5).
 *
 * @param headers that fileX handed out with the URL, names in lower case
 */
export async function putToUrl(
	http: Http,
	url: string,
	path: string,
	content: FileContent,
	signal: AbortSignal,
	headers: Record<string, string> = {},
): Promise<UploadOutcome> {
	const { size } = content;
	return await withUploadBody(
		content,
		path,
		async (body) => {
			try {
				const answer = await http.upload({
					method: 'PUT',
					url,
					headers: {
						...(headers['content-type'] === undefined && { 'Content-Type': 'application/octet-stream' }),
						...headers,
						'Content-Length': String(size),
					},
					body: body.stream,
					signal: AbortSignal.any([signal, body.stalled]),
				});
				return outcomeOf(answer, path, size, body);
			} catch (error) {
				return brokenOff(error, path, size, body);
			}
		},
		{ idle: httpIdle(size), md5: md5Hash() },
	);
}

/**
 * What an answer means. S3 stores a file whole or not at all. Only its own answer says which: success with the
 * file's entity tag, or an error with a code of S3's; of those, the 5xx but 503 leave it open. What a gateway
 * answers in its place proves nothing, unless it came before all of the file had left.
 */
export function outcomeOf(
	answer: HttpAnswer<string>,
	path: string,
	size: number,
	body: Pick<UploadBody, 'handedOn' | 'sha256' | 'md5'>,
): UploadOutcome {
	const { status, headers } = answer;
	if (isPartial(body, size)) return early(answer, path, size, body);
	const sha256 = body.sha256();
	if (
		status === 200 &&
		answer.body.trim() === '' &&
		sha256 !== undefined &&
		provesStored(storeAnswerOf(headers), body.md5())
	)
		return { outcome: 'accepted', sha256, stored: storedAs(storeAnswerOf(headers)) };
	if (!isStorageRefusal(answer))
		return {
			outcome: 'unknown',
			error: unclear(path, `an answer that does not prove to be the storage's (${describeAnswer(answer)})`),
		};
	const error = storageError(answer, path, 'upload');
	if (status >= 500 && status !== 503) return { outcome: 'unknown', error };
	return { outcome: 'rejected', mayRepeat: isForNow(answer, error), error };
}

/** Whoever answers before the end has not stored the file. */
function early(
	answer: HttpAnswer<string>,
	path: string,
	size: number,
	body: Pick<UploadBody, 'handedOn'>,
): UploadOutcome {
	const isRefusal = isStorageRefusal(answer);
	const error = isRefusal
		? storageError(answer, path, 'upload')
		: new FileXError(
				'unexpected-answer',
				`Sending '${path}' was answered after ${body.handedOn()} of ${size} bytes (${describeAnswer(answer)})`,
				{
					hint: 'Nothing was submitted: a file is stored whole or not at all. Check whether a proxy or a gateway refuses uploads, by their size or content. Running it again is safe.',
					retrySafe: true,
					isForeign: true,
					httpStatus: answer.status,
					retryAfterMs: retryAfterOf(answer.headers),
				},
			);
	return {
		outcome: 'rejected',
		mayRepeat: isRefusal ? isForNow(answer, error) : answer.status >= 500 || answer.status === 429,
		error,
	};
}

/** Whether it may go better on a new URL. */
function isForNow({ status, body }: HttpAnswer<string>, { kind }: FileXError): boolean {
	return status >= 500 || status === 429 || kind === 'expired-url' || xmlText(body, 'Code') === 'RequestTimeout';
}
