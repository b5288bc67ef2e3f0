import type { Readable } from 'node:stream';
import type { AnswerBounds } from './answer-bounds';

/** One HTTP call. Redirects are never followed, and every status is an answer, not an exception. */
export interface HttpRequest {
	method: 'GET' | 'POST' | 'PUT';
	url: string;
	headers?: Record<string, string>;
	signal?: AbortSignal;
	/** What its answer may take; that of a small one where absent. */
	bounds?: AnswerBounds;
}

/** A call that sends a file. */
export interface HttpUpload extends HttpRequest {
	/** Sent as it is: the headers must tell its length. */
	body: Readable;
}

export interface HttpAnswer<Body> {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	body: Body;
}

/** How `filex/` reaches the network over HTTP; who uses it brings one. Failures are FileXErrors. */
export interface Http {
	/** A call without credentials, the answer read as text. */
	text(request: HttpRequest): Promise<HttpAnswer<string>>;
	/** A call without credentials, the answer streamed: only its beginning has a limit. */
	stream(request: HttpRequest): Promise<HttpAnswer<Readable>>;
	/**
	 * A call without credentials that streams a body out, once. Until its answer begins it has no time limit:
	 * who calls it minds the time, by `signal`.
	 */
	upload(request: HttpUpload): Promise<HttpAnswer<string>>;
}

/** An {@link Http} that also knows how to call fileX's REST API with the account's bearer token. */
export interface FileXHttp extends Http {
	/** As `text`, with the token; a 401 is answered only after a fresh token was refused too. */
	authorized(request: HttpRequest): Promise<HttpAnswer<string>>;
}

/** Who is called, fit for a message: scheme, host and port only. */
export function originOf(url: string): string {
	return URL.canParse(url) ? new URL(url).origin : 'an address that is no URL';
}

/** Header values as strings, names in lower case. */
export function plainHeaders(headers: object): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers)
			.filter(([, value]) => value !== undefined && value !== null)
			.map(([name, value]) => [name.toLowerCase(), String(value)]),
	);
}
