import type { Account } from '../account/account';
import { cancelled, FileXError } from '../errors';
import { hostAndPort } from '../http/connect';

/** What an operation on an aborted signal fails with. */
export function abortReason(signal: AbortSignal): FileXError {
	return signal.reason instanceof FileXError ? signal.reason : cancelled('The SFTP transfer');
}

/** Host and port of the account's SFTP server, fit for a message. */
export function sftpAddress({ endpoints }: Pick<Account, 'endpoints'>): string {
	return hostAndPort(endpoints.sftp.host, endpoints.sftp.port);
}

/** Who connects where: those that fileX counts together. */
export function accountName(account: Pick<Account, 'endpoints' | 'username'>): string {
	return `${account.username}@${sftpAddress(account)}`;
}
