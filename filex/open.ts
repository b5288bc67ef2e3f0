import type { Account } from './account/account';
import { inputError } from './errors';
import { explainMissing } from './explain-missing';
import type { FileXHttp } from './http/port';
import { patientSpace } from './patient-space';
import { RestSpace } from './rest/rest-space';
import { S3Space } from './s3/s3-space';
import { type SftpOptions, SftpSpace } from './sftp/sftp-space';
import type { AccessMethod, FileSpace } from './space';
import { shorten } from './util/shorten';

export interface SpacePorts extends SftpOptions {
	http: FileXHttp;
	/** How long what changes nothing is tried again while fileX is unavailable, in ms; half a minute where absent. */
	patience?: number;
}

/** A {@link FileSpace} of the account by the access method of choice. Nothing is sent before its first call. */
export function openFileSpace(account: Account, method: AccessMethod, ports: SpacePorts): FileSpace {
	const { patience, signal } = ports;
	return patientSpace(explainMissing(newSpace(account, method, ports)), { patience, signal });
}

function newSpace(account: Account, method: AccessMethod, { http, ...sftp }: SpacePorts): FileSpace {
	switch (method) {
		case 'rest':
			return new RestSpace(account.endpoints.rest, http, sftp.signal);
		case 's3':
			return new S3Space(account.endpoints, http, sftp);
		case 'sftp':
			return new SftpSpace(account, sftp);
		default:
			throw inputError(
				'Access Method',
				`'Access Method' is '${shorten(String(method))}', which is not one of its choices`,
				'Choose HTTPS REST, S3 Direct or SFTP.',
			);
	}
}
