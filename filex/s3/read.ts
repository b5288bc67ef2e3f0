import { addAbortSignal, type Readable } from 'node:stream';
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { FileXError } from '../errors';
import { NO_SIZE } from '../hints';
import { md5Of, provesObject, sdkAnswer } from '../http/storage-proof';
import type { FileStream, Resume } from '../space';
import { replacedMeanwhile } from '../transfer/resuming';
import type { S3Access, S3Call } from './access';
import type { S3Object } from './location';
import { type Fetch, PIECE, type Piece, RangedRead } from './ranged-read';
import { BrokenBody, notS3s } from './s3-errors';

/** How slow a transfer of one piece or part may be, in bytes per second, before it is broken off: several share a line. */
const SLOWEST_PART = 2048;

/** How long nothing may come of a piece, in ms. */
const IDLE = 30_000;

/** How long a transfer of so many bytes may take, in ms, however slow the line; one that stands still ends earlier. */
export function transferTime(bytes: number): number {
	return 60_000 + (bytes / SLOWEST_PART) * 1000;
}

/**
 * Reads a file in ranges, from its beginning or from where it is to be taken up. The first answer tells its
 * size and version; all others must be of the same version. A range that breaks off is asked again for its rest.
 */
export async function readObject(access: S3Access, object: S3Object, resume?: Resume): Promise<FileStream> {
	const from = resume?.from ?? 0;
	const first = await firstAnswer(access, object, from, resume?.version);
	if (!provesObject(sdkAnswer(first))) {
		(first.Body as Readable | undefined)?.destroy();
		throw notS3s(object.path, 'it is not an S3 object', first.$metadata);
	}
	const size = totalOf(first, object.path);
	const version = first.ETag;
	if (resume && version !== resume.version) {
		(first.Body as Readable).destroy();
		throw replacedMeanwhile(object.path);
	}
	let opened: GetObjectCommandOutput | undefined = first;
	const fetch: Fetch = async (piece, take, signal) => {
		// The first piece's answer has come already, and no one else may take it.
		let answer = piece.at === from ? opened : undefined;
		opened = undefined;
		const attempt = async (call: S3Call) => {
			answer ??= await get(call, object, piece, version);
			const { ETag, Body } = answer;
			const body = Body as Readable;
			answer = undefined;
			// Not every store heeds the condition.
			if (ETag !== version) {
				body.destroy();
				throw replacedMeanwhile(object.path);
			}
			await drain(body, piece, take, call.abortSignal);
		};
		await access.repeatedly(object.path, attempt, { signal, limit: transferTime(PIECE) });
	};
	const stream = new RangedRead(size, fetch, from);
	// It may be dropped before it was read.
	stream.once('close', () => (opened?.Body as Readable | undefined)?.destroy());
	const md5 = md5Of(sdkAnswer(first));
	return { stream, size, ...(version && { version }), ...(md5 && { md5 }), progress: () => stream.received };
}

async function firstAnswer(
	access: S3Access,
	object: S3Object,
	from: number,
	version?: string,
): Promise<GetObjectCommandOutput> {
	try {
		return await access.repeatedly(
			object.path,
			async (call) => await get(call, object, { at: from, end: from + PIECE }, version),
		);
	} catch (error) {
		// An empty file has no ranges.
		if (!(error instanceof FileXError) || error.httpStatus !== 416 || from > 0) throw error;
		return await access.repeatedly(object.path, async (call) => await get(call, object));
	}
}

async function get(
	{ s3, sdk, abortSignal }: S3Call,
	{ bucket, key }: S3Object,
	piece?: Piece,
	version?: string,
): Promise<GetObjectCommandOutput> {
	const query = { Bucket: bucket, Key: key, Range: piece && `bytes=${piece.at}-${piece.end - 1}`, IfMatch: version };
	return await s3.send(new sdk.GetObjectCommand(query), { abortSignal });
}

/** The size of the whole file. */
function totalOf({ ContentRange, ContentLength, Body }: GetObjectCommandOutput, path: string): number {
	const size = ContentRange === undefined ? ContentLength : Number(/\/(\d+)$/.exec(ContentRange)?.[1] ?? NaN);
	// Whoever does not know ranges must not be asked for the rest: it would be the whole once more.
	if (size !== undefined && Number.isSafeInteger(size) && (ContentRange !== undefined || size === 0)) return size;
	(Body as Readable).destroy();
	throw new FileXError('unexpected-answer', `S3 does not say how large '${path}' is`, {
		hint: NO_SIZE,
		retrySafe: true,
	});
}

async function drain(body: Readable, piece: Piece, take: (bytes: Buffer) => void, signal: AbortSignal): Promise<void> {
	addAbortSignal(signal, body);
	let code: string | undefined;
	const silent = () => body.destroy(Object.assign(new Error('nothing came'), { code: 'ETIMEDOUT' }));
	const timer = setTimeout(silent, IDLE);
	try {
		for await (const bytes of body as AsyncIterable<Buffer>) {
			timer.refresh();
			// More than was asked for is no part of the piece.
			const wanted = bytes.subarray(0, piece.end - piece.at);
			piece.at += wanted.length;
			if (wanted.length > 0) take(wanted);
		}
	} catch (error) {
		({ code } = error as NodeJS.ErrnoException);
	} finally {
		clearTimeout(timer);
	}
	// An error after the last byte is none.
	if (piece.at < piece.end) throw new BrokenBody(code);
}
