import type { Readable } from 'node:stream';
import type { IAllExecuteFunctions, IHttpRequestMethods, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';
import {
	findFileXError,
	HTTP_TIMEOUT,
	networkError,
	originOf,
	plainHeaders,
	type FileXError,
	type FileXHttp,
	type Http,
	type HttpAnswer,
	type HttpRequest,
} from '../../filex';

interface HttpHelper {
	httpRequest(options: IHttpRequestOptions): Promise<unknown>;
}

/** {@link Http} by n8n's own helper, so that its proxy settings and outbound policy hold. */
export function n8nHttp(helpers: HttpHelper): Http {
	return {
		text: async (request) => await answerOf(request, helpers.httpRequest(options(request, 'text'))),
		stream: async (request) => await answerOf(request, helpers.httpRequest(options(request, 'stream'))),
		// Redirects are off, or the whole body would be kept in memory for a replay.
		upload: async ({ body, ...request }) => await answerOf(request, helpers.httpRequest({ ...options(request, 'text'), body, timeout: 0 })),
	};
}

/** {@link FileXHttp} by n8n's helpers: n8n keeps the token, encrypted, and renews it on a 401. */
export function n8nFileXHttp(context: IAllExecuteFunctions): FileXHttp {
	return {
		...n8nHttp(context.helpers),
		async authorized(request) {
			// n8n renews a token only when it sees the 401 as an exception.
			const { answer, wasException } = await authenticated(context, request, { ignore: true, except: [401] });
			if (answer.status !== 401 || wasException) return answer;
			// n8n before 2.9 does not know `except`, and gave the 401 as an answer.
			return (await authenticated(context, request, false)).answer;
		},
	};
}

async function authenticated(
	context: IAllExecuteFunctions,
	request: HttpRequest,
	ignoreHttpStatusErrors: IHttpRequestOptions['ignoreHttpStatusErrors'],
): Promise<{ answer: HttpAnswer<string>; wasException: boolean }> {
	try {
		const response: unknown = await context.helpers.httpRequestWithAuthentication.call(context, 'fipApi', { ...options(request, 'text'), ignoreHttpStatusErrors });
		return { answer: toAnswer(response), wasException: false };
	} catch (error) {
		const answer = answerIn(error);
		if (answer) return { answer, wasException: true };
		throw asFileXError(request, error);
	}
}

function options({ method, url, headers, signal }: HttpRequest, encoding: 'text' | 'stream'): IHttpRequestOptions {
	return {
		method: method as IHttpRequestMethods,
		url,
		headers: { 'Accept-Encoding': 'identity', ...headers },
		encoding,
		abortSignal: signal,
		timeout: HTTP_TIMEOUT,
		disableFollowRedirect: true,
		ignoreHttpStatusErrors: true,
		returnFullResponse: true,
	};
}

async function answerOf<Body extends string | Readable>(
	request: HttpRequest,
	response: Promise<unknown>,
): Promise<HttpAnswer<Body>> {
	try {
		return toAnswer(await response);
	} catch (error) {
		throw asFileXError(request, error);
	}
}

function toAnswer<Body>(response: unknown): HttpAnswer<Body> {
	const { statusCode, headers, body } = response as IN8nHttpFullResponse;
	return { status: statusCode, headers: plainHeaders(headers), body: body as Body };
}

function asFileXError({ url }: HttpRequest, error: unknown): FileXError {
	return findFileXError(error) ?? networkError(originOf(url), causeOf(error));
}

/** The answer inside the error that n8n made of it. An error of ours, such as a login that FIP refused, is none. */
function answerIn(error: unknown): HttpAnswer<string> | undefined {
	if (findFileXError(error)) return undefined;
	const { response } = causeOf(error) as { response?: { status?: unknown; headers?: unknown; data?: unknown } };
	if (typeof response?.status !== 'number') return undefined;
	const { status, headers, data } = response;
	const body = typeof data === 'string' ? data : typeof data === 'object' && data !== null ? JSON.stringify(data) : '';
	return { status, headers: plainHeaders(typeof headers === 'object' && headers !== null ? headers : {}), body };
}

function causeOf(error: unknown): object {
	const cause = error instanceof Error ? error.cause : undefined;
	return cause instanceof Error ? cause : (error as object);
}
