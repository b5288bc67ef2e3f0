import { createHash, createHmac } from 'node:crypto';
import type { SessionKeys } from './target';

/** A request as AWS's Signature Version 4 sees it. */
export interface Signable {
	method: string;
	/** As it is sent: encoded. */
	path: string;
	/** As it is sent: encoded, sorted, each name with `=`. */
	query?: string;
	/** Names in lower case. */
	headers: Record<string, string>;
}

export interface Signing {
	keys: SessionKeys;
	region: string;
	/** SHA-256 of the body, or one of AWS's words instead. */
	payload: string;
	at?: Date;
}

/** Signed headers, and what a body's chunks are signed with. */
export interface Signed {
	headers: Record<string, string>;
	signature: string;
	/** Signs one more piece of text with the same key, time and scope. */
	sign(algorithm: string, ...lines: string[]): string;
}

export const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/**
 * AWS's Signature Version 4, from its documentation: for requests that no SDK would send.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function signed(request: Signable, { keys, region, payload, at = new Date() }: Signing): Signed {
	const time = at.toISOString().replace(/[-:]|\.\d+/g, '');
	const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
	const key = scope.split('/').reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${keys.secretAccessKey}`);
	const sign = (algorithm: string, ...lines: string[]): string =>
		hmac(key, [algorithm, time, scope, ...lines].join('\n')).toString('hex');

	const headers: Record<string, string> = {
		...request.headers,
		'x-amz-content-sha256': payload,
		'x-amz-date': time,
		'x-amz-security-token': keys.sessionToken,
	};
	const names = Object.keys(headers).sort();
	const canonical = [
		request.method,
		request.path,
		request.query ?? '',
		...names.map((name) => `${name}:${headers[name]!.trim()}`),
		'',
		names.join(';'),
		payload,
	];
	const signature = sign('AWS4-HMAC-SHA256', sha256(canonical.join('\n')));
	headers.authorization = `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
	return { headers, signature, sign };
}
