import { type AccessMethod, type Account, axiosFileXHttp, type FileSpace, openFileSpace } from '../../filex';
import { LoginGuard } from '../../filex/account/login-guard';
import { ConnectionSemaphore } from '../../filex/sftp/connection-semaphore';

/** A file space that shares nothing with others: neither connections nor memories of refused logins. */
export function openSpace(account: Account, method: AccessMethod): FileSpace {
	const guard = new LoginGuard();
	return openFileSpace(account, method, {
		http: axiosFileXHttp(account, { guard }),
		guard,
		semaphore: new ConnectionSemaphore(),
	});
}
