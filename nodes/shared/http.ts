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
			try {
				const response: unknown = await context.helpers.httpRequestWithAuthentication.call(context, 'fipApi', {
					...options(request, 'text'),
					// n8n renews a token only when it sees the 401 as an exception.
					ignoreHttpStatusErrors: { ignore: true, except: [401] },
				});
				return toAnswer(response);
			} catch (error) {
				const refused = refusedAnswer(error);
				if (refused) return refused;
				throw asFileXError(request, error);
			}
		},
	};
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

/** The 401 inside the error that n8n made of it. */
function refusedAnswer(error: unknown): HttpAnswer<string> | undefined {
	const { response } = causeOf(error) as { response?: { status?: number; data?: unknown } };
	if (response?.status !== 401) return undefined;
	return { status: 401, headers: {}, body: typeof response.data === 'string' ? response.data : '' };
}

function causeOf(error: unknown): object {
	const cause = error instanceof Error ? error.cause : undefined;
	return cause instanceof Error ? cause : (error as object);
}
