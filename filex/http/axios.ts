import type { AxiosRequestConfig } from 'axios';
import type { Readable } from 'node:stream';
import type { Logins } from '../account/login-guard';
import { findFileXError, networkError } from '../errors';
import { type Agents, agentsFor } from './agents';
import { SMALL_ANSWER } from './answer-bounds';
import { type Egress, UNRESTRICTED_EGRESS } from './egress';
import { type Http, type HttpAnswer, type HttpRequest, originOf, plainHeaders } from './port';
import { askForStream, askForText, readUploadAnswer } from './text-answer';

/**
 * {@link Http} by axios: through the proxy that the environment names, and to whichever of a host's addresses answers.
 * Files come as they were stored: one that has a `Content-Encoding` is not decoded.
 */
export function httpBy(egress: Egress, guard?: Logins): Http {
	const agents = agentsFor(egress, guard);
	const send: Send = async (request, more) => await sendBy(agents, request, more);
	return {
		text: async (request) => await askForText(request, send),
		stream: async (request) => await askForStream(request, async (each) => await send(each, { decompress: false })),
		upload: async ({ body, ...request }) =>
			await readUploadAnswer(request, await send(request, { data: body, timeout: 0 })),
	};
}

/** For where there is no n8n: this library alone, and n8n's credential test. */
export const axiosHttp: Http = httpBy(UNRESTRICTED_EGRESS);

type Send = (request: HttpRequest, more?: AxiosRequestConfig) => Promise<HttpAnswer<Readable>>;

async function sendBy(
	agents: Agents,
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
		maxBodyLength: Infinity,
		...agents,
		// The agents go through the one that the environment names.
		proxy: false,
		validateStatus: () => true,
		...more,
	};
	try {
		const answer = await axios.request<Readable>(config).catch(async (error: unknown) => {
			// A connection that was kept may be closed at the very moment of its next use. What changes nothing is asked again.
			if (method !== 'GET' || !wasClosedMeanwhile(error)) throw error;
			return await axios.request<Readable>(config);
		});
		return { status: answer.status, headers: plainHeaders(answer.headers), body: answer.data };
	} catch (error) {
		throw findFileXError(error) ?? networkError(originOf(url), error);
	}
}

function wasClosedMeanwhile(error: unknown): boolean {
	const { code, request } = error as { code?: string; request?: { reusedSocket?: boolean } };
	return request?.reusedSocket === true && (code === 'ECONNRESET' || code === 'EPIPE');
}
