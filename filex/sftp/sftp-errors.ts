import { FileXError } from '../errors';
import { ASK_FOR_ENTITLEMENT, CHECK_SPELLING } from '../hints';
import { shorten } from '../util/shorten';
import { STATUS, statusCode } from './status';

/** Makes one request about a path and waits for its answer, with a time limit. Fails with FileXErrors. */
export type Answer = <T>(
	path: string,
	request: (done: (error: Error | undefined, value: T) => void) => void,
) => Promise<T>;

/** What an error of an SFTP request about `path` means. One with `sftpStatus` is the server's own word. */
export function sftpRefusal(error: Error, path: string): FileXError {
	const sftpStatus = statusCode(error);
	switch (sftpStatus) {
		case STATUS.NO_SUCH_FILE:
			return new FileXError('not-found', `There is no '${path}' at fileX (SFTP: no such file)`, {
				hint: CHECK_SPELLING,
				retrySafe: true,
				sftpStatus,
			});
		case STATUS.PERMISSION_DENIED:
			return new FileXError('entitlement', `This account is not entitled to '${path}' (SFTP: permission denied)`, {
				hint: ASK_FOR_ENTITLEMENT,
				retrySafe: false,
				sftpStatus,
			});
		case STATUS.FAILURE:
		case STATUS.OP_UNSUPPORTED:
			return new FileXError('unavailable', `The SFTP server could not answer for '${path}': ${error.message}`, {
				hint: 'Nothing was changed. Run this again in a few minutes.',
				retrySafe: true,
				sftpStatus,
			});
		// A client tells the last two itself, of a connection that is gone.
		case undefined:
		case STATUS.NO_CONNECTION:
		case STATUS.CONNECTION_LOST:
			return new FileXError('unavailable', `The SFTP connection broke while '${path}' was requested`, {
				hint: `Nothing was changed; running this again is safe. Technical detail: ${error.message}.`,
				retrySafe: true,
			});
		default:
			return new FileXError(
				'unexpected-answer',
				`The SFTP server refused '${path}' with status ${sftpStatus}: ${shorten(error.message, 200)}`,
				{
					hint: 'The status is not among those of the fileX guide. Nothing was changed; running this again is safe. If this persists, report the status to FINRA (800-321-6273).',
					retrySafe: true,
					sftpStatus,
				},
			);
	}
}
