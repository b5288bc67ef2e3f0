import { Transform, type Readable } from 'node:stream';
import { FileXError, isPassing } from '../errors';
import { provesStored, sdkAnswer } from '../http/storage-proof';
import type { FileContent, UploadOutcome } from '../space';
import type { Outgoing } from '../transfer/upload-body';
import { brokenOff, isPartial, unclear } from '../transfer/upload-outcomes';
import { sending } from '../transfer/with-upload-body';
import { LONGEST_TIMER } from '../util/deadline';
import { md5Hash } from '../util/md5';
import type { S3Access } from './access';
import type { S3Object } from './read';
import { notS3s } from './s3-errors';

/** A limit that is none, in ms. */
export const NO_LIMIT = LONGEST_TIMER;

/** Sends a file in one request, once. S3 stores it whole or not at all. */
export async function putWhole(
	access: S3Access,
	{ bucket, key, path }: S3Object,
	content: FileContent,
	signal: AbortSignal,
): Promise<UploadOutcome> {
	return await sending(
		content,
		path,
		async (body) => {
			try {
				const query = {
					Bucket: bucket,
					Key: key,
					Body: sendable(body.stream),
					ContentLength: content.size,
					ContentType: 'application/octet-stream',
				};
				const answer = await access.once(
					path,
					async ({ s3, sdk, abortSignal }) => await s3.send(new sdk.PutObjectCommand(query), { abortSignal }),
					{
						signal: AbortSignal.any([signal, body.stalled, broken(body.stream)]),
						limit: NO_LIMIT,
					},
				);
				const sha256 = body.sha256();
				if (
					sha256 !== undefined &&
					answer.$metadata.httpStatusCode === 200 &&
					provesStored(sdkAnswer(answer), body.md5())
				)
					return { outcome: 'accepted', sha256 };
				throw notS3s(path, 'it does not prove that the file was stored', answer.$metadata);
			} catch (error) {
				return outcomeOf(error, path, content.size, body);
			}
		},
		{ md5: md5Hash() },
	);
}

/** What became of a file whose sending failed. */
function outcomeOf(error: unknown, path: string, size: number, body: Outgoing): UploadOutcome {
	if (isRefusal(error) && !body.failure()) return refused(error);
	if (!(error instanceof FileXError) || error.httpStatus === undefined) return brokenOff(error, path, size, body);
	if (isPartial(body, size)) return { outcome: 'rejected', mayRepeat: isPassing(error), error };
	return { outcome: 'unknown', error: unclear(path, `an answer that is not S3's: ${error.message}`) };
}

/** Aborts when a stream breaks: the SDK would wait for ever for the rest. */
export function broken(stream: Readable): AbortSignal {
	const controller = new AbortController();
	stream.once('error', () => controller.abort());
	return controller.signal;
}

/** S3 takes no piece under 8 KiB but the last, and the SDK makes one of whatever comes. In bytes. */
const SENT_PIECE = 65_536;

/**
 * The same bytes, as the SDK can send them: in pieces that are not too small, and standing still where they
 * break off. It listens for no error of a stream, and one that nobody hears ends the process. What it has to
 * make pieces larger reads a whole file at once, however slowly that is sent.
 */
export function sendable(source: Readable): Readable {
	let held: Buffer[] = [];
	let size = 0;
	const piece = () => {
		const bytes = held.length === 1 ? held[0] : Buffer.concat(held);
		held = [];
		size = 0;
		return bytes;
	};
	const pieces = new Transform({
		transform(chunk: Buffer, _encoding, done) {
			held.push(chunk);
			size += chunk.length;
			if (size < SENT_PIECE) done();
			else done(null, piece());
		},
		flush(done) {
			if (size > 0) this.push(piece());
			done();
		},
	});
	return source.on('error', () => {}).pipe(pieces);
}

/** Whether S3 itself has answered: what a proxy says on the way does not tell what S3 has made of a file. */
export function isRefusal(error: unknown): error is FileXError {
	return error instanceof FileXError && error.s3Code !== undefined;
}

/** What a refusal means for the file. The 5xx but 503, and what is not an error's status, leave open whether it was stored. */
export function refused(error: FileXError): UploadOutcome {
	const status = error.httpStatus!;
	if (status < 300 || (status >= 500 && status !== 503)) return { outcome: 'unknown', error };
	return { outcome: 'rejected', mayRepeat: isForNow(error), error };
}

/** Whether the same may do better soon. */
export function isForNow({ kind }: FileXError): boolean {
	return kind === 'unavailable' || kind === 'expired-url';
}
