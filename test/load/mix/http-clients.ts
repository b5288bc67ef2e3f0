import { Agent, request } from 'node:http';

/** Milliseconds after which an answer is not waited for any more. */
export const REQUEST_LIMIT = 60_000;

export interface HttpOptions {
	method?: string;
	headers?: Record<string, string>;
	body?: Buffer;
}

export interface HttpReply {
	status: number;
	header(name: string): string | undefined;
	body: Buffer;
}

export type HttpClient = (url: string, options?: HttpOptions) => Promise<HttpReply>;

/** Node's fetch, which is undici. */
export const fetchClient: HttpClient = async (url, { method, headers, body } = {}) => {
	const answer = await fetch(url, {
		method,
		headers,
		body: body as Uint8Array<ArrayBuffer> | undefined,
		signal: AbortSignal.timeout(REQUEST_LIMIT),
	});
	return {
		status: answer.status,
		header: (name) => answer.headers.get(name) ?? undefined,
		body: Buffer.from(await answer.arrayBuffer()),
	};
};

export function nodeClient(agent: Agent): HttpClient {
	return async (url, { method = 'GET', headers = {}, body } = {}) =>
		await new Promise<HttpReply>((resolve, reject) => {
			const length = body === undefined ? {} : { 'Content-Length': body.length };
			const sent = request(
				url,
				{ agent, method, headers: { ...headers, ...length }, signal: AbortSignal.timeout(REQUEST_LIMIT) },
				(answer) => {
					const pieces: Buffer[] = [];
					answer.on('data', (piece: Buffer) => pieces.push(piece));
					answer.on('error', reject);
					answer.on('end', () =>
						resolve({
							status: answer.statusCode!,
							header: (name) => answer.headers[name.toLowerCase()]?.toString(),
							body: Buffer.concat(pieces),
						}),
					);
				},
			);
			sent.on('error', reject);
			sent.end(body);
		});
}

/** Sends half of a body, and drops the connection: by its end, or by a reset. */
export async function cutOff(url: string, body: Buffer, how: 'end' | 'reset'): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		const sent = request(url, { agent: false, method: 'PUT', headers: { 'Content-Length': body.length } });
		sent.on('response', (answer) => {
			answer.resume();
			reject(new Error(`half of a body was answered with ${answer.statusCode}`));
		});
		// The client's own doing.
		sent.on('error', () => {});
		sent.on('close', resolve);
		sent.write(body.subarray(0, body.length >> 1), () => {
			if (how === 'reset') sent.socket?.resetAndDestroy();
			else sent.destroy();
		});
	});
}

/** Reads a part of an answer, and drops the connection. */
export async function leaveEarly(url: string): Promise<number> {
	return await new Promise<number>((resolve, reject) => {
		const sent = request(url, { agent: false }, (answer) => {
			answer.on('error', () => {});
			answer.once('data', () => sent.destroy());
			answer.on('close', () => resolve(answer.statusCode!));
		});
		sent.on('error', reject);
		sent.end();
	});
}
