import { unopened } from './broken-off';
import { outgoing, type Outgoing } from './outgoing';
import type { FileContent, UploadOutcome } from './space';

/**
 * Opens a file, sends it by `work`, and closes it. One that cannot be opened is not submitted.
 *
 * @param idle how long it may stand still, in ms
 */
export async function sending(content: FileContent, path: string, work: (body: Outgoing) => Promise<UploadOutcome>, idle?: number): Promise<UploadOutcome> {
	let body: Outgoing;
	try {
		body = outgoing(await content.open(), content.size, path, idle);
	} catch (error) {
		return unopened(path, error);
	}
	try {
		return await work(body);
	} finally {
		body.close();
	}
}
