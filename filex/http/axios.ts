import type { AxiosRequestConfig } from 'axios';
import type { Readable } from 'node:stream';
import type { Account } from '../account/account';
import { networkError } from '../errors';
import { requestToken } from '../fip/token';
import { type LoginGuard, loginGuard } from '../fip/login-guard';
import { SMALL_ANSWER } from './answer-bounds';
import { originOf, plainHeaders, type FileXHttp, type Http, type HttpAnswer, type HttpRequest } from './port';
import { askForStream, askForText, readUploadAnswer } from './text-answer';

/** {@link Http} by axios, for where there is no n8n: this library alone, and n8n's credential test. */
export const axiosHttp: Http = {
	text: async (request) => await askForText(request, send),
	stream: async (request) => await askForStream(request, send),
	upload: async ({ body, ...request }) =>
		await readUploadAnswer(request, await send(request, { data: body, timeout: 0 })),
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

async function send(
	{ method, url, headers, signal, bounds = SMALL_ANSWER }: HttpRequest,
	more: AxiosRequestConfig = {},
): Promise<HttpAnswer<Readable>> {
	const { default: axios } = await import('axios');
	const config: AxiosRequestConfig = {
		method,
		url,
		headers: { 'Accept-Encoding': 'identity', ...headers },
		signal,
		responseType: 'stream',
		timeout: bounds.idle,
		maxRedirects: 0,
		validateStatus: () => true,
		...more,
	};
	try {
		const answer = await axios.request<Readable>(config);
		return { status: answer.status, headers: plainHeaders(answer.headers), body: answer.data };
	} catch (error) {
		throw networkError(originOf(url), error);
	}
}
