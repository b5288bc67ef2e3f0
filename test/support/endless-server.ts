import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGzip } from 'node:zlib';
import { Readable } from 'node:stream';

/** How an answer does not come to its end. */
export const ENDLESS = ['silent', 'drip head', 'drip', 'still', 'endless', 'zip bomb'] as const;
export type Endless = (typeof ENDLESS)[number];

export interface EndlessServer {
	url: string;
	/** Bytes of bodies that it handed on. */
	sent(): number;
	/** Connections that stand. */
	open(): Promise<number>;
	close(): Promise<void>;
}

/** How often a dripping answer brings a byte, in ms. */
export const DRIP = 20;

const PIECE = Buffer.alloc(2 ** 18, ' ');

/** A server that never ends an answer, in the way that the path's last part says: `/files/0001/drip%20head`; with a `?status=401`, if need be. */
export async function startEndlessServer(): Promise<EndlessServer> {
	let sent = 0;
	const server = createServer((request, response) => {
		response.on('error', () => {});
		const { pathname, searchParams } = new URL(request.url!, 'http://server');
		const how = decodeURIComponent(pathname.split('/').at(-1)!) as Endless;
		const status = Number(searchParams.get('status') ?? 200);
		request.resume().once('end', () => answer(how, status, response, (bytes) => (sent += bytes)));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		sent: () => sent,
		open: async () => await new Promise((resolve) => server.getConnections((_, count) => resolve(count))),
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

function answer(how: Endless, status: number, response: ServerResponse, count: (bytes: number) => void): void {
	const until = (each: () => void) => {
		const timer = setInterval(each, DRIP);
		response.on('close', () => clearInterval(timer));
	};
	if (how === 'silent') return;
	if (how === 'drip head') {
		response.socket!.write(`HTTP/1.1 ${status} OK\r\nX-Long: `);
		return until(() => response.socket?.write('x'));
	}
	const headers = { 'Content-Type': 'application/json', ...(how === 'zip bomb' && { 'Content-Encoding': 'gzip' }) };
	response.writeHead(status, headers).flushHeaders();
	if (how === 'drip') return until(() => response.write(' '));
	if (how === 'still') return void response.write('{"children":[');
	const pieces = Readable.from(
		(function* () {
			for (;;) {
				count(PIECE.length);
				yield PIECE;
			}
		})(),
	);
	const source = how === 'zip bomb' ? pieces.pipe(createGzip()) : pieces;
	response.on('close', () => pieces.destroy());
	source.pipe(response);
}
