import type { FilePath } from '../places/paths';
import type { FileSpace, UploadRequest } from '../space';

/**
 * An upload over an access method that fileX registers nothing of, made known to all senders by a request over HTTPS REST
 * which is never used.
 *
 * @throws FileXError where fileX does not register it: nothing was sent
 */
export async function withIntent(
	request: UploadRequest,
	rest: Pick<FileSpace, 'requestUpload'>,
	file: FilePath,
): Promise<UploadRequest> {
	const { isRegistered, trackingId } = await rest.requestUpload(file);
	return { ...request, isRegistered, trackingId, isIntent: true };
}
