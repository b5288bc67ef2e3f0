import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { XMLParser } from 'fast-xml-parser';
import type { Peer } from './peer';
import { sha256, type Signable, signed, type Signed, type Signing } from './signature';

/** A request as it goes over the wire. */
export interface RawRequest extends Signable {
	body?: Buffer;
}

/** A request that need not have any headers yet. */
type Unsigned = Omit<RawRequest, 'headers'> & { headers?: Record<string, string> };

export interface RawResponse {
	status: number;
	headers: IncomingHttpHeaders;
	body: Buffer;
	/** The code of the error document in the body. */
	code?: string;
}

/** Sends a request to a server just as it is. */
export async function send(endpoint: string, { method, path, query, headers, body }: RawRequest): Promise<RawResponse> {
	const { hostname, port } = new URL(endpoint);
	const options = { hostname, port, method, path: query ? `${path}?${query}` : path, headers, agent: false };
	const request = httpRequest(options);
	// With `Expect: 100-continue` a body goes only where the server asks for it.
	if (headers.expect === undefined || body === undefined) request.end(body);
	else request.once('continue', () => request.end(body)).flushHeaders();
	const [response] = (await once(request, 'response')) as [IncomingMessage];
	const answer = await buffer(response);
	request.destroy();
	const code = errorOf(answer)?.Code;
	return { status: response.statusCode!, headers: response.headers, body: answer, ...(code !== undefined && { code }) };
}

/** The error document that a response's body is, if it is one. */
export function errorOf(body: Buffer): { Code: string; Message?: string; RequestId?: string } | undefined {
	if (!body.subarray(0, 5).equals(Buffer.from('<?xml'))) return undefined;
	const parser = new XMLParser({ parseTagValue: false });
	return (parser.parse(body.toString('utf8')) as { Error?: { Code: string } }).Error;
}

/** An object's path, in path style, encoded as AWS needs it signed. */
export function pathOf({ Bucket, Key }: { Bucket: string; Key: string }): string {
	const encoded = encodeURIComponent(Key).replaceAll('%2F', '/');
	return `/${Bucket}/${encoded.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)}`;
}

/** Signs a request with the session's keys, unless told otherwise. */
export function signedBy(peer: Peer, request: Unsigned, signing: Partial<Signing> = {}): RawRequest & Signed {
	const headers = { host: new URL(peer.target.endpoint).host, ...request.headers };
	const payload = sha256(request.body ?? '');
	const { keys, target } = peer;
	const result = signed({ ...request, headers }, { keys, region: target.region, payload, ...signing });
	return { ...request, ...result };
}
