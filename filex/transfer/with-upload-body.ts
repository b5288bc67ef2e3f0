import type { Hash } from 'node:crypto';
import { unopened } from './upload-outcomes';
import { outgoing, type Outgoing } from './upload-body';
import type { FileContent, UploadOutcome } from '../space';

export interface SendingOptions {
	/** How long it may stand still, in ms. */
	idle?: number;
	/** Takes the MD5 of the bytes, where something compares it. */
	md5?: Hash;
}

/** Opens a file, sends it by `work`, and closes it. One that cannot be opened is not submitted. */
export async function sending(
	content: FileContent,
	path: string,
	work: (body: Outgoing) => Promise<UploadOutcome>,
	{ idle, md5 }: SendingOptions = {},
): Promise<UploadOutcome> {
	let body: Outgoing;
	try {
		body = outgoing(await content.open(), content.size, path, idle, undefined, md5);
	} catch (error) {
		return unopened(path, error);
	}
	try {
		return await work(body);
	} finally {
		body.close();
	}
}
