import { S3Error } from './errors';
import type { S3Request } from './request';

/** The largest body of one request, in bytes. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MAX_BODY = 5 * 1024 ** 3;

/**
 * Bytes of the object that a request brings.
 *
 * @throws S3Error MissingContentLength, NotImplemented, EntityTooLarge
 */
export function readLength({ header }: S3Request, isChunked: boolean): number {
	const text = header(isChunked ? 'x-amz-decoded-content-length' : 'content-length');
	if (text === undefined && !isChunked && header('transfer-encoding') !== undefined) {
		throw new S3Error('NotImplemented', { Header: 'Transfer-Encoding' });
	}
	if (text === undefined) throw new S3Error('MissingContentLength');
	const length = Number(text);
	if (!/^\d+$/.test(text)) throw new S3Error('InvalidArgument', {}, 'The length of the body must be a whole number.');
	if (length > MAX_BODY) throw new S3Error('EntityTooLarge', { ProposedSize: length, MaxSizeAllowed: MAX_BODY });
	return length;
}

/** The MD5 that a request announces, in hex. @throws S3Error InvalidDigest */
export function readMd5({ header }: S3Request): string | undefined {
	const text = header('content-md5');
	if (text === undefined) return undefined;
	const bytes = Buffer.from(text, 'base64');
	if (bytes.length !== 16 || bytes.toString('base64') !== text)
		throw new S3Error('InvalidDigest', { 'Content-MD5': text });
	return bytes.toString('hex');
}
