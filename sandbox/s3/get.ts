import type { ServerResponse } from 'node:http';
import type { Effect } from '../faults';
import type { Store, StoredFile } from '../state/store';
import type { Reply } from './answer';
import type { Call } from './call';
import { checkConditions, rangeHolds } from './conditions';
import { S3Error } from './errors';
import { type ByteRange, parseRange } from './range';
import type { S3Request } from './request';
import { storedHeaders } from './stored-checksums';

/** Bytes that are read at a time. */
const PIECE = 1 << 18;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html and API_HeadObject.html */
export async function getObject({ context, checksums, request, path, fault }: Call): Promise<Reply> {
	const file = context.store.find(path);
	if (!file) throw new S3Error('NoSuchKey', { Key: request.key });
	const version = { ETag: `"${file.etag}"`, 'Last-Modified': file.lastModified.toUTCString() };
	const verdict = checkConditions(request.header, file);
	if (verdict.status === 412) throw new S3Error('PreconditionFailed', { Condition: verdict.condition });
	if (verdict.status === 304) return { status: 304, headers: version };
	const asked = rangeHolds(request.header('if-range'), file) ? request.header('range') : undefined;
	const range = parseRange(asked, file.size);
	if (range === 'unsatisfiable') {
		throw new S3Error('InvalidRange', { RangeRequested: asked!, ActualObjectSize: file.size }, undefined, {
			'Content-Range': `bytes */${file.size}`,
		});
	}
	const { start, end } = range ?? { start: 0, end: file.size - 1 };
	const plan = planBody({ start, end }, fault?.effect);
	const givesChecksum = plan.sent === file.size && request.header('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
	return {
		status: range ? 206 : 200,
		headers: {
			...version,
			'Accept-Ranges': 'bytes',
			'Content-Type': file.contentType ?? 'binary/octet-stream',
			...(givesChecksum && storedHeaders(checksums.find(file.content))),
			...overrides(request),
			'Content-Range': range && `bytes ${start}-${end}/${file.size}`,
			'Content-Length': plan.announced,
		},
		stream:
			request.method === 'HEAD'
				? async (response) => void response.end()
				: await openBody(context.store, file, start, plan),
	};
}

export interface BodyPlan {
	/** What `Content-Length` says. */
	announced: number;
	/** Bytes that are sent. */
	sent: number;
	then: 'end' | 'destroy' | 'stall';
}

/** How much of a file is sent, and what comes after, by the fault that strikes. */
export function planBody({ start, end }: ByteRange, effect: Effect | undefined): BodyPlan {
	const length = end - start + 1;
	const half = Math.floor(length / 2);
	switch (effect) {
		case 'cut':
			return { announced: length, sent: half, then: 'destroy' };
		case 'stall':
			return { announced: length, sent: half, then: 'stall' };
		case 'truncated':
			return { announced: half, sent: half, then: 'end' };
		case 'wrong-length':
			return { announced: length + 1, sent: length, then: 'destroy' };
		default:
			return { announced: length, sent: length, then: 'end' };
	}
}

/** Opened before the head is sent: a file that is gone by then is an error that can still be reported. */
async function openBody(
	store: Store,
	file: StoredFile,
	start: number,
	{ sent, then }: BodyPlan,
): Promise<NonNullable<Reply['stream']>> {
	const handle = await store.open(file);
	return async (response) => {
		try {
			for (let at = start; at < start + sent && !response.destroyed;) {
				const piece = Buffer.allocUnsafeSlow(Math.min(PIECE, start + sent - at));
				const { bytesRead } = await handle.read(piece, 0, piece.length, at);
				// The file on the disk is shorter than its record.
				if (bytesRead === 0) return void response.destroy();
				at += bytesRead;
				await write(response, piece.subarray(0, bytesRead));
			}
		} finally {
			await handle.close();
		}
		if (then === 'end') response.end();
		else if (then === 'destroy') response.destroy();
		else await gone(response);
	};
}

async function write(response: ServerResponse, piece: Buffer): Promise<void> {
	if (response.write(piece) || response.destroyed) return;
	await new Promise<void>((resolve) => {
		const done = () => {
			response.off('drain', done).off('close', done);
			resolve();
		};
		response.on('drain', done).on('close', done);
	});
}

async function gone(response: ServerResponse): Promise<void> {
	if (!response.destroyed) await new Promise<void>((resolve) => response.once('close', resolve));
}

/** Parameters that replace headers of the answer. */
const OVERRIDES: Record<string, string> = {
	'response-cache-control': 'Cache-Control',
	'response-content-disposition': 'Content-Disposition',
	'response-content-encoding': 'Content-Encoding',
	'response-content-language': 'Content-Language',
	'response-content-type': 'Content-Type',
	'response-expires': 'Expires',
};

function overrides({ parameter }: S3Request): Record<string, string> {
	const given: Record<string, string> = {};
	for (const [name, header] of Object.entries(OVERRIDES)) {
		const value = parameter(name);
		if (value === undefined) continue;
		if (!/^[\t\x20-\x7e]*$/.test(value))
			throw new S3Error(
				'InvalidArgument',
				{ ArgumentName: name },
				'Header value cannot be represented in an HTTP header',
			);
		given[header] = value;
	}
	return given;
}
