import { type Account, type AccountFields, readAccount } from '../../filex';
import type { SandboxInfo } from '../../sandbox/info';

/** The credential fields that point at a sandbox, as a user would type them. */
export function credentialFields(
	{ rest, fip, sftp, s3, accounts }: SandboxInfo,
	overrides: AccountFields = {},
): AccountFields {
	return {
		environment: 'custom',
		restUrl: rest,
		fipUrl: fip,
		sftpHost: sftp.host,
		sftpPort: sftp.port,
		s3Url: s3,
		username: accounts[0]!.username,
		password: accounts[0]!.password,
		orgId: accounts[0]!.orgId,
		hostKeys: sftp.hostKeys.join(', '),
		...overrides,
	};
}

/** The sandbox's first account, as `filex/` takes it. */
export function sandboxAccount(info: SandboxInfo, overrides: AccountFields = {}): Account {
	return readAccount(credentialFields(info, overrides));
}

/** User name and password of one of the sandbox's accounts. */
export function loginOf({ accounts }: SandboxInfo, username: string): Pick<AccountFields, 'username' | 'password'> {
	const { password } = accounts.find((account) => account.username === username)!;
	return { username, password };
}
