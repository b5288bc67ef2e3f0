import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SandboxContext } from './context';
import { send, type Handler } from './http';
import type { PresignVerdict } from './presign';

/** The storage behind fileX: answers pre-signed GET URLs as AWS S3 does. */
export function s3Handler({ store, presigner, log, faults }: SandboxContext): Handler {
	return async (request, response, url) => {
		const method = request.method ?? 'GET';
		const note = (outcome: string) => log.add({ service: 's3', request: `${method} ${url.pathname}`, outcome });
		const refuse = (status: number, code: string, message: string, more = '') => {
			note(`${status} ${code}`);
			send(response, status, 'application/xml', s3Error(code, message, more));
		};
		if (request.headers.authorization !== undefined) {
			return refuse(400, 'InvalidArgument', 'Only one auth mechanism allowed');
		}
		const verdict = presigner.verify(method, url, request.headers.host ?? '');
		const effect = method === 'GET' ? faults.strike('s3.get') : undefined;
		if ('refused' in verdict || effect === 'expired') return refuse(403, ...refusal(verdict));
		if (effect === 'fail') return refuse(503, 'SlowDown', 'Please reduce your request rate.');
		const file = method === 'GET' ? await store.find(verdict.path) : undefined;
		if (!file) return refuse(404, 'NoSuchKey', 'The specified key does not exist.');
		const handle = await store.open(verdict.path);
		note('200');
		response.writeHead(200, {
			'Content-Type': 'binary/octet-stream',
			'Content-Length': effect === 'short' ? file.size - 1 : file.size,
			'Last-Modified': file.lastModified.toUTCString(),
		});
		// An empty read stream with an end of -1 would read all.
		const end = effect ? Math.floor(file.size / 2) : file.size - 1;
		const body = file.size === 0 ? Readable.from([]) : handle.createReadStream({ end, highWaterMark: 1 << 20 });
		if (effect) return await breakOff(body, response, effect);
		// A client that leaves in mid-file is no fault of the sandbox.
		await pipeline(body, response).catch(() => {});
		await handle.close().catch(() => {});
	};
}

async function breakOff(body: Readable, response: ServerResponse, effect: string): Promise<void> {
	for await (const chunk of body) response.write(chunk);
	if (effect !== 'stall') response.destroy();
}

function refusal(verdict: PresignVerdict): [string, string, string] {
	const { refused, expires, at } = { refused: 'expired', expires: 0, at: new Date(0), ...verdict };
	if (refused === 'signature') {
		return ['SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided. Check your key and signing method.', ''];
	}
	const until = new Date(at.getTime() + expires * 1000).toISOString();
	return ['AccessDenied', 'Request has expired', `<X-Amz-Expires>${expires}</X-Amz-Expires><Expires>${until}</Expires><ServerTime>${new Date().toISOString()}</ServerTime>`];
}

function s3Error(code: string, message: string, more: string): string {
	return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`;
}
