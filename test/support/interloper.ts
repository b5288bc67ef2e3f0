import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer that is not the server's: one made up, or `reset` for a connection that is cut. */
export type ForeignAnswer = { status: number; headers?: Record<string, string>; body?: string } | 'reset';

export interface Rule {
	/** Which requests: by method and path with query, e.g. `PUT /files/0001/focus/in/a.zip`. */
	matches: RegExp;
	answer: ForeignAnswer;
	/** How often; always where absent. */
	times?: number;
	/** Requests that it lets pass first; 0 where absent. */
	after?: number;
	/** Whether the server gets the request anyway, and only its answer is lost. */
	forwards?: boolean;
}

/** What stands between a client and a server, and answers in the server's place when told to. */
export interface Interloper {
	url: string;
	rules: Rule[];
	/** Which requests it refuses by their headers, and how. */
	refuses?: (headers: IncomingMessage['headers'], line: string) => ForeignAnswer | undefined;
	/** Headers that it takes out of requests. */
	drops: string[];
	/** The headers of the requests that came, by method and path. */
	seen: Array<{ line: string; headers: IncomingMessage['headers'] }>;
	/** Headers that it adds to the server's own answers to GET. */
	adds: Record<string, string>;
	/** How many requests it has answered by itself. */
	struck: number;
	close(): Promise<void>;
}

/** @param target base URL of the server */
export async function startInterloper(target: string): Promise<Interloper> {
	const { hostname, port } = new URL(target);
	const interloper: Interloper = {
		url: '',
		rules: [],
		drops: [],
		seen: [],
		adds: {},
		struck: 0,
		close: async () => {},
	};
	const server = createServer((request, response) => {
		request.on('error', () => {});
		response.on('error', () => {});
		const line = `${request.method} ${request.url}`;
		interloper.seen.push({ line, headers: { ...request.headers } });
		const refusal = interloper.refuses?.(request.headers, line);
		if (refusal) return void request.resume().once('end', () => answer(request, response, refusal));
		for (const name of interloper.drops) delete request.headers[name];
		const rule = find(interloper, line);
		if (rule && !rule.forwards) {
			// Only after the whole of it has come: else it would be an answer before the body was sent.
			request.resume().once('end', () => answer(request, response, rule.answer));
			return;
		}
		const forwarded = httpRequest(
			{ hostname, port, method: request.method, path: request.url, headers: request.headers, agent: false },
			(real) => {
				if (rule) real.resume().once('end', () => answer(request, response, rule.answer));
				else
					real.pipe(
						response.writeHead(real.statusCode!, { ...real.headers, ...(request.method === 'GET' && interloper.adds) }),
					);
			},
		);
		forwarded.on('error', () => request.socket.destroy());
		request.pipe(forwarded);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	interloper.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	interloper.close = async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	};
	return interloper;
}

function find(interloper: Interloper, line: string): Rule | undefined {
	for (const rule of interloper.rules) {
		if (!rule.matches.test(line)) continue;
		if (rule.after) {
			rule.after--;
			continue;
		}
		if (rule.times !== undefined && rule.times-- <= 0) continue;
		interloper.struck++;
		return rule;
	}
	return undefined;
}

function answer({ socket }: IncomingMessage, response: ServerResponse, what: ForeignAnswer): void {
	if (what === 'reset') {
		socket.resetAndDestroy();
		return;
	}
	const { status, headers = { 'Content-Type': 'text/html', Server: 'gateway' }, body = PAGE } = what;
	response.writeHead(status, headers).end(status === 204 || status === 304 ? undefined : body);
}

export const PAGE =
	'<!DOCTYPE html><html><head><title>Access</title></head><body>Please log in to the proxy</body></html>';

/** What proxies, gateways, login pages and load balancers answer in place of others. */
export const FOREIGN_ANSWERS: Array<[name: string, answer: ForeignAnswer]> = [
	['a page (200)', { status: 200 }],
	['a page with an entity tag (200)', { status: 200, headers: { 'Content-Type': 'text/html', ETag: '"5f3e-60a"' } }],
	['nothing (200)', { status: 200, headers: {}, body: '' }],
	[
		'JSON of another (200)',
		{ status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"result":"blocked","id":7}' },
	],
	[
		'a redirect to a login (302)',
		{ status: 302, headers: { Location: 'https://login.example.com/?from=filex', 'Content-Type': 'text/html' } },
	],
	['a page (403)', { status: 403 }],
	['a page (404)', { status: 404 }],
	['JSON of another (404)', { status: 404, headers: { 'Content-Type': 'application/json' }, body: '{"blocked":true}' }],
	['a page (502)', { status: 502 }],
	['a reset', 'reset'],
];
