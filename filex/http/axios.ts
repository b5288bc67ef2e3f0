import type { AxiosRequestConfig } from 'axios';
import type { Readable } from 'node:stream';
import type { Account } from '../account';
import { FileXError, networkError } from '../errors';
import { requestToken } from '../fip/token';
import { type LoginGuard, loginGuard } from '../fip/login-guard';
import {
	HTTP_TIMEOUT,
	LONGEST_TEXT_ANSWER,
	originOf,
	plainHeaders,
	type FileXHttp,
	type Http,
	type HttpAnswer,
	type HttpRequest,
} from './port';

/** {@link Http} by axios, for where there is no n8n: this library alone, and n8n's credential test. */
export const axiosHttp: Http = {
	text: async (request) => await send<string>(request, 'text'),
	stream: async (request) => await send<Readable>(request, 'stream'),
	upload: async ({ body, ...request }) => await send<string>(request, 'text', { data: body, timeout: 0 }),
};

/**
 * {@link FileXHttp} by axios: fetches the account's token when needed and keeps it in memory. It may
 * be given one to begin with.
 */
export function axiosFileXHttp(
	account: Account,
	{ guard = loginGuard, token: first }: { guard?: LoginGuard; token?: string } = {},
): FileXHttp {
	let token = first === undefined ? undefined : Promise.resolve(first);
	const call = async (request: HttpRequest, fresh: boolean) => {
		if (fresh) token = undefined;
		token ??= requestToken(axiosHttp, account, guard);
		const Authorization = `Bearer ${await token}`;
		return await axiosHttp.text({ ...request, headers: { ...request.headers, Authorization } });
	};
	return {
		...axiosHttp,
		async authorized(request) {
			const hadToken = token !== undefined;
			const answer = await call(request, false);
			return answer.status === 401 && hadToken ? await call(request, true) : answer;
		},
	};
}

async function send<Body>(
	{ method, url, headers, signal }: HttpRequest,
	responseType: 'text' | 'stream',
	more: AxiosRequestConfig = {},
): Promise<HttpAnswer<Body>> {
	const { default: axios } = await import('axios');
	const config: AxiosRequestConfig = {
		method,
		url,
		headers: { 'Accept-Encoding': 'identity', ...headers },
		signal,
		responseType,
		timeout: HTTP_TIMEOUT,
		maxRedirects: 0,
		validateStatus: () => true,
		transformResponse: (body: unknown) => body,
		// In bytes; a download has its size checked on the way.
		...(responseType === 'text' && { maxContentLength: LONGEST_TEXT_ANSWER }),
		...more,
	};
	try {
		const answer = await axios.request<Body>(config);
		return { status: answer.status, headers: plainHeaders(answer.headers), body: answer.data };
	} catch (error) {
		if (error instanceof Error && error.message.includes('maxContentLength')) throw endless(originOf(url));
		throw networkError(originOf(url), error);
	}
}

function endless(place: string): FileXError {
	return new FileXError('unexpected-answer', `The answer of ${place} is longer than ${LONGEST_TEXT_ANSWER / 2 ** 20} MiB, so it was not read to its end`, {
		hint: 'Nothing was concluded from it. Check the address, and whether a proxy or a gateway answers in its place. Running it again is safe.',
		retrySafe: true,
		isForeign: true,
	});
}
