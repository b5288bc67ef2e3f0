import { createHash } from 'node:crypto';
import { outcomeOf } from '../../../filex/rest/upload';

const PATH = '0001/focus/in/a.zip';
const BYTES = 'hello';
const MD5 = createHash('md5').update(BYTES).digest('hex');
const OTHER_MD5 = createHash('md5').update('other').digest('hex');
const S3 = { 'x-amz-request-id': '4442587FB7D0A2F9' };
const HTML = { 'content-type': 'text/html', server: 'squid' };

const xml = (code: string, message: string) =>
	`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
const sent = { handedOn: () => BYTES.length, sha256: () => 'ab12', md5: () => MD5 as string | undefined };
const answer = (status: number, body = '', headers: Record<string, string> = {}, of = sent) =>
	outcomeOf({ status, headers, body }, PATH, BYTES.length, of);

describe('an answer of success', () => {
	it.each([
		['the MD5 of the file', { etag: `"${MD5}"` }],
		['the MD5 of the file and the request ID of S3', { ...S3, etag: `"${MD5}"` }],
		['another tag with the request ID of S3', { ...S3, etag: '"5f3e-1"' }],
		[
			'a tag that looks like an MD5, of a file that KMS encrypts',
			{ ...S3, etag: `"${OTHER_MD5}"`, 'x-amz-server-side-encryption': 'aws:kms' },
		],
		['a tag with the other request ID of S3', { etag: '"5f3e-1"', 'x-amz-id-2': 'abc' }],
	])('proves that the file is stored by %s', (_what, headers) => {
		expect(answer(200, '', headers)).toMatchObject({
			outcome: 'accepted',
			sha256: 'ab12',
			stored: { tag: headers.etag.replace(/"/g, '') },
		});
	});

	it.each<[string, number, Record<string, string>]>([
		['no entity tag', 200, S3],
		['an empty entity tag', 200, { ...S3, etag: '""' }],
		['the tag of any web server', 200, { ...HTML, etag: '"5f3e-60a"' }],
		['a weak tag', 200, { etag: `W/"${MD5}"` }],
		["another file's MD5", 200, { ...S3, etag: `"${OTHER_MD5}"` }],
		['the status 204', 204, { ...S3, etag: `"${MD5}"` }],
		['the status 202', 202, { ...S3, etag: `"${MD5}"` }],
		['a page', 200, HTML],
	])('proves nothing with %s', (_what, status, headers) => {
		expect(answer(status, '', headers)).toMatchObject({
			outcome: 'unknown',
			error: { message: expect.stringContaining(`HTTP ${status}`) },
		});
	});

	it('proves nothing with a body: S3 gives none', () => {
		expect(answer(200, '<html>Please log in</html>', { ...S3, etag: `"${MD5}"` })).toMatchObject({
			outcome: 'unknown',
		});
	});

	it('needs the request ID of S3 where this machine may not compute an MD5', () => {
		const fips = { ...sent, md5: () => undefined };
		expect(answer(200, '', { etag: `"${MD5}"` }, fips)).toMatchObject({ outcome: 'unknown' });
		expect(answer(200, '', { ...S3, etag: `"${MD5}"` }, fips)).toMatchObject({ outcome: 'accepted' });
	});
});

describe('a refusal', () => {
	it.each([
		[403, xml('AccessDenied', 'Request has expired'), 'expired-url'],
		[503, xml('SlowDown', 'Please reduce your request rate.'), 'unavailable'],
		[400, xml('RequestTimeout', 'Your socket connection was not read from in time.'), 'unexpected-answer'],
	])('%i %s: not submitted, and may be sent again on a new URL', (status, body, kind) => {
		expect(answer(status, body)).toMatchObject({
			outcome: 'rejected',
			mayRepeat: true,
			error: { kind, httpStatus: status },
		});
	});

	it.each([
		[403, xml('SignatureDoesNotMatch', 'x')],
		[400, xml('EntityTooLarge', 'x')],
		[411, xml('MissingContentLength', 'x')],
	])('%i %s: not submitted, and another time would not be better', (status, body) => {
		expect(answer(status, body)).toMatchObject({ outcome: 'rejected', mayRepeat: false });
	});

	it.each([500, 502, 504])('%i by S3 itself: it cannot be determined', (status) =>
		expect(answer(status, xml('InternalError', 'x'))).toMatchObject({ outcome: 'unknown' }),
	);

	it.each([
		[403, '<html>Blocked by policy</html>'],
		[403, '{"Code":"AccessDenied"}'],
		[400, '<Code>AccessDenied</Code>'],
		[503, 'upstream connect error'],
		[407, ''],
		[307, ''],
		[413, '<html>Request Entity Too Large</html>'],
	])('%i %s, by something on the way: it cannot be determined', (status, body) => {
		expect(answer(status, body, { etag: '"ab"' })).toMatchObject({ outcome: 'unknown' });
	});
});

describe('an answer before all of the file had left', () => {
	const part = { ...sent, handedOn: () => 2, sha256: () => undefined as unknown as string, md5: () => undefined };

	it.each([
		[200, '', { ...S3, etag: `"${MD5}"` }, false],
		[200, '<html>Please log in</html>', HTML, false],
		[413, '<html>Request Entity Too Large</html>', HTML, false],
		[403, 'blocked', {}, false],
		[502, 'bad gateway', {}, true],
		[429, '', {}, true],
		[403, xml('AccessDenied', 'Request has expired'), S3, true],
		[403, xml('AccessDenied', 'no'), S3, false],
	])('%i %s: certain at once, with its status', (status, body, headers, mayRepeat) => {
		expect(answer(status, body, headers, part)).toMatchObject({
			outcome: 'rejected',
			mayRepeat,
			error: { httpStatus: status },
		});
	});
});
