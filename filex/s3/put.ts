import { FileXError, isPassing } from '../errors';
import { provesStored, sdkAnswer, storedAs } from '../http/storage-proof';
import type { FileContent, UploadOutcome } from '../space';
import { httpIdle, type UploadBody } from '../transfer/upload-body';
import { brokenOff, isPartial, unclear } from '../transfer/upload-outcomes';
import { withUploadBody } from '../transfer/with-upload-body';
import { LONGEST_TIMER } from '../util/deadline';
import { md5Hash } from '../util/md5';
import type { S3Access } from './access';
import type { S3Object } from './location';
import { isS3Refusal, refusedUpload } from './refused-upload';
import { brokenSignal, requestBody } from './request-body';
import { notS3s } from './s3-errors';

/** No limit, in ms. */
export const NO_LIMIT = LONGEST_TIMER;

/** Sends a file in one request, once. S3 stores it whole or not at all. */
export async function putWhole(
	access: S3Access,
	{ bucket, key, path }: S3Object,
	content: FileContent,
	signal: AbortSignal,
): Promise<UploadOutcome> {
	return await withUploadBody(
		content,
		path,
		async (body) => {
			try {
				const query = {
					Bucket: bucket,
					Key: key,
					Body: requestBody(body.stream),
					ContentLength: content.size,
					ContentType: 'application/octet-stream',
				};
				const answer = await access.once(
					path,
					async ({ s3, sdk, abortSignal }) => await s3.send(new sdk.PutObjectCommand(query), { abortSignal }),
					{
						signal: AbortSignal.any([signal, body.stalled, brokenSignal(body.stream)]),
						limit: NO_LIMIT,
					},
				);
				const sha256 = body.sha256();
				if (
					sha256 !== undefined &&
					answer.$metadata.httpStatusCode === 200 &&
					provesStored(sdkAnswer(answer), body.md5())
				)
					return { outcome: 'accepted', sha256, stored: storedAs(sdkAnswer(answer)) };
				throw notS3s(path, 'it does not prove that the file was stored', answer.$metadata);
			} catch (error) {
				return outcomeOf(error, path, content.size, body);
			}
		},
		{ idle: httpIdle(content.size), md5: md5Hash() },
	);
}

/** What became of a file whose sending failed. */
function outcomeOf(error: unknown, path: string, size: number, body: UploadBody): UploadOutcome {
	if (isS3Refusal(error) && !body.failure()) return refusedUpload(error);
	if (!(error instanceof FileXError) || error.httpStatus === undefined) return brokenOff(error, path, size, body);
	if (isPartial(body, size)) return { outcome: 'rejected', mayRepeat: isPassing(error), error };
	return { outcome: 'unknown', error: unclear(path, `an answer that is not S3's: ${error.message}`) };
}
