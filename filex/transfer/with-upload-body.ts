import type { FileContent, UploadOutcome } from '../space';
import { uploadBody, type UploadBody, type UploadBodyOptions } from './upload-body';
import { unopened } from './upload-outcomes';

/** Opens a file, sends it by `work`, and closes it. One that cannot be opened is not submitted. */
export async function withUploadBody(
	content: FileContent,
	path: string,
	work: (body: UploadBody) => Promise<UploadOutcome>,
	options: Pick<UploadBodyOptions, 'idle' | 'md5'> = {},
): Promise<UploadOutcome> {
	let body: UploadBody;
	try {
		body = uploadBody(await content.open(), content.size, path, { ...options, sha256: content.sha256 });
	} catch (error) {
		return unopened(path, error);
	}
	try {
		const outcome = await work(body);
		return outcome.outcome === 'unknown' ? { ...outcome, sha256: body.sha256() } : outcome;
	} finally {
		body.close();
	}
}
