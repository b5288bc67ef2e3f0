import { FileXError, type FileXErrorKind } from '../errors';
import { reasonIn, xmlText } from '../http/body';
import { foreignAnswer, type Sender } from '../http/foreign';
import type { HttpAnswer } from '../http/port';
import { retryAfterOf } from '../http/retry-after';

/** What a pre-signed URL was used for. */
export type StorageUse = 'download' | 'upload';

const DID_NOT: Record<StorageUse, string> = { download: 'hand out', upload: 'take' };
const NOTHING: Record<StorageUse, string> = { download: 'Nothing was changed', upload: 'Nothing was submitted' };

/** Whether a refusal is S3's own: its XML with a code (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). */
export function isStorageRefusal({ status, body }: HttpAnswer<string>): boolean {
	return status >= 300 && /<Error[\s>]/.test(body) && xmlText(body, 'Code') !== undefined;
}

/** The storage behind fileX. */
export const STORAGE: Sender = {
	name: 'the storage behind fileX',
	check:
		'Check that your firewall and proxy let AWS S3 through (guide, section 3.2), and whether a login or block page answers in its place.',
};

/** Why the storage behind fileX refused a pre-signed URL; its body is S3's XML. */
export function storageError(answer: HttpAnswer<string>, path: string, use: StorageUse): FileXError {
	const { status, headers, body } = answer;
	if (!isStorageRefusal(answer) && status < 500 && status !== 429) return foreignAnswer(STORAGE, answer, path);
	const reason = reasonIn(body);
	if (status === 403 && /expired/i.test(reason)) {
		return new FileXError('expired-url', `The pre-signed URL for '${path}' expired before it was used (HTTP 403)`, {
			hint: "fileX's URLs live one minute. A second one expired as well: check this machine's clock and the delay to fileX. Running it again is safe.",
			retrySafe: true,
			httpStatus: status,
		});
	}
	const code = xmlText(body, 'Code');
	const said = `(HTTP ${status}${code ? ` ${code}` : ''}${reason ? `: "${reason}"` : ''})`;
	const why = status === 429 ? ': too many requests' : '';
	return new FileXError(kindOf(status), `The storage behind fileX did not ${DID_NOT[use]} '${path}'${why} ${said}`, {
		retryAfterMs: retryAfterOf(headers),
		hint: `${NOTHING[use]}; running it again is safe and asks for a new URL. If this persists, check that your firewall and proxy let AWS S3 through (guide, section 3.2).`,
		retrySafe: true,
		httpStatus: status,
	});
}

function kindOf(status: number): FileXErrorKind {
	if (status === 404) return 'not-found';
	return status >= 500 || status === 429 ? 'unavailable' : 'unexpected-answer';
}
