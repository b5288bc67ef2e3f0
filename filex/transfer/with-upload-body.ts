import type { Hash } from 'node:crypto';
import type { FileContent, UploadOutcome } from '../space';
import { uploadBody, type UploadBody } from './upload-body';
import { unopened } from './upload-outcomes';

export interface UploadBodyOptions {
	/** How long it may stand still, in ms. */
	idle?: number;
	/** Takes the MD5 of the bytes, where something compares it. */
	md5?: Hash;
}

/** Opens a file, sends it by `work`, and closes it. One that cannot be opened is not submitted. */
export async function withUploadBody(
	content: FileContent,
	path: string,
	work: (body: UploadBody) => Promise<UploadOutcome>,
	{ idle, md5 }: UploadBodyOptions = {},
): Promise<UploadOutcome> {
	let body: UploadBody;
	try {
		body = uploadBody(await content.open(), content.size, path, idle, undefined, md5, content.sha256);
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
