import { authenticate } from '../../../../sandbox/s3/authenticate';
import type { S3Key } from '../../../../sandbox/s3/keys';
import { presignedUrl } from '../../../../sandbox/s3/presign';
import { readRequest } from '../../../../sandbox/s3/request';
import { canonicalRequest, requestSignature, signingKey } from '../../../../sandbox/s3/signature';

const NOW = new Date('2026-03-04T05:06:07Z');
const STAMP = '20260304T050607Z';
const SESSION: S3Key = {
	accessKeyId: 'ASIASESSION',
	secret: 'session secret',
	sessionToken: 'token',
	username: 'demo',
	expires: new Date('2026-03-04T06:00:00Z'),
	readPaths: [],
	writePaths: [],
};
const SERVICE: S3Key = {
	...SESSION,
	accessKeyId: 'AKIASERVICE',
	secret: 'service secret',
	sessionToken: undefined,
	username: undefined,
	expires: undefined,
};
const RING = {
	region: 'us-east-1',
	find: (id: string) => [SESSION, SERVICE].find(({ accessKeyId }) => accessKeyId === id),
};

interface Changes {
	key?: S3Key;
	scope?: string;
	headers?: Record<string, string | undefined>;
	/** Sent, but not signed. */
	unsigned?: Record<string, string>;
	path?: string;
}

