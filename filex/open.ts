import type { Account } from './account';
import type { FileXHttp } from './http/port';
import { explainMissing } from './missing';
import { RestSpace } from './rest/rest-space';
import type { AccessMethod, FileSpace } from './space';
import { SftpSpace, type SftpOptions } from './sftp/sftp-space';

export interface SpacePorts extends SftpOptions {
	http: FileXHttp;
}

/** A {@link FileSpace} of the account by the access method of choice. Nothing is sent before its first call. */
export function openFileSpace(account: Account, method: AccessMethod, ports: SpacePorts): FileSpace {
	const { http, ...sftp } = ports;
	return explainMissing(
		method === 'rest'
			? new RestSpace(account.endpoints.rest, http, ports.signal)
			: new SftpSpace(account, sftp),
	);
}
