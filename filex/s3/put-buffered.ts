import { cancelled, FileXError } from '../errors';
import { provesStored, sdkAnswer } from '../http/storage-proof';
import type { FileContent, UploadOutcome } from '../space';
import { unclear } from '../transfer/upload-outcomes';
import { withUploadBody } from '../transfer/with-upload-body';
import { md5Base64 } from '../util/md5';
import type { S3Access } from './access';
import type { S3Object } from './location';
import { transferTime } from './read';
import { isS3Refusal, refusedUpload } from './refused-upload';
import { notS3s } from './s3-errors';

/** A file up to this size, in bytes, is kept in memory, so that it can be sent again. */
export const BUFFERED_PUT = 16 * 2 ** 20;

/** Stores a small file in one request, and again while the store is unavailable: for a key that may be written twice. */
export async function putBuffered(
	access: S3Access,
	{ bucket, key, path }: S3Object,
	content: FileContent,
	signal: AbortSignal,
): Promise<UploadOutcome> {
	return await withUploadBody(content, path, async (body) => {
		try {
			const chunks: Buffer[] = [];
			for await (const chunk of body.stream) chunks.push(chunk as Buffer);
			const bytes = Buffer.concat(chunks);
			const query = {
				...access.storing.headers,
				Bucket: bucket,
				Key: key,
				Body: bytes,
				ContentLength: bytes.length,
				ContentMD5: md5Base64(bytes),
				ContentType: 'application/octet-stream',
			};
			const answer = await access.repeatedly(
				path,
				async ({ s3, sdk, abortSignal }) => await s3.send(new sdk.PutObjectCommand(query), { abortSignal }),
				{ signal, limit: transferTime(bytes.length), isPatient: true },
			);
			const md5 = query.ContentMD5 && Buffer.from(query.ContentMD5, 'base64').toString('hex');
			if (answer.$metadata.httpStatusCode === 200 && provesStored(sdkAnswer(answer), md5))
				return { outcome: 'accepted', sha256: body.sha256()! };
			throw notS3s(path, 'it does not prove that the file was stored', answer.$metadata);
		} catch (error) {
			return outcomeOf(error, path, body.failure(), signal);
		}
	});
}

function outcomeOf(error: unknown, path: string, failure: FileXError | undefined, signal: AbortSignal): UploadOutcome {
	if (failure) return { outcome: 'rejected', mayRepeat: false, error: failure };
	if (isS3Refusal(error)) return refusedUpload(error);
	const known = error instanceof FileXError ? error : undefined;
	if (known?.neverConnected) return { outcome: 'rejected', mayRepeat: true, error: known };
	if (signal.aborted) return { outcome: 'unknown', error: cancelled(`Storing '${path}'`) };
	return { outcome: 'unknown', error: unclear(path, known?.message ?? String(error)) };
}
