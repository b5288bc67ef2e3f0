import {
	type AccessMethod,
	type Account,
	axiosFileXHttp,
	type FileSpace,
	openFileSpace,
	UNRESTRICTED_EGRESS,
} from '../../filex';
import { LoginGuard } from '../../filex/account/login-guard';
import { ConnectionSemaphore } from '../../filex/sftp/connection-semaphore';
import { BY_THREAD, byThread } from './by-thread';

/** A file space that shares nothing with others: neither connections nor memories of refused logins. */
export function openSpace(account: Account, method: AccessMethod): FileSpace {
	const guard = new LoginGuard();
	const http = axiosFileXHttp(account, { guard });
	const space = openFileSpace(account, method, { http, guard, semaphore: new ConnectionSemaphore() });
	return BY_THREAD ? byThread(account, method, space, { http, egress: UNRESTRICTED_EGRESS }) : space;
}
