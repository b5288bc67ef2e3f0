import type { Account } from '../account/account';

export type SftpAccount = Pick<
	Account,
	'endpoints' | 'sftpProxy' | 'username' | 'password' | 'privateKey' | 'passphrase' | 'hostKeys' | 'maxSftpConnections'
>;
