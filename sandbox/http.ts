import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from './faults';
import { Pending } from './pending';
import { listenOn } from './port';

export type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> | void;

/** A certificate and its key, in PEM. */
export interface TlsIdentity {
	cert: string;
	key: string;
}

export interface ListenOptions {
	host: string;
	/** 0 means a free one. */
	port: number;
	tls?: TlsIdentity;
	/** The handler itself answers `Expect: 100-continue`, once it has looked at the headers. */
	continues?: boolean;
	/** Hears of requests that no handler could answer. */
	note?: Note;
}

type Note = (request: string, outcome: string) => void;

export interface Listening {
	/** E.g. `http://127.0.0.1:8080`. */
	url: string;
	/** Hangs up on everybody, and waits until all handlers are done. */
	close(): Promise<void>;
}

/**
 * Serves HTTP on a port of its own. A handler that throws answers 500, a malformed path 400; what is
 * not HTTP at all is refused and logged.
 */
export async function listen(
	{ host, port, tls, continues, note = () => {} }: ListenOptions,
	handler: Handler,
): Promise<Listening> {
	const work = new Pending();
	const onRequest = (request: IncomingMessage, response: ServerResponse) =>
		work.add(handle(request, response, handler, note));
	// A file of 60 GB may take hours. Idle connections are left to the client to close: a server that is
	// first to do so breaks the request that comes just then.
	const options = { requestTimeout: 0, keepAliveTimeout: 65_000 };
	const server = tls ? createTlsServer({ ...options, ...tls }, onRequest) : createServer(options, onRequest);
	if (continues) server.on('checkContinue', onRequest);
	server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refuseMalformed(error, socket, note));
	const listening = await listenOn(server, port, host);
	const name = host.includes(':') ? `[${host}]` : host;
	return {
		url: `${tls ? 'https' : 'http'}://${name}:${listening}`,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			await work.done();
		},
	};
}

async function handle(request: IncomingMessage, response: ServerResponse, handler: Handler, note: Note): Promise<void> {
	// A client that goes away is no fault of the sandbox.
	request.on('error', () => {});
	response.on('error', () => {});
	try {
		await handler(
			request,
			response,
			new URL(`http://sandbox${(request.url ?? '/').replace(/^https?:\/\/[^/]*/i, '')}`),
		);
	} catch (error) {
		const status = error instanceof RangeError ? 413 : isMalformed(error) ? 400 : 500;
		note(`${request.method} malformed or failed`, `${status} ${(error as Error).message}`);
		if (response.headersSent || response.destroyed) return void response.destroy();
		sendJson(response, status, {
			message: { 400: 'Bad Request', 413: 'Content Too Large', 500: 'Internal Server Error' }[status],
		});
	}
}

/** Whether it is the client's fault: a path or a body that cannot be read. */
function isMalformed(error: unknown): boolean {
	return (
		error instanceof URIError ||
		error instanceof SyntaxError ||
		(error as NodeJS.ErrnoException).code === 'ERR_INVALID_URL'
	);
}

const MALFORMED_STATUS: Record<string, string> = {
	HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
	ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket, note: Note): void {
	const status = MALFORMED_STATUS[error.code ?? ''] ?? '400 Bad Request';
	note('malformed', `${status.slice(0, 3)} ${error.code ?? ''}`.trim());
	if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
	socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** The scheme and host that a client used, e.g. `http://127.0.0.1:8080`. */
export function originOf(request: IncomingMessage): string {
	return `${'encrypted' in request.socket ? 'https' : 'http'}://${request.headers.host}`;
}

/** The path as the client sent it: `new URL()` would resolve its dots. */
export function rawPath(request: IncomingMessage): string {
	return (request.url ?? '/').replace(/^https?:\/\/[^/]*/i, '').split('?')[0]!;
}

/** The parts of the path, decoded. @throws URIError where they cannot be */
export function pathOf(request: IncomingMessage): string[] {
	return rawPath(request).split('/').slice(1).map(decodeURIComponent);
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
	send(response, status, 'application/json', JSON.stringify(body));
}

export function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
	response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
	response.end(body);
}

/** Most bytes of a body that is read into memory. */
const MAX_BODY = 4 << 20;

/** Reads a small body. @throws RangeError where it is not small */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request) {
		chunks.push(chunk as Buffer);
		size += (chunk as Buffer).length;
		if (size > MAX_BODY) throw new RangeError('The body is too large.');
	}
	return Buffer.concat(chunks);
}

/**
 * The part of a fault that is alike for all HTTP routes. Gives the status that the route must answer
 * with in its own words; 'dropped' where there is nothing left to answer, 'page' where a page has been sent; undefined
 * to continue.
 */
export async function strikeHttp(
	fault: Fault | undefined,
	response: ServerResponse,
): Promise<500 | 503 | 'dropped' | 'page' | undefined> {
	switch (fault?.effect) {
		case 'delay':
			await wait((fault.seconds ?? 1) * 1000);
			return undefined;
		case 'fail':
			return 500;
		case 'unavailable':
			return 503;
		case 'drop':
			response.destroy();
			return 'dropped';
		case 'lose':
			loseAnswer(response);
			return undefined;
		case 'page':
			await sendPage(response, fault.status ?? 200);
			return 'page';
		default:
			return undefined;
	}
}

const PAGE =
	'<!DOCTYPE html>\n<html><head><title>Access to the Internet</title></head><body><h1>Sign in to your network</h1></body></html>\n';

/** Answers as what stands before a service: none of the service's own headers, once all of the request has come. */
async function sendPage(response: ServerResponse, status: number): Promise<void> {
	const { req: request } = response;
	for (const name of response.getHeaderNames()) response.removeHeader(name);
	// A client that waits to be reported to continue sends nothing before.
	if (!request.complete && request.headers.expect === undefined) {
		request.resume();
		await new Promise<void>((resolve) => {
			request.once('end', resolve);
			request.once('close', resolve);
		});
	}
	response.setHeader('Server', 'gateway');
	send(response, status, 'text/html; charset=utf-8', PAGE);
}

/** Lets all be done but the answer: the connection is dropped in its place. */
function loseAnswer(response: ServerResponse): void {
	response.writeHead = () => response;
	response.write = () => true;
	response.end = () => {
		response.destroy();
		return response;
	};
}
