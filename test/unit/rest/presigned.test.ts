import { parsePresigned } from '../../../filex/rest/presigned';

const URL = 'https://bucket.s3.amazonaws.com/0001/crd/reports/a.pdf?X-Amz-Signature=ab12';
const ID = '343dab32-516b-4e04-b60e-2526fa72e879';

describe('a pre-signed answer', () => {
	it.each<[string, object]>([
		['JSON url', { url: URL, method: 'GET' }],
		['JSON with another text as its url', { url: '/files/0001/crd/in/a.zip', preSignedUrl: URL }],
		...['preSignedUrl', 'presignedUrl', 'signedUrl', 'href', 'location'].map((key): [string, object] => [`JSON ${key}`, { [key]: URL }]),
		['a HAL link', { _links: { self: { href: 'https://filex.finra.org/files/x' }, download: { href: URL } } }],
		['a HAL list of links', { _links: { content: [{ href: URL }] } }],
		['a list with rel', { _links: [{ rel: 'self', href: 'https://filex.finra.org/x' }, { rel: 'upload', href: URL }] }],
	])('may be %s', (_shape, body) => {
		expect(parsePresigned({ status: 200, headers: {}, body: JSON.stringify(body) })).toEqual({ url: URL });
	});

	it.each([
		['a bare URL', URL],
		['a bare URL with a line break', `${URL}\n`],
		['a JSON string', JSON.stringify(URL)],
		['a JSON string with escaped slashes', JSON.stringify(URL).replace(/\//g, '\\/')],
	])('may be %s', (_shape, body) => expect(parsePresigned({ status: 200, headers: {}, body })).toEqual({ url: URL }));

	it('may be a Location header', () => {
		expect(parsePresigned({ status: 302, headers: { location: URL }, body: '' })).toEqual({ url: URL });
	});

	it.each(['trackingId', 'trackingID', 'id'])('may carry the tracking ID as %s', (key) => {
		expect(parsePresigned({ status: 200, headers: {}, body: JSON.stringify({ url: URL, [key]: ID }) }).trackingId).toBe(ID);
	});

	it('may carry the tracking ID in a header', () => {
		expect(parsePresigned({ status: 200, headers: { 'x-filex-tracking-id': ID }, body: URL }).trackingId).toBe(ID);
	});

	it.each(['', '{}', '<html>login</html>', 'ftp://x/y', '{"url":"/relative"}', '{"_links":{"self":{"href":"https://filex.finra.org/x"}}}'])(
		'is not %j',
		(body) => expect(() => parsePresigned({ status: 200, headers: {}, body })).toThrow(/without a pre-signed URL/),
	);
});
