import { createHash } from 'node:crypto';
import { presignedUrl } from '../../../../sandbox/s3/presign';
import {
	canonicalRequest,
	chunkSignature,
	requestSignature,
	sameSecret,
	type SignedRequest,
	signingKey,
	trailerSignature,
} from '../../../../sandbox/s3/signature';

// The examples of AWS's documentation:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, sigv4-query-string-auth.html,
// sigv4-streaming.html and sigv4-streaming-trailers.html
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const STAMP = '20130524T000000Z';
const SCOPE = { date: '20130524', region: 'us-east-1', service: 's3' };
const KEY = signingKey(SECRET, SCOPE);
const EMPTY = createHash('sha256').digest('hex');

function sign(method: string, path: string, query: Array<[string, string]>, headers: Record<string, string>): string {
	const all = new Map([['host', 'examplebucket.s3.amazonaws.com'], ['x-amz-date', STAMP], ...Object.entries(headers)]);
	const request: SignedRequest = {
		method,
		path,
		query,
		headers: all,
		signedHeaders: [...all.keys()].sort(),
		payload: headers['x-amz-content-sha256']!,
	};
	return requestSignature(KEY, STAMP, SCOPE, canonicalRequest(request));
}

it('signs a GET with a range as the documentation does', () => {
	expect(sign('GET', '/test.txt', [], { range: 'bytes=0-9', 'x-amz-content-sha256': EMPTY })).toBe(
		'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
	);
});

it('signs a PUT of a key with a dollar sign as the documentation does', () => {
	const headers = {
		date: 'Fri, 24 May 2013 00:00:00 GMT',
		'x-amz-storage-class': 'REDUCED_REDUNDANCY',
		'x-amz-content-sha256': createHash('sha256').update('Welcome to Amazon S3.').digest('hex'),
	};
	expect(sign('PUT', '/test$file.text', [], headers)).toBe(
		'98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
	);
});

it('signs a parameter without a value as the documentation does', () => {
	expect(sign('GET', '/', [['lifecycle', '']], { 'x-amz-content-sha256': EMPTY })).toBe(
		'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
	);
});

it('signs a listing as the documentation does, whatever the order of its parameters', () => {
	const signature = '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7';
	expect(
		sign(
			'GET',
			'/',
			[
				['max-keys', '2'],
				['prefix', 'J'],
			],
			{ 'x-amz-content-sha256': EMPTY },
		),
	).toBe(signature);
	expect(
		sign(
			'GET',
			'/',
			[
				['prefix', 'J'],
				['max-keys', '2'],
			],
			{ 'x-amz-content-sha256': EMPTY },
		),
	).toBe(signature);
});

it('signs a URL as the documentation does', () => {
	const canonical = canonicalRequest({
		method: 'GET',
		path: '/test.txt',
		query: [
			['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
			['X-Amz-Credential', 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request'],
			['X-Amz-Date', STAMP],
			['X-Amz-Expires', '86400'],
			['X-Amz-SignedHeaders', 'host'],
		],
		headers: new Map([['host', 'examplebucket.s3.amazonaws.com']]),
		signedHeaders: ['host'],
		payload: 'UNSIGNED-PAYLOAD',
	});
	const signature = 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';
	expect(requestSignature(KEY, STAMP, SCOPE, canonical)).toBe(signature);
	const url = presignedUrl({
		method: 'GET',
		base: 'https://examplebucket.s3.amazonaws.com',
		path: ['test.txt'],
		query: [],
		accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
		secret: SECRET,
		region: 'us-east-1',
		now: new Date('2013-05-24T00:00:00Z'),
		seconds: 86400,
	});
	expect(new URL(url).searchParams.get('X-Amz-Signature')).toBe(signature);
});

it('signs the chunks of a body as the documentation does', () => {
	const headers = {
		'content-encoding': 'aws-chunked',
		'content-length': '66824',
		host: 's3.amazonaws.com',
		'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
		'x-amz-decoded-content-length': '66560',
		'x-amz-storage-class': 'REDUCED_REDUNDANCY',
	};
	const seed = sign('PUT', '/examplebucket/chunkObject.txt', [], headers);
	expect(seed).toBe('4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9');
	const signing = { key: KEY, stamp: STAMP, scope: SCOPE, seed };
	const first = chunkSignature(signing, seed, sha256('a'.repeat(65536)));
	expect(first).toBe('ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648');
	const second = chunkSignature(signing, first, sha256('a'.repeat(1024)));
	expect(second).toBe('0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497');
	expect(chunkSignature(signing, second, EMPTY)).toBe(
		'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
	);
});

it('signs the trailer of a body as the documentation does', () => {
	const headers = {
		'content-encoding': 'aws-chunked',
		host: 's3.amazonaws.com',
		'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
		'x-amz-decoded-content-length': '66560',
		'x-amz-storage-class': 'REDUCED_REDUNDANCY',
		'x-amz-trailer': 'x-amz-checksum-crc32c',
	};
	const seed = sign('PUT', '/examplebucket/chunkObject.txt', [], headers);
	expect(seed).toBe('106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e');
	const signing = { key: KEY, stamp: STAMP, scope: SCOPE, seed };
	const first = chunkSignature(signing, seed, sha256('a'.repeat(65536)));
	expect(first).toBe('b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2');
	const second = chunkSignature(signing, first, sha256('a'.repeat(1024)));
	expect(second).toBe('1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7');
	const last = chunkSignature(signing, second, EMPTY);
	expect(last).toBe('2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992');
	expect(trailerSignature(signing, last, 'x-amz-checksum-crc32c:sOO8/Q==\n')).toBe(
		'd81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435',
	);
});

it('orders parameters by their names, then by their values', () => {
	const request = { method: 'GET', path: '/', headers: new Map<string, string>(), signedHeaders: [], payload: EMPTY };
	const canonical = canonicalRequest({
		...request,
		query: [
			['a-b', '1'],
			['a', '2'],
			['a', '1'],
			['B', ''],
		],
	});
	expect(canonical.split('\n')[2]).toBe('B=&a=1&a=2&a-b=1');
});

it('trims header values and draws their spaces together', () => {
	const request = { method: 'GET', path: '/', query: [], payload: EMPTY };
	const canonical = canonicalRequest({
		...request,
		headers: new Map([['x-amz-meta-a', '  one   two ']]),
		signedHeaders: ['x-amz-meta-a'],
	});
	expect(canonical).toContain('x-amz-meta-a:one two\n');
});

it('leaves dots and double slashes of a path as they are', () => {
	const request = { method: 'GET', query: [], headers: new Map<string, string>(), signedHeaders: [], payload: EMPTY };
	expect(canonicalRequest({ ...request, path: '/b//a/../c%2F ü' }).split('\n')[1]).toBe('/b//a/../c%252F%20%C3%BC');
});

it('compares secrets of any length', () => {
	expect(sameSecret('abc', 'abc')).toBe(true);
	expect(sameSecret('abc', 'abd')).toBe(false);
	expect(sameSecret('abc', 'abcd')).toBe(false);
	expect(sameSecret('a', 'ü')).toBe(false);
});

function sha256(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}
