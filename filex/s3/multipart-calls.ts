import type { CompletedPart, CompleteMultipartUploadCommandOutput, UploadPartCommandInput } from '@aws-sdk/client-s3';
import { isMd5, provesStored, sdkAnswer, storedAs, unquoted } from '../http/storage-proof';
import type { StoredAs } from '../space';
import { md5Base64, md5Hash } from '../util/md5';
import type { S3Access, S3Call } from './access';
import type { S3Object } from './location';
import { transferTime } from './read';
import { notS3s } from './s3-errors';

/** How long S3 may take to put parts together, in ms: "several minutes", says its reference. */
const COMPLETION_TIMEOUT = 15 * 60_000;

/** The requests of one upload in parts: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
export class MultipartCalls {
	private readonly done: CompletedPart[] = [];
	private uploadId?: string;

	/** @param signal ends all but `abort` */
	constructor(
		private readonly access: S3Access,
		private readonly object: S3Object,
		private readonly signal: AbortSignal,
	) {}

	async create(): Promise<void> {
		const query = {
			...this.target(),
			...this.access.storing.headers,
			...this.checksums,
			ContentType: 'application/octet-stream',
		};
		const { path } = this.object;
		this.uploadId = await this.ask(async ({ s3, sdk, abortSignal }) => {
			const { UploadId, $metadata } = await s3.send(new sdk.CreateMultipartUploadCommand(query), { abortSignal });
			if (UploadId) return UploadId;
			throw notS3s(path, 'it has no upload ID', $metadata);
		}, true);
	}

	/** Sends a part from memory, if need be more than once. */
	async send(number: number, bytes: Buffer, signal: AbortSignal): Promise<void> {
		const options = { signal, limit: transferTime(bytes.length), isPatient: true };
		await this.access.repeatedly(
			this.object.path,
			async (call) => await this.sendOnce(call, number, bytes, bytes.length),
			options,
		);
	}

	/** Sends a part as it comes. @param length bytes of it */
	async stream(
		number: number,
		body: UploadPartCommandInput['Body'],
		length: number,
		signal: AbortSignal,
	): Promise<void> {
		const options = { signal, limit: transferTime(length) };
		await this.access.once(this.object.path, async (call) => await this.sendOnce(call, number, body, length), options);
	}

	/** Puts the parts together: with this the file is submitted. Gives what S3 says of it. @throws FileXError `isForeign` where the answer does not prove it */
	async complete(): Promise<StoredAs> {
		const query = { ...this.target(), UploadId: this.uploadId, MultipartUpload: { Parts: this.done } };
		const options = { signal: this.signal, limit: COMPLETION_TIMEOUT };
		return await this.access.once(
			this.object.path,
			async ({ s3, sdk, abortSignal }) => {
				const answer = await s3.send(new sdk.CompleteMultipartUploadCommand(query), { abortSignal });
				if (!this.provesComplete(answer))
					throw notS3s(this.object.path, 'it does not name the file that was put together', answer.$metadata);
				return storedAs(sdkAnswer(answer));
			},
			options,
		);
	}

	/** Its entity tag is the MD5 of the parts' MD5s, or it comes with S3's request ID and names the object. */
	private provesComplete(answer: CompleteMultipartUploadCommandOutput): boolean {
		const tag = unquoted(answer.ETag);
		if (!tag) return false;
		if (tag === etagOf(this.done)) return true;
		return (
			sdkAnswer(answer).requestId !== undefined &&
			answer.Key === this.object.key &&
			tag.endsWith(`-${this.done.length}`)
		);
	}

	/** Whether the whole file, made of these parts, is there; false where the account may not see it. */
	async isComplete(): Promise<boolean> {
		const expected = etagOf(this.done);
		try {
			const { ETag } = await this.ask(
				async ({ s3, sdk, abortSignal }) => await s3.send(new sdk.HeadObjectCommand(this.target()), { abortSignal }),
			);
			return expected !== undefined && unquoted(ETag) === expected;
		} catch {
			return false;
		}
	}

	/** Whether the parts are certainly there, and not put together. */
	async hasParts(): Promise<boolean> {
		const query = { ...this.target(), UploadId: this.uploadId, MaxParts: 1 };
		try {
			const { UploadId, Parts = [] } = await this.ask(
				async ({ s3, sdk, abortSignal }) => await s3.send(new sdk.ListPartsCommand(query), { abortSignal }),
			);
			return UploadId === this.uploadId && Parts.length > 0;
		} catch {
			return false;
		}
	}

	/** Throws the parts away. Never fails: it says whether that was done. */
	async abort(): Promise<boolean> {
		const query = { ...this.target(), UploadId: this.uploadId };
		try {
			const abort = async ({ s3, sdk, abortSignal }: S3Call) =>
				await s3.send(new sdk.AbortMultipartUploadCommand(query), { abortSignal });
			// S3 answers 204 without a body; a page comes as 200.
			return (
				(await this.access.repeatedly(this.object.path, abort, { evenIfStopped: true })).$metadata.httpStatusCode ===
				204
			);
		} catch {
			return false;
		}
	}

	private async sendOnce(
		{ s3, sdk, abortSignal }: S3Call,
		number: number,
		body: UploadPartCommandInput['Body'],
		length: number,
	): Promise<void> {
		const command = new sdk.UploadPartCommand({
			...this.target(),
			UploadId: this.uploadId,
			PartNumber: number,
			Body: body,
			ContentLength: length,
			...this.checksums,
			...(Buffer.isBuffer(body) && this.access.storing.integrity === 'md5' && { ContentMD5: md5Base64(body) }),
		});
		const answer = await s3.send(command, { abortSignal });
		const { ETag, ChecksumCRC32 } = answer;
		if (!provesStored(sdkAnswer(answer)) && ChecksumCRC32 === undefined)
			throw notS3s(this.object.path, 'it has no entity tag of a part', answer.$metadata);
		this.done[number - 1] = { PartNumber: number, ETag, ChecksumCRC32 };
	}

	/** Makes a request that does no more the second time. */
	private async ask<T>(request: (call: S3Call) => Promise<T>, isPatient = false): Promise<T> {
		return await this.access.repeatedly(this.object.path, request, { signal: this.signal, isPatient });
	}

	private get checksums(): { ChecksumAlgorithm?: 'CRC32' } {
		return this.access.storing.integrity === 'crc32' ? { ChecksumAlgorithm: 'CRC32' } : {};
	}

	private target(): { Bucket: string; Key: string } {
		return { Bucket: this.object.bucket, Key: this.object.key };
	}
}

/**
 * The entity tag that S3 gives to a file that came in parts: the MD5 of their MD5s. Undefined where this
 * machine may not use MD5, or where the parts' tags are none.
 */
export function etagOf(parts: Array<Pick<CompletedPart, 'ETag'>>): string | undefined {
	const digests = parts.map(({ ETag }) => unquoted(ETag) ?? '');
	const whole = md5Hash();
	if (!whole || !digests.every(isMd5)) return undefined;
	for (const digest of digests) whole.update(digest, 'hex');
	return `${whole.digest('hex')}-${parts.length}`;
}
