import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const REGION = 'us-east-1';
const BUCKET = 'bucket-filex';

export type PresignVerdict = { path: string[] } | { refused: 'signature' | 'expired'; expires: number; at: Date };

/** Signs and checks URLs as AWS S3 does: Signature Version 4 in the query. */
export class Presigner {
	private readonly accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
	private readonly secret = randomBytes(30).toString('base64');
	/** Where the S3 wire answers; known once its server listens. */
	baseUrl = '';

	/** @param lifetime of a URL, in seconds; the guide's is 60 */
	constructor(private readonly lifetime: number) {}

	sign(method: string, path: string[], now = new Date()): string {
		const date = stamp(now);
		const query = new URLSearchParams({
			'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
			'X-Amz-Credential': `${this.accessKeyId}/${date.slice(0, 8)}/${REGION}/s3/aws4_request`,
			'X-Amz-Date': date,
			'X-Amz-Expires': String(this.lifetime),
			'X-Amz-SignedHeaders': 'host',
		});
		const pathname = `/${[BUCKET, ...path].map(encode).join('/')}`;
		const url = new URL(`${this.baseUrl}${pathname}?${canonicalQuery(query)}`);
		return `${url.href}&X-Amz-Signature=${this.signature(method, url.pathname, query, url.host)}`;
	}

	verify(method: string, url: URL, host: string, now = new Date()): PresignVerdict {
		const query = new URLSearchParams(url.search);
		const given = query.get('X-Amz-Signature') ?? '';
		query.delete('X-Amz-Signature');
		const signedAt = readStamp(query.get('X-Amz-Date') ?? '');
		const expires = Number(query.get('X-Amz-Expires'));
		const expected = this.signature(method, url.pathname, query, host);
		if (!sameText(given, expected)) return { refused: 'signature', expires, at: signedAt };
		if (now.getTime() > signedAt.getTime() + expires * 1000) return { refused: 'expired', expires, at: signedAt };
		const [, bucket, ...path] = url.pathname.split('/').map(decodeURIComponent);
		return bucket === BUCKET ? { path } : { refused: 'signature', expires, at: signedAt };
	}

	private signature(method: string, pathname: string, query: URLSearchParams, host: string): string {
		const date = query.get('X-Amz-Date') ?? '';
		const request = [method, pathname, canonicalQuery(query), `host:${host}`, '', 'host', 'UNSIGNED-PAYLOAD'].join('\n');
		const scope = `${date.slice(0, 8)}/${REGION}/s3/aws4_request`;
		const text = ['AWS4-HMAC-SHA256', date, scope, createHash('sha256').update(request).digest('hex')].join('\n');
		const key = scope.split('/').reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${this.secret}`);
		return hmac(key, text).toString('hex');
	}
}

function hmac(key: string | Buffer, text: string): Buffer {
	return createHmac('sha256', key).update(text).digest();
}

function canonicalQuery(query: URLSearchParams): string {
	return [...query]
		.map(([name, value]) => `${encode(name)}=${encode(value)}`)
		.sort()
		.join('&');
}

/** Percent-encoding by RFC 3986, as AWS signs it. */
function encode(text: string): string {
	return encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}

function stamp(date: Date): string {
	return date.toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function readStamp(text: string): Date {
	return new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function sameText(a: string, b: string): boolean {
	return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
