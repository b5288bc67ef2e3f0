import { malformed, readClaim, wrongParameter, type Claim } from './claim';
import { S3Error } from './errors';
import type { S3Key } from './keys';
import type { S3Request } from './request';
import { canonicalRequest, requestSignature, sameSecret, signingKey, type SigningContext } from './signature';

/** Who sent a request, and how its body is signed. */
export interface Caller {
	key: S3Key;
	/** Whether the signature was in the URL. */
	isPresigned: boolean;
	/** The payload's SHA-256 in hex, or the word that stands for it. */
	payload: string;
	signing: SigningContext;
}

export interface KeyRing {
	region: string;
	find(accessKeyId: string): S3Key | undefined;
}

/** How far the clocks of client and service may be apart, in milliseconds. */
const MAX_SKEW = 15 * 60 * 1000;

/**
 * Checks a request's signature.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 *
 * @param now by which sessions and the service's own URLs expire
 * @param machineTime by which clients sign
 * @throws S3Error as S3 refuses it
 */
export function authenticate(request: S3Request, keys: KeyRing, now: Date, machineTime = now): Caller {
	const claim = readClaim(request);
	checkRegion(claim, keys.region);
	const key = keys.find(claim.accessKeyId);
	if (!key) throw new S3Error('InvalidAccessKeyId', { AWSAccessKeyId: claim.accessKeyId });
	checkToken(key, claim, now);
	checkTime(claim, key.sessionToken === undefined ? now : machineTime);
	checkSignedHeaders(request, claim);
	const signing = {
		key: signingKey(key.secret, claim.scope),
		stamp: claim.stamp,
		scope: claim.scope,
		seed: claim.signature,
	};
	const canonical = canonicalRequest({
		method: request.method,
		path: request.path,
		query: claim.expires === undefined ? request.query : request.query.filter(([name]) => name !== 'X-Amz-Signature'),
		headers: request.headers,
		signedHeaders: claim.signedHeaders,
		payload: claim.payload,
	});
	if (!sameSecret(requestSignature(signing.key, claim.stamp, claim.scope, canonical), claim.signature)) {
		throw new S3Error('SignatureDoesNotMatch', { AWSAccessKeyId: claim.accessKeyId });
	}
	return { key, isPresigned: claim.expires !== undefined, payload: claim.payload, signing };
}

function checkRegion({ scope, expires }: Claim, expected: string): void {
	if (scope.region === expected) return;
	const what = `the region '${scope.region}' is wrong; expecting '${expected}'`;
	const details = { Region: expected };
	throw expires === undefined
		? malformed(what, details)
		: wrongParameter(`Error parsing the X-Amz-Credential parameter; ${what}`, details);
}

function checkToken(key: S3Key, { token }: Claim, now: Date): void {
	// AWS does not know the key of a session without its token.
	if (key.sessionToken !== undefined && token === undefined)
		throw new S3Error('InvalidAccessKeyId', { AWSAccessKeyId: key.accessKeyId });
	if (token !== undefined && !sameSecret(token, key.sessionToken ?? '')) throw new S3Error('InvalidToken');
	if (key.expires !== undefined && now >= key.expires) throw new S3Error('ExpiredToken');
}

function checkTime({ at, expires }: Claim, now: Date): void {
	const age = now.getTime() - at.getTime();
	if (expires === undefined) {
		if (Math.abs(age) <= MAX_SKEW) return;
		throw new S3Error('RequestTimeTooSkewed', {
			RequestTime: at.toISOString(),
			ServerTime: now.toISOString(),
			MaxAllowedSkewMilliseconds: MAX_SKEW,
		});
	}
	if (age < -MAX_SKEW) throw new S3Error('AccessDenied', {}, 'Request is not yet valid');
	if (age > expires * 1000) throw requestExpired(at, expires, now);
}

/** The refusal of a pre-signed URL that is too old. @param seconds that it lived */
export function requestExpired(at: Date, seconds: number, now: Date): S3Error {
	const expires = new Date(at.getTime() + seconds * 1000);
	const details = {
		'X-Amz-Expires': seconds,
		Expires: withoutMilliseconds(expires),
		ServerTime: withoutMilliseconds(now),
	};
	return new S3Error('AccessDenied', details, 'Request has expired');
}

function withoutMilliseconds(date: Date): string {
	return date.toISOString().replace(/\.\d{3}/, '');
}

function checkSignedHeaders({ headers }: S3Request, { signedHeaders }: Claim): void {
	const unsigned = ['host', ...headers.keys()].filter(
		(name) => (name === 'host' || name.startsWith('x-amz-')) && !signedHeaders.includes(name),
	);
	if (unsigned.length === 0) return;
	throw new S3Error(
		'AccessDenied',
		{ HeadersNotSigned: [...new Set(unsigned)].join(', ') },
		'There were headers present in the request which were not signed',
	);
}
