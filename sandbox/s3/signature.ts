import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { encodePart, encodePath } from './encoding';

/** Where and when a signature holds. */
export interface Scope {
	/** E.g. `20130524`. */
	date: string;
	region: string;
	service: string;
}

/** What a signature covers. Header names are in lower case. */
export interface SignedRequest {
	method: string;
	/** Decoded, with its first slash. */
	path: string;
	/** Decoded, in any order, without `X-Amz-Signature`. */
	query: ReadonlyArray<readonly [name: string, value: string]>;
	headers: ReadonlyMap<string, string>;
	signedHeaders: readonly string[];
	/** The payload's SHA-256 in hex, or the word that stands for it. */
	payload: string;
}

/** What the signatures of the chunks of a body continue from. */
export interface SigningContext {
	key: Buffer;
	/** E.g. `20130524T000000Z`. */
	stamp: string;
	scope: Scope;
	/** The request's own signature, in hex. */
	seed: string;
}

export const ALGORITHM = 'AWS4-HMAC-SHA256';

const EMPTY_SHA256 = createHash('sha256').digest('hex');

/**
 * The canonical request of Signature Version 4. S3 decodes path and query once and encodes them its own
 * way; it does not resolve dots or double slashes.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function canonicalRequest({ method, path, query, headers, signedHeaders, payload }: SignedRequest): string {
	const lines = signedHeaders
		.map((name) => `${name}:${(headers.get(name) ?? '').trim().replace(/ +/g, ' ')}\n`)
		.join('');
	return [method, encodePath(path), canonicalQuery(query), lines, signedHeaders.join(';'), payload].join('\n');
}

function canonicalQuery(query: SignedRequest['query']): string {
	return query
		.map(([name, value]) => [encodePart(name), encodePart(value)] as const)
		.sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
		.map((pair) => pair.join('='))
		.join('&');
}

function compare(a: string, b: string): number {
	return a < b ? -1 : Number(a > b);
}

export function scopeText({ date, region, service }: Scope): string {
	return `${date}/${region}/${service}/aws4_request`;
}

export function signingKey(secret: string, { date, region, service }: Scope): Buffer {
	return [date, region, service, 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`));
}

/** The signature of a request, in hex. @param stamp e.g. `20130524T000000Z` */
export function requestSignature(key: Buffer, stamp: string, scope: Scope, canonical: string): string {
	// Header values are bytes that Node reads as Latin-1; everything else is ASCII.
	const hash = createHash('sha256').update(canonical, 'latin1').digest('hex');
	return hmac(key, [ALGORITHM, stamp, scopeText(scope), hash].join('\n')).toString('hex');
}

/**
 * The signature of one chunk of an `aws-chunked` body.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 *
 * @param previous the signature of the chunk before; of the request, for the first
 * @param sha256 of the chunk's bytes, in hex
 */
export function chunkSignature({ key, stamp, scope }: SigningContext, previous: string, sha256: string): string {
	return hmac(
		key,
		[`${ALGORITHM}-PAYLOAD`, stamp, scopeText(scope), previous, EMPTY_SHA256, sha256].join('\n'),
	).toString('hex');
}

/**
 * The signature of the trailer of an `aws-chunked` body.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 *
 * @param trailer its lines, e.g. `x-amz-checksum-crc32c:wdBDMA==\n`
 */
export function trailerSignature({ key, stamp, scope }: SigningContext, previous: string, trailer: string): string {
	const hash = createHash('sha256').update(trailer, 'latin1').digest('hex');
	return hmac(key, [`${ALGORITHM}-TRAILER`, stamp, scopeText(scope), previous, hash].join('\n')).toString('hex');
}

/** Compares secrets without telling by its time where they differ. */
export function sameSecret(a: string, b: string): boolean {
	const [bytesA, bytesB] = [Buffer.from(a), Buffer.from(b)];
	return bytesA.length === bytesB.length && timingSafeEqual(bytesA, bytesB);
}

function hmac(key: Buffer, text: string): Buffer {
	return createHmac('sha256', key).update(text).digest();
}
