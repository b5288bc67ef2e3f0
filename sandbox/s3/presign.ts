import { encodePart, isoStamp } from './encoding';
import { ALGORITHM, canonicalRequest, requestSignature, scopeText, signingKey } from './signature';

export interface PresignInput {
	method: string;
	/** E.g. `http://127.0.0.1:9000`. */
	base: string;
	/** Bucket and parts of the key, decoded. */
	path: string[];
	/** Further parameters, to be signed with it. */
	query: Array<[name: string, value: string]>;
	accessKeyId: string;
	secret: string;
	region: string;
	now: Date;
	/** Seconds that it lives. */
	seconds: number;
}

/**
 * A URL with its signature in the query.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function presignedUrl({
	method,
	base,
	path,
	query,
	accessKeyId,
	secret,
	region,
	now,
	seconds,
}: PresignInput): string {
	const stamp = isoStamp(now);
	const scope = { date: stamp.slice(0, 8), region, service: 's3' };
	const signed: Array<[string, string]> = [
		['X-Amz-Algorithm', ALGORITHM],
		['X-Amz-Credential', `${accessKeyId}/${scopeText(scope)}`],
		['X-Amz-Date', stamp],
		['X-Amz-Expires', String(seconds)],
		['X-Amz-SignedHeaders', 'host'],
		...query,
	];
	const canonical = canonicalRequest({
		method,
		path: `/${path.join('/')}`,
		query: signed,
		headers: new Map([['host', new URL(base).host]]),
		signedHeaders: ['host'],
		payload: 'UNSIGNED-PAYLOAD',
	});
	const signature = requestSignature(signingKey(secret, scope), stamp, scope, canonical);
	const text = signed.map(([name, value]) => `${name}=${encodePart(value)}`).join('&');
	return `${base}/${path.map(encodePart).join('/')}?${text}&X-Amz-Signature=${signature}`;
}
