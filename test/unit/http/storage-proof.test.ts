import { isMd5, md5Of, provesObject, provesStored, requestIdOf } from '../../../filex/http/storage-proof';

const MD5 = '0123456789abcdef0123456789abcdef';

describe("an answer that hands out an object is the storage's own", () => {
	it('where it has both a tag and a request ID', () => {
		expect(provesObject({ etag: `"${MD5}"`, requestId: 'id' })).toBe(true);
	});

	it.each([
		['only a tag, as any web server has', { etag: `"${MD5}"` }],
		['only a request ID', { requestId: 'id' }],
		['an empty tag', { etag: '""', requestId: 'id' }],
		['neither', {}],
	])('not where it has %s', (_what, answer) => {
		expect(provesObject(answer)).toBe(false);
	});
});

describe('an answer proves that an object was stored', () => {
	it.each([
		['the MD5 of what was sent', { etag: `"${MD5}"` }, MD5, true],
		['another MD5, whatever stands beside it', { etag: `"${MD5}"`, requestId: 'id' }, 'f'.repeat(32), false],
		['a tag of another form and a request ID', { etag: '"abc-2"', requestId: 'id' }, MD5, true],
		['a tag of another form alone', { etag: '"abc-2"' }, MD5, false],
		['a tag that only begins as an MD5 does', { etag: `"${MD5}0"` }, MD5, false],
		['no tag', { requestId: 'id' }, MD5, false],
		[
			'the tag that KMS makes, and a request ID',
			{ etag: `"${MD5}"`, encryption: 'aws:kms', requestId: 'id' },
			'f'.repeat(32),
			true,
		],
		['the tag that KMS makes, alone', { etag: `"${MD5}"`, encryption: 'aws:kms:dsse' }, MD5, false],
		['an encryption that only names KMS', { etag: `"${MD5}"`, encryption: 'not aws:kms' }, MD5, true],
	])('by %s: %#', (_what, answer, md5, proves) => {
		expect(provesStored(answer, md5)).toBe(proves);
	});
});

describe('the MD5 of an object', () => {
	it.each([
		['its tag', { etag: `"${MD5}"` }, MD5],
		['its tag, with a key of S3 itself', { etag: `"${MD5}"`, encryption: 'AES256' }, MD5],
		['its tag, where the encryption only names KMS', { etag: MD5, encryption: 'x-aws:kms' }, MD5],
		['unknown with a key of KMS', { etag: `"${MD5}"`, encryption: 'aws:kms' }, undefined],
		['unknown of an object in parts', { etag: `"${MD5}-3"` }, undefined],
		['unknown without a tag', {}, undefined],
	])('is %s', (_what, answer, md5) => {
		expect(md5Of(answer)).toBe(md5);
	});

	it('has 32 digits and nothing else', () => {
		expect([MD5, `${MD5}0`, `0${MD5}`, MD5.slice(1), MD5.toUpperCase()].map(isMd5)).toEqual([
			true,
			false,
			false,
			false,
			false,
		]);
	});
});

describe('the request ID of a storage', () => {
	it.each([
		["is S3's", { 'x-amz-request-id': 'a' }, 'a'],
		["is S3's other one", { 'x-amz-id-2': 'b' }, 'b'],
		["is Google's", { 'x-guploader-uploadid': 'c' }, 'c'],
		[
			"is Cloudflare's ray, where its S3 answers",
			{ server: 'cloudflare', 'x-amz-version-id': 'v', 'cf-ray': 'd' },
			'd',
		],
		["is not the ray of Cloudflare's proxy", { server: 'cloudflare', 'cf-ray': 'd' }, undefined],
		['is not the ray of another server', { server: 'nginx', 'x-amz-version-id': 'v', 'cf-ray': 'd' }, undefined],
		['is not the ray without a server', { 'x-amz-version-id': 'v', 'cf-ray': 'd' }, undefined],
		['is nothing where there is none', {}, undefined],
	])('%s', (_what, headers, id) => {
		expect(requestIdOf(headers)).toBe(id);
	});
});
