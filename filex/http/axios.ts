import type { AxiosRequestConfig } from 'axios';
import type { Readable } from 'node:stream';
import { networkError } from '../errors';
import { SMALL_ANSWER } from './answer-bounds';
import { type Http, type HttpAnswer, type HttpRequest, originOf, plainHeaders } from './port';
import { askForStream, askForText, readUploadAnswer } from './text-answer';

/** {@link Http} by axios, for where there is no n8n: this library alone, and n8n's credential test. */
export const axiosHttp: Http = {
	text: async (request) => await askForText(request, send),
	stream: async (request) => await askForStream(request, send),
	upload: async ({ body, ...request }) =>
		await readUploadAnswer(request, await send(request, { data: body, timeout: 0 })),
};

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
