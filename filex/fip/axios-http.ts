import type { Account } from '../account/account';
import { loginGuard, type LoginGuard } from '../account/login-guard';
import { axiosHttp } from '../http/axios';
import type { FileXHttp, Http, HttpRequest } from '../http/port';
import { requestToken } from './token';

/**
 * {@link FileXHttp} by axios: fetches the account's token when needed and keeps it in memory. It may
 * be given one to begin with.
 */
export function axiosFileXHttp(
	account: Account,
	{ guard = loginGuard, token: first, http = axiosHttp }: { guard?: LoginGuard; token?: string; http?: Http } = {},
): FileXHttp {
	let token = first === undefined ? undefined : Promise.resolve(first);
	const call = async (request: HttpRequest, fresh: boolean) => {
		if (fresh) token = undefined;
		token ??= requestToken(http, account, { guard });
		const Authorization = `Bearer ${await token}`;
		return await http.text({ ...request, headers: { ...request.headers, Authorization } });
	};
	return {
		...http,
		async authorized(request) {
			const hadToken = token !== undefined;
			const answer = await call(request, false);
			return answer.status === 401 && hadToken ? await call(request, true) : answer;
		},
	};
}
