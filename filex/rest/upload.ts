import { brokenOff, unclear } from '../broken-off';
import type { Http, HttpAnswer } from '../http/port';
import { xmlText } from '../http/body';
import { sending } from '../sending';
import type { FileContent, UploadOutcome } from '../space';
import { storageRefusal } from './storage';

/**
 * Sends a file to a pre-signed URL: its raw bytes, with their exact length (guide, section 5.4.5).
 *
 * @param headers that fileX handed out with the URL, names in lower case
 */
export async function putToUrl(http: Http, url: string, path: string, content: FileContent, signal: AbortSignal, headers: Record<string, string> = {}): Promise<UploadOutcome> {
	return await sending(content, path, async (body) => {
		try {
			const answer = await http.upload({
				method: 'PUT',
				url,
				headers: { ...(headers['content-type'] === undefined && { 'Content-Type': 'application/octet-stream' }), ...headers, 'Content-Length': String(content.size) },
				body: body.stream,
				signal: AbortSignal.any([signal, body.stalled]),
			});
			return outcomeOf(answer, path, body.sha256());
		} catch (error) {
			return brokenOff(error, path, content.size, body);
		}
	});
}

/**
 * What an answer means. S3 stores a file whole or not at all; of its errors, the 5xx but 503 leave open
 * which of the two. What a gateway on the way says instead, a login page or an error of its own, leaves it
 * open, too: S3's success has an `ETag`, and its errors have a `Code`.
 *
 * @param sha256 of what was sent; undefined where the answer came before all of it had been
 */
export function outcomeOf(answer: HttpAnswer<string>, path: string, sha256: string | undefined): UploadOutcome {
	const { status, headers, body } = answer;
	const isOwnWord = status === 200 ? headers.etag !== undefined : xmlText(body, 'Code') !== undefined;
	if (status === 200 && isOwnWord && sha256 !== undefined) return { outcome: 'accepted', sha256 };
	if (status < 300) return { outcome: 'unknown', error: unclear(path, `an answer that is not the storage's (HTTP ${status})`) };
	const error = storageRefusal(answer, path, 'upload');
	if (!isOwnWord || (status >= 500 && status !== 503)) return { outcome: 'unknown', error };
	const mayRepeat = status === 503 || error.kind === 'expired-url' || xmlText(body, 'Code') === 'RequestTimeout';
	return { outcome: 'rejected', mayRepeat, error };
}
