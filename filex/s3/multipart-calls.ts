import { createHash, getFips } from 'node:crypto';
import type { CompletedPart, UploadPartCommandInput } from '@aws-sdk/client-s3';
import { FileXError } from '../errors';
import type { S3Access, S3Call } from './access';
import { transferTime, type S3Object } from './read';

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
		const query = { ...this.target(), ContentType: 'application/octet-stream', ChecksumAlgorithm: 'CRC32' as const };
		const { UploadId } = await this.ask(async ({ s3, sdk, abortSignal }) => await s3.send(new sdk.CreateMultipartUploadCommand(query), { abortSignal }));
		if (UploadId !== undefined) return void (this.uploadId = UploadId);
		throw new FileXError('unexpected-answer', `S3 did not say how to send the parts of '${this.object.path}'`, {
			hint: `${this.access.words.nothingDone} Check whether a proxy answers in the place of S3. Running it again is safe.`,
			retrySafe: true,
		});
	}

	/** Sends a part from memory, if need be more than once. */
	async send(number: number, bytes: Buffer, signal: AbortSignal): Promise<void> {
		const options = { signal, limit: transferTime(bytes.length) };
		await this.access.repeatedly(this.object.path, async (call) => await this.sendOnce(call, number, bytes, bytes.length), options);
	}

	/** Sends a part as it comes. @param length bytes of it */
	async stream(number: number, body: UploadPartCommandInput['Body'], length: number, signal: AbortSignal): Promise<void> {
		const options = { signal, limit: transferTime(length) };
		await this.access.once(this.object.path, async (call) => await this.sendOnce(call, number, body, length), options);
	}

	/** Puts the parts together: with this the file is submitted. */
	async complete(): Promise<void> {
		const query = { ...this.target(), UploadId: this.uploadId, MultipartUpload: { Parts: this.done } };
		const options = { signal: this.signal, limit: COMPLETION_TIMEOUT };
		await this.access.once(this.object.path, async ({ s3, sdk, abortSignal }) => await s3.send(new sdk.CompleteMultipartUploadCommand(query), { abortSignal }), options);
	}

	/** Whether the whole file, made of these parts, is there; false where the account may not see it. */
	async isComplete(): Promise<boolean> {
		const expected = etagOf(this.done);
		try {
			const { ETag } = await this.ask(async ({ s3, sdk, abortSignal }) => await s3.send(new sdk.HeadObjectCommand(this.target()), { abortSignal }));
			return expected !== undefined && ETag?.replace(/"/g, '') === expected;
		} catch {
			return false;
		}
	}

	/** Whether the parts are certainly there, and not put together. */
	async hasParts(): Promise<boolean> {
		const query = { ...this.target(), UploadId: this.uploadId, MaxParts: 1 };
		try {
			await this.ask(async ({ s3, sdk, abortSignal }) => await s3.send(new sdk.ListPartsCommand(query), { abortSignal }));
			return true;
		} catch {
			return false;
		}
	}

	/** Throws the parts away. Never fails: it says whether that was done. */
	async abort(): Promise<boolean> {
		const query = { ...this.target(), UploadId: this.uploadId };
		try {
			await this.access.repeatedly(this.object.path, async ({ s3, sdk, abortSignal }) => await s3.send(new sdk.AbortMultipartUploadCommand(query), { abortSignal }), { evenIfStopped: true });
			return true;
		} catch {
			return false;
		}
	}

	private async sendOnce({ s3, sdk, abortSignal }: S3Call, number: number, body: UploadPartCommandInput['Body'], length: number): Promise<void> {
		const command = new sdk.UploadPartCommand({ ...this.target(), UploadId: this.uploadId, PartNumber: number, Body: body, ContentLength: length, ChecksumAlgorithm: 'CRC32' });
		const { ETag, ChecksumCRC32 } = await s3.send(command, { abortSignal });
		this.done[number - 1] = { PartNumber: number, ETag, ChecksumCRC32 };
	}

	/** Makes a request that does no more the second time. */
	private async ask<T>(request: (call: S3Call) => Promise<T>): Promise<T> {
		return await this.access.repeatedly(this.object.path, request, { signal: this.signal });
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
	const digests = parts.map(({ ETag = '' }) => ETag.replace(/"/g, ''));
	if (getFips() || !digests.every((digest) => /^[0-9a-f]{32}$/.test(digest))) return undefined;
	const whole = createHash('md5');
	for (const digest of digests) whole.update(digest, 'hex');
	return `${whole.digest('hex')}-${parts.length}`;
}
