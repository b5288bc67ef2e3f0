import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> | void;

export interface Listening {
	url: string;
	server: Server;
}

/** Serves HTTP on a port of its own. A handler that throws answers 500; a malformed path answers 400. */
export async function listen(host: string, port: number, handler: Handler): Promise<Listening> {
	const server = createServer((request, response) => {
		void handle(request, response, handler);
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, resolve);
	});
	return { url: `http://${host}:${(server.address() as AddressInfo).port}`, server };
}

async function handle(request: IncomingMessage, response: ServerResponse, handler: Handler): Promise<void> {
	try {
		await handler(request, response, new URL(request.url ?? '/', 'http://sandbox'));
	} catch (error) {
		if (response.headersSent) return void response.destroy();
		sendJson(response, error instanceof URIError ? 400 : 500, { message: (error as Error).message });
	}
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
	send(response, status, 'application/json', JSON.stringify(body));
}

export function send(response: ServerResponse, status: number, type: string, body: string): void {
	response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
	response.end(body);
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

export async function stop(server: Server): Promise<void> {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
}