/** A signed request for /bucket-filex/a. */
function signed({
	key = SESSION,
	scope = '20260304/us-east-1/s3/aws4_request',
	headers = {},
	unsigned = {},
	path = '/bucket-filex/a',
}: Changes = {}) {
	const all = {
		host: 'localhost',
		'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
		'x-amz-date': STAMP,
		'x-amz-security-token': key.sessionToken,
		...headers,
	};
	const given = new Map(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
	const [date, region, service] = scope.split('/') as [string, string, string];
	const parts = { date, region, service };
	const signedHeaders = [...given.keys()].sort();
	const canonical = canonicalRequest({
		method: 'GET',
		path,
		query: [],
		headers: given,
		signedHeaders,
		payload: 'UNSIGNED-PAYLOAD',
	});
	const signature = requestSignature(signingKey(key.secret, parts), given.get('x-amz-date') ?? STAMP, parts, canonical);
	const authorization = `AWS4-HMAC-SHA256 Credential=${key.accessKeyId}/${scope}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`;
	return request('/bucket-filex/a', { ...Object.fromEntries(given), ...unsigned, authorization });
}

function request(url: string, headers: Record<string, string>) {
	return readRequest({ method: 'GET', url, rawHeaders: Object.entries(headers).flat() }, 'bucket-filex');
}

function url(changes: Partial<Parameters<typeof presignedUrl>[0]> = {}): string {
	return presignedUrl({
		method: 'GET',
		base: 'http://localhost',
		path: ['bucket-filex', 'a'],
		query: [],
		accessKeyId: SERVICE.accessKeyId,
		secret: SERVICE.secret,
		region: 'us-east-1',
		now: NOW,
		seconds: 60,
		...changes,
	}).slice('http://localhost'.length);
}

const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

it('takes a request of a session', () => {
	expect(authenticate(signed(), RING, NOW)).toMatchObject({
		key: SESSION,
		isPresigned: false,
		payload: 'UNSIGNED-PAYLOAD',
	});
	expect(authenticate(signed(), RING, later(15 * 60)).key).toBe(SESSION);
});

it('takes a request that has a Date in place of an x-amz-date', () => {
	expect(authenticate(signed({ headers: { 'x-amz-date': undefined, date: NOW.toUTCString() } }), RING, NOW).key).toBe(
		SESSION,
	);
});

it('takes a URL of the service until it expires', () => {
	const read = () => request(url(), { host: 'localhost' });
	expect(authenticate(read(), RING, NOW)).toMatchObject({ key: SERVICE, isPresigned: true });
	expect(authenticate(read(), RING, later(60)).key).toBe(SERVICE);
	expect(() => authenticate(read(), RING, later(61))).toThrow(
		expect.objectContaining({
			code: 'AccessDenied',
			message: 'Request has expired',
			details: { 'X-Amz-Expires': 60, Expires: '2026-03-04T05:07:07Z', ServerTime: '2026-03-04T05:07:08Z' },
		}),
	);
	expect(() => authenticate(read(), RING, later(-16 * 60))).toThrow('Request is not yet valid');
});

it.each<[string, () => ReturnType<typeof request>, object, Date?]>([
	['no credentials', () => request('/bucket-filex/a', { host: 'localhost' }), { code: 'AccessDenied' }],
	[
		'both mechanisms',
		() => request(url(), { host: 'localhost', authorization: 'AWS4-HMAC-SHA256 x' }),
		{ code: 'InvalidArgument', message: expect.stringMatching(/^Only one auth mechanism allowed/) },
	],
	[
		'version 2',
		() => request('/bucket-filex/a', { host: 'localhost', authorization: 'AWS a:b' }),
		{ code: 'InvalidRequest' },
	],
	[
		'version 2 in a URL',
		() => request('/bucket-filex/a?AWSAccessKeyId=a&Expires=1&Signature=b', { host: 'localhost' }),
		{ code: 'InvalidRequest' },
	],
	[
		'another scheme',
		() => request('/bucket-filex/a', { host: 'localhost', authorization: 'Bearer x' }),
		{ code: 'InvalidArgument', message: 'Unsupported Authorization Type' },
	],
	[
		'an empty header',
		() => request('/bucket-filex/a', { host: 'localhost', authorization: 'AWS4-HMAC-SHA256 ' }),
		{ code: 'AuthorizationHeaderMalformed' },
	],
	['an unknown key', () => signed({ key: { ...SESSION, accessKeyId: 'ASIANOBODY' } }), { code: 'InvalidAccessKeyId' }],
	['a wrong secret', () => signed({ key: { ...SESSION, secret: 'guess' } }), { code: 'SignatureDoesNotMatch' }],
	['another path than the signed', () => signed({ path: '/bucket-filex/b' }), { code: 'SignatureDoesNotMatch' }],
	[
		'a session without its token',
		() => signed({ headers: { 'x-amz-security-token': undefined } }),
		{ code: 'InvalidAccessKeyId' },
	],
	[
		'a wrong token',
		() => signed({ headers: { 'x-amz-security-token': 'guess' } }),
		{ code: 'InvalidToken', status: 400 },
	],
	[
		'a token for a key that has none',
		() => signed({ key: SERVICE, headers: { 'x-amz-security-token': 'guess' } }),
		{ code: 'InvalidToken' },
	],
	['an expired session', () => signed(), { code: 'ExpiredToken', status: 400 }, new Date('2026-03-04T06:00:00Z')],
	['a clock that is behind', () => signed(), { code: 'RequestTimeTooSkewed', status: 403 }, later(15 * 60 + 1)],
	['a clock that is ahead', () => signed(), { code: 'RequestTimeTooSkewed' }, later(-15 * 60 - 1)],
	[
		'another region',
		() => signed({ scope: '20260304/eu-west-1/s3/aws4_request' }),
		{ code: 'AuthorizationHeaderMalformed', details: { Region: 'us-east-1' } },
	],
	[
		'another service',
		() => signed({ scope: '20260304/us-east-1/sts/aws4_request' }),
		{ code: 'AuthorizationHeaderMalformed' },
	],
	[
		'another day',
		() => signed({ scope: '20260303/us-east-1/s3/aws4_request' }),
		{ code: 'AuthorizationHeaderMalformed' },
	],
	['no date', () => signed({ headers: { 'x-amz-date': undefined } }), { code: 'AccessDenied' }],
	['a bad date', () => signed({ headers: { 'x-amz-date': 'yesterday' } }), { code: 'AccessDenied' }],
	[
		'no hash of the payload',
		() => signed({ headers: { 'x-amz-content-sha256': undefined } }),
		{ code: 'InvalidRequest' },
	],
	[
		'a bad hash of the payload',
		() => signed({ headers: { 'x-amz-content-sha256': 'nonsense' } }),
		{ code: 'InvalidArgument' },
	],
	[
		'a header that is not signed',
		() => signed({ unsigned: { 'x-amz-acl': 'public-read' } }),
		{ code: 'AccessDenied', details: { HeadersNotSigned: 'x-amz-acl' } },
	],
	[
		'a host that is not signed',
		() => signed({ headers: { host: undefined }, unsigned: { host: 'localhost' } }),
		{ code: 'AccessDenied', details: { HeadersNotSigned: 'host' } },
	],
	['another host than the signed', () => request(url(), { host: 'elsewhere' }), { code: 'SignatureDoesNotMatch' }],
	[
		'a URL with a further parameter',
		() => request(`${url()}&a=b`, { host: 'localhost' }),
		{ code: 'SignatureDoesNotMatch' },
	],
	[
		'a URL with a further header',
		() => request(url(), { host: 'localhost', 'x-amz-meta-a': 'b' }),
		{ code: 'AccessDenied', details: { HeadersNotSigned: 'x-amz-meta-a' } },
	],
	[
		'a URL whose metadata was changed',
		() =>
			request(url({ query: [['x-amz-meta-username', 'a']] }).replace('username=a', 'username=b'), {
				host: 'localhost',
			}),
		{ code: 'SignatureDoesNotMatch' },
	],
	[
		'a URL that lacks a parameter',
		() => request(url().replace('X-Amz-Expires=60&', ''), { host: 'localhost' }),
		{ code: 'AuthorizationQueryParametersError' },
	],
	[
		'a URL that lives too long',
		() => request(url({ seconds: 604801 }), { host: 'localhost' }),
		{ code: 'AuthorizationQueryParametersError' },
	],
	[
		'a URL that lives less than nothing',
		() => request(url({ seconds: -1 }), { host: 'localhost' }),
		{ code: 'AuthorizationQueryParametersError' },
	],
	[
		'a URL of another region',
		() => request(url({ region: 'eu-west-1' }), { host: 'localhost' }),
		{ code: 'AuthorizationQueryParametersError' },
	],
])('refuses %s', (_what, read, expected, now = NOW) => {
	expect(() => authenticate(read(), RING, now)).toThrow(expect.objectContaining(expected));
});
