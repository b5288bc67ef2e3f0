import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { S3Error } from './errors';
import { withoutSignature } from './redact';
import { element, XML_DECLARATION } from './xml';

/** What an operation answers. */
export interface Reply {
	status: number;
	headers?: Record<string, string | number | undefined>;
	/** A whole XML document. */
	xml?: string;
	/** Writes the body, after the head, in place of a document. */
	stream?: (response: ServerResponse) => Promise<void>;
	/** What the log says; the status where absent. */
	outcome?: string;
}

/** The most that is read away of a body that no one needs, in bytes, before the connection is given up. */
const MAX_UNWANTED = 1 << 20;

/** How long a client may continue sending what no one needs, in milliseconds, and how much of it, in bytes. */
const LINGER_TIME = 2000;
const LINGER_BYTES = 16 << 20;

/** The headers that every answer has. */
export function startAnswer(response: ServerResponse, now: Date): { requestId: string; hostId: string } {
	const ids = { requestId: randomBytes(8).toString('hex').toUpperCase(), hostId: randomBytes(48).toString('base64') };
	response.setHeader('x-amz-request-id', ids.requestId);
	response.setHeader('x-amz-id-2', ids.hostId);
	response.setHeader('Date', now.toUTCString());
	response.setHeader('Server', 'AmazonS3');
	return ids;
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses */
export function errorReply(
	error: S3Error,
	resource: string,
	{ requestId, hostId }: { requestId: string; hostId: string },
): Reply {
	const { code, message, details } = error;
	const shown = Object.fromEntries(
		Object.entries(details).map(([name, value]) => [name, withoutSignature(String(value))]),
	);
	return {
		status: error.status,
		headers: error.headers,
		xml:
			XML_DECLARATION +
			element('Error', {
				Code: code,
				Message: withoutSignature(message),
				...shown,
				Resource: withoutSignature(resource),
				RequestId: requestId,
				HostId: hostId,
			}),
		outcome: `${error.status} ${code}`,
	};
}

export async function sendReply(
	request: IncomingMessage,
	response: ServerResponse,
	{ status, headers = {}, xml, stream }: Reply,
): Promise<void> {
	for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
	const leavesBody = isUnread(request, response);
	if (leavesBody) response.setHeader('Connection', 'close');
	if (stream) {
		response.writeHead(status);
		return await stream(response);
	}
	if (xml !== undefined) response.setHeader('Content-Type', 'application/xml');
	if (request.method !== 'HEAD' && status !== 204 && status !== 304)
		response.setHeader('Content-Length', Buffer.byteLength(xml ?? ''));
	response.writeHead(status);
	if (leavesBody) {
		// To close at once would reset the connection, and the client might never see the answer.
		if (request.method === 'HEAD') response.flushHeaders();
		else response.write(xml ?? '');
		await linger(request, response);
	}
	response.end(leavesBody || request.method === 'HEAD' ? undefined : xml);
}

/** Whether there is more of the body to come than Node should read away to keep the connection. */
function isUnread(request: IncomingMessage, response: ServerResponse): boolean {
	if (
		request.complete ||
		(request.headers['transfer-encoding'] === undefined && Number(request.headers['content-length'] ?? 0) === 0)
	)
		return false;
	// No one knows whether a client that waits for "100 Continue" in vain sends its body.
	if (request.headers.expect !== undefined && !continued.has(response)) return true;
	return !(Number(request.headers['content-length']) <= MAX_UNWANTED);
}

/** The answers to clients that were told to continue. */
const continued = new WeakSet<ServerResponse>();

/** Lets a client send its body that waits for leave. */
export function askForBody(request: IncomingMessage, response: ServerResponse): void {
	if (request.headers.expect === undefined || continued.has(response)) return;
	continued.add(response);
	response.writeContinue();
}

async function linger(request: IncomingMessage, response: ServerResponse): Promise<void> {
	let size = 0;
	const over = new AbortController();
	request.on('data', (piece: Buffer) => {
		size += piece.length;
		if (size > LINGER_BYTES) over.abort();
	});
	for (const event of ['end', 'close', 'error']) request.once(event, () => over.abort());
	response.once('close', () => over.abort());
	request.resume();
	await wait(LINGER_TIME, undefined, { signal: over.signal }).catch(() => {});
}
