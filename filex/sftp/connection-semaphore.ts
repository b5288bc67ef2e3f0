import { cancelled, FileXError } from '../errors';
import { KeyedSemaphore } from '../util/semaphore';

/**
 * SFTP connections that are held. fileX counts them and refuses too many (guide, FAQ 23), so all steps
 * of all workflows share a line for each account.
 */
export class ConnectionSemaphore extends KeyedSemaphore {
	constructor() {
		super(waitedInVain);
	}
}

/** The connections of this process. */
export const sftpConnections = new ConnectionSemaphore();

function waitedInVain(account: string, { reason }: AbortSignal): FileXError {
	return reason instanceof FileXError ? occupied(account) : cancelled('Waiting for an SFTP connection');
}

/** The time passed before an account's connection was free. @param account as errors name it */
export function occupied(account: string): FileXError {
	return new FileXError('occupied', `No SFTP connection to ${account} became free in time`, {
		hint: 'Other transfers of this process are using the account. Let them finish, or spread their times.',
		remedies: ['allow-more-connections'],
		retrySafe: true,
	});
}
