import { Readable } from 'node:stream';
import type {
	IAllExecuteFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import {
	askForText,
	EACH_ADDRESS,
	type FileXError,
	type FileXHttp,
	findFileXError,
	type Http,
	type HttpAnswer,
	httpBy,
	type HttpRequest,
	networkError,
	originOf,
	plainHeaders,
	SMALL_ANSWER,
} from '../../filex';
import { authorizedCalls } from './authorized';
import { n8nEgress, policyRefusalIn } from './egress';
import { refuseSocks } from './socks';
import { storedToken } from './stored-token';

interface HttpHelper {
	httpRequest(options: IHttpRequestOptions): Promise<unknown>;
}

/**
 * {@link Http} by n8n's own helper for texts, and by our client for files, whose stored bytes the helper would decode. The
 * same proxy settings and outbound policy hold for both.
 */
export function n8nHttp(
	helpers: HttpHelper & Parameters<typeof n8nEgress>[0],
	{ stream, upload }: Pick<Http, 'stream' | 'upload'> = httpBy(n8nEgress(helpers)),
): Http {
	const send = async (request: HttpRequest) => {
		refuseSocks(request.url);
		const call = stoppable(request);
		try {
			return toAnswer(await helpers.httpRequest(options(call.request)), call.stop);
		} catch (error) {
			throw asFileXError(request, error);
		}
	};
	return { text: async (request) => await askForText(request, send), stream, upload };
}

/**
 * {@link FileXHttp} for a node: n8n keeps the token, encrypted, and renews it on a 401. Calls with a token that is known to
 * be good go by our own client, on connections that are kept; n8n's helper opens one for each call.
 *
 * @param login how long a login may take, in ms: n8n makes it within the call
 */
export function n8nFileXHttp(
	context: IAllExecuteFunctions,
	login = SMALL_ANSWER.overall,
	egress = n8nEgress(context.helpers),
): FileXHttp {
	const own = httpBy(egress);
	return {
		...n8nHttp(context.helpers, own),
		authorized: authorizedCalls({
			byN8n: async ({ bounds = SMALL_ANSWER, ...rest }) =>
				await byN8n(context, { ...rest, bounds: { ...bounds, overall: bounds.overall + login } }),
			byUs: own.text,
			token: async () => storedToken(await context.getCredentials('fipApi')),
		}),
	};
}

interface N8nAnswer {
	answer: HttpAnswer<string>;
	/** Whether n8n made it up, as its evaluations do. */
	isMadeUp: boolean;
}

async function byN8n(context: IAllExecuteFunctions, request: HttpRequest): Promise<N8nAnswer> {
	// n8n renews a token only when it sees the 401 as an exception.
	const { wasException, ...first } = await authenticated(context, request, { ignore: true, except: [401] });
	if (first.answer.status !== 401 || wasException) return first;
	// n8n before 2.9 does not know `except`, and gave the 401 as an answer.
	return await authenticated(context, request, false);
}

async function authenticated(
	context: IAllExecuteFunctions,
	request: HttpRequest,
	ignoreHttpStatusErrors: IHttpRequestOptions['ignoreHttpStatusErrors'],
): Promise<N8nAnswer & { wasException: boolean }> {
	let wasException = false;
	let isMadeUp = false;
	const answer = await askForText(request, async (each) => {
		refuseSocks(each.url);
		const call = stoppable(each);
		try {
			const sent = withSignal({ ...options(each), ignoreHttpStatusErrors }, call.request.signal);
			const response = await context.helpers.httpRequestWithAuthentication.call(context, 'fipApi', sent);
			isMadeUp = !((response as Partial<IN8nHttpFullResponse>).body instanceof Readable);
			return toAnswer(response, call.stop);
		} catch (error) {
			const refused = answerIn(error);
			if (!refused) throw asFileXError(request, error);
			wasException = true;
			return refused;
		}
	});
	return { answer, wasException, isMadeUp };
}

/** The same request, and what stops it. */
function stoppable(request: HttpRequest): { request: HttpRequest; stop: () => void } {
	const over = new AbortController();
	return {
		request: { ...request, signal: AbortSignal.any([over.signal, ...(request.signal ? [request.signal] : [])]) },
		stop: () => over.abort(),
	};
}

/** n8n puts the signal that stops an execution in place of ours: with this, both hold. */
function withSignal(options: IHttpRequestOptions, own?: AbortSignal): IHttpRequestOptions {
	let signal = own;
	return Object.defineProperty(options, 'abortSignal', {
		enumerable: true,
		configurable: true,
		get: () => signal,
		set(other?: AbortSignal) {
			signal = own && other ? AbortSignal.any([own, other]) : (other ?? own);
		},
	});
}

function options({ method, url, headers, signal, bounds = SMALL_ANSWER }: HttpRequest): IHttpRequestOptions {
	return {
		method: method as IHttpRequestMethods,
		url,
		headers: { 'Accept-Encoding': 'identity', ...headers },
		// Of any other, n8n reads all that comes.
		encoding: 'stream',
		abortSignal: signal,
		agentOptions: EACH_ADDRESS,
		timeout: bounds.idle,
		disableFollowRedirect: true,
		ignoreHttpStatusErrors: true,
		returnFullResponse: true,
	};
}

function toAnswer(response: unknown, stop: () => void): HttpAnswer<Readable> {
	const { statusCode, headers, body } = response as IN8nHttpFullResponse;
	return { status: statusCode, headers: plainHeaders(headers), body: stopping(asStream(body), stop) };
}

/** A body that ends the call when it is dropped: n8n's HTTP client gives one that does not, while its connection stands still. */
function stopping(body: Readable, stop: () => void): Readable {
	const destroy = body.destroy.bind(body);
	body.destroy = (error?: Error) => {
		destroy(error);
		stop();
		return body;
	};
	return body;
}

/** An answer need not come as the stream that was asked for: n8n's evaluations make them up. */
function asStream(body: unknown): Readable {
	if (body instanceof Readable) return body;
	if (typeof body === 'string' || Buffer.isBuffer(body)) return Readable.from([Buffer.from(body)]);
	return Readable.from(body === undefined || body === null ? [] : [Buffer.from(JSON.stringify(body))]);
}

function asFileXError({ url }: HttpRequest, error: unknown): FileXError {
	return (
		findFileXError(error) ?? policyRefusalIn(error, new URL(url).host) ?? networkError(originOf(url), causeOf(error))
	);
}

/** The answer inside the error that n8n made of it. An error of ours, such as a login that FIP refused, is none. */
function answerIn(error: unknown): HttpAnswer<Readable> | undefined {
	if (findFileXError(error)) return undefined;
	const { response } = causeOf(error) as {
		response?: { status?: unknown; headers?: unknown; data?: unknown; request?: { destroy?: () => void } };
	};
	if (typeof response?.status !== 'number') return undefined;
	const { status, headers, data, request } = response;
	// To the client, a call that failed is over: it does not heed its signal any more.
	const body = stopping(asStream(data), () => request?.destroy?.());
	return { status, headers: plainHeaders(typeof headers === 'object' && headers !== null ? headers : {}), body };
}

function causeOf(error: unknown): object {
	const cause = error instanceof Error ? error.cause : undefined;
	return cause instanceof Error ? cause : (error as object);
}
