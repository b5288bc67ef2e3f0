import type { StoredAs } from '../space';

/** What an answer to a request that stores an object shows of who gave it. */
export interface StoreAnswer {
	/** As it came, with or without quotes. */
	etag?: string;
	/** `x-amz-request-id` or `x-amz-id-2`, which S3 gives with every answer. */
	requestId?: string;
	/** `x-amz-server-side-encryption`, e.g. `AES256` or `aws:kms`. */
	encryption?: string;
}

/**
 * Whether an answer proves that S3 has stored an object. Any web server sends an `ETag`: one that is an MD5 must be
 * the object's own, and any other needs S3's request ID beside it. Of an object that is encrypted with a key of KMS
 * the tag looks like an MD5 and is none: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
 *
 * @param md5 of the bytes that were sent, lower-case hex; undefined where this machine may not compute it
 */
export function provesStored({ etag, requestId, encryption = '' }: StoreAnswer, md5?: string): boolean {
	const tag = unquoted(etag);
	if (!tag) return false;
	if (!isMd5(tag) || /^aws:kms/i.test(encryption) || md5 === undefined) return requestId !== undefined;
	return tag === md5;
}

/** Whether an answer that hands out an object is S3's own: any web server has tags and ranges, too. */
export function provesObject({ etag, requestId }: StoreAnswer): boolean {
	return unquoted(etag) !== undefined && requestId !== undefined;
}

/** What is told of an object that was stored. */
export function storedAs({ etag, requestId }: StoreAnswer): StoredAs {
	return { tag: unquoted(etag), requestId };
}

/** The MD5 of an object, where its tag is one. */
export function md5Of({ etag, encryption = '' }: StoreAnswer): string | undefined {
	const tag = unquoted(etag);
	return tag !== undefined && isMd5(tag) && !/^aws:kms/i.test(encryption) ? tag : undefined;
}

/** What the headers of an answer show. Names in lower case. */
export function storeAnswerOf(headers: Record<string, string>): StoreAnswer {
	return {
		etag: headers.etag,
		requestId: requestIdOf(headers),
		encryption: headers['x-amz-server-side-encryption'],
	};
}

/** What an answer shows that the SDK has read. */
export function sdkAnswer({
	ETag,
	ServerSideEncryption,
	$metadata = {},
}: {
	ETag?: string;
	ServerSideEncryption?: string;
	$metadata?: SdkMetadata;
}): StoreAnswer {
	return {
		etag: ETag,
		requestId: $metadata.requestId ?? $metadata.extendedRequestId,
		encryption: ServerSideEncryption,
	};
}

/** S3's request ID, or that of a store that is like it. */
export function requestIdOf(headers: Record<string, string | undefined>): string | undefined {
	const id = headers['x-amz-request-id'] ?? headers['x-amz-id-2'] ?? headers['x-guploader-uploadid'];
	return (
		id ?? (/cloudflare/i.test(headers.server ?? '') && headers['x-amz-version-id'] ? headers['cf-ray'] : undefined)
	);
}

interface SdkMetadata {
	requestId?: string;
	extendedRequestId?: string;
}

/** An entity tag without its quotes; undefined where it is empty. */
export function unquoted(etag = ''): string | undefined {
	return etag.replace(/"/g, '') || undefined;
}

export function isMd5(tag: string): boolean {
	return /^[0-9a-f]{32}$/.test(tag);
}
