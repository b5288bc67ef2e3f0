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
			return noSuchFile(path, sftpStatus);
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

/** There is no such file or directory. @param sftpStatus where the server itself says so */
export function noSuchFile(path: string, sftpStatus?: number): FileXError {
	return new FileXError('not-found', `There is no '${path}' at fileX (SFTP: no such file)`, {
		hint: CHECK_SPELLING,
		retrySafe: true,
		sftpStatus,
	});
}

/** The server said that a request went well, and gave nothing of what was asked for. @param what e.g. `a handle` */
export function emptySuccess(path: string, what: string): FileXError {
	return new FileXError(
		'unexpected-answer',
		`The SFTP server answered for '${path}' with success in place of ${what}`,
		{
			hint: 'Nothing was concluded from it. Running it again is safe. If this persists, report it to FINRA (800-321-6273), or use HTTPS REST or S3 Direct where possible.',
			retrySafe: true,
			isForeign: true,
		},
	);
}
