import { readPresigned } from '../../../filex/rest/presigned';

const URL = 'https://bucket.s3.amazonaws.com/0001/crd/reports/a.pdf?X-Amz-Expires=60&X-Amz-Signature=ab12';
const OTHER = 'https://bucket.s3.amazonaws.com/0001/crd/in/b.pdf?X-Amz-Signature=cd34';
const ID = '343dab32-516b-4e04-b60e-2526fa72e879';
const PLAIN = 'https://bucket.example/a.pdf';

const ASKED = { method: 'PUT', what: '0001/crd/in/a.pdf', file: 'a.pdf', base: 'https://filex.finra.org' } as const;
const read = (body: unknown, { status = 200, headers = {}, method = 'PUT' as 'GET' | 'PUT' } = {}) =>
	readPresigned(
		{ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) },
		{ ...ASKED, method },
	);

describe('a pre-signed URL', () => {
	it.each<[string, unknown]>([
		['JSON url', { url: URL, method: 'GET' }],
		['JSON with another text as its url', { url: '/files/0001/crd/in/a.zip', preSignedUrl: URL }],
		...['preSignedUrl', 'presignedUrl', 'PRESIGNED_URL', 'signedUrl', 'href', 'location', 'whatever', 'putObject'].map(
			(key): [string, object] => [`JSON ${key}`, { [key]: URL }],
		),
		['a HAL link', { _links: { self: { href: 'https://filex.finra.org/files/x' }, download: { href: URL } } }],
		['a HAL list of links', { _links: { content: [{ href: URL }] } }],
		[
			'a list with rel',
			{
				_links: [
					{ rel: 'self', href: 'https://filex.finra.org/x' },
					{ rel: 'upload', href: URL },
				],
			},
		],
		['in objects and lists', { data: { urls: [{ value: URL }] } }],
		['in a list', [URL]],
		['in JSON that is a text in JSON', { statusCode: 200, body: JSON.stringify({ url: URL }) }],
		['in a sentence', { message: `PUT your file to ${URL}.` }],
		['beside itself', { url: URL, link: URL }],
		['beside an unsigned one', { url: PLAIN, link: URL }],
		['a bare URL', URL],
		['a bare URL with a line break', `${URL}\n`],
		['a JSON string', JSON.stringify(URL)],
		['a JSON string with escaped slashes', JSON.stringify(URL).replace(/\//g, '\\/')],
		['a JSON string with escaped ampersands', JSON.stringify(URL).replace(/&/g, '\\u0026')],
		[
			'XML',
			`<?xml version="1.0"?><presignedUrl xmlns="https://x.example/ns"><url>${URL.replace(/&/g, '&amp;')}</url></presignedUrl>`,
		],
		['an attribute in XML', `<upload href="${URL.replace(/&/g, '&#38;')}"/>`],
		['CDATA in XML', `<url><![CDATA[${URL}]]></url>`],
		['JSON that is escaped for HTML', JSON.stringify({ url: URL }).replace(/&/g, '&amp;').replace(/"/g, '&quot;')],
		['a text in JSON that is escaped for HTML', { url: URL.replace(/&/g, '&amp;') }],
		['a text with a name', `url=${URL}`],
	])('may be %s', (_shape, body) => expect(read(body).url).toBe(URL));

	it.each([
		'Signature=ab%3D&Key-Pair-Id=K',
		'AWSAccessKeyId=A&Expires=1&Signature=ab',
		'sv=1&sig=ab',
		'X-Goog-Signature=ab',
		'x-amz-signature=ab',
	])('may be signed by %s', (query) => {
		const url = `${PLAIN}?${query}`;
		expect(read({ deep: [{ whatever: url }] }).url).toBe(url);
	});

	it.each([201, 301, 302, 303, 307])('may be the Location header of HTTP %s, if it is signed', (status) => {
		expect(read('', { status, headers: { location: URL } }).url).toBe(URL);
		expect(() => read('', { status, headers: { location: 'https://login.example/sso' } })).toThrow(
			/without a pre-signed URL/,
		);
	});

	it.each(['url', 'preSignedUrl', 'presigned_url', 'signedUrl', 'href', 'location'])(
		'may be unsigned under the key %s',
		(key) => {
			expect(read({ [key]: PLAIN }, { method: 'GET' }).url).toBe(PLAIN);
			// A filing goes to no one who has not signed for it.
			expect(() => read({ [key]: PLAIN })).toThrow(/without a pre-signed URL/);
		},
	);

	it.each([['GET'], ['PUT']] as const)('is not taken where it ends in the name of another file (%s)', (method) => {
		const at = (key: string) => `https://bucket.s3.amazonaws.com/0001/crd/in/${key}?X-Amz-Signature=ab12`;
		expect(() => read({ url: at('b.pdf') }, { method })).toThrow(/its URL is for another file/);
		for (const key of ['a.pdf', '20260331080000000_a.pdf', '3f2c1a90-1b2c-4d3e-8f90-123456789abc.bin', 'upload'])
			expect(read({ url: at(key) }, { method }).url).toBe(at(key));
	});

	it.each<[string, unknown, 'GET' | 'PUT']>([
		[
			'its method',
			[
				{ method: 'GET', url: OTHER },
				{ method: 'PUT', url: URL },
			],
			'PUT',
		],
		['its key', { downloadUrl: OTHER, uploadUrl: URL }, 'PUT'],
		['its key', { uploadUrl: OTHER, downloadUrl: URL }, 'GET'],
		['its link', { _links: { download: { href: OTHER }, upload: { href: URL } } }, 'PUT'],
		[
			'its rel',
			{
				links: [
					{ rel: 'upload', href: OTHER },
					{ rel: 'download', href: URL },
				],
			},
			'GET',
		],
		["the other's key", { deleteUrl: OTHER, link: URL }, 'PUT'],
		['being the url', { url: URL, thumbnail: OTHER }, 'GET'],
	])('is told from another signed one by %s', (_what, body, method) => expect(read(body, { method }).url).toBe(URL));

	it.each<[string, unknown, number]>([
		['an empty answer', '', 200],
		['an empty object', {}, 200],
		['a login page', `<html><body><a href="${URL}">login</a></body></html>`, 200],
		['a page that holds a signed URL', `<!DOCTYPE html><p>${URL}`, 200],
		['half a JSON, which may hold half a URL', JSON.stringify({ url: URL }).slice(0, -4), 200],
		['half a JSON string', JSON.stringify(URL).slice(0, -2), 200],
		['another scheme', 'ftp://x/y?sig=1', 200],
		['a relative URL', { url: '/relative?sig=1' }, 200],
		['a link to itself', { _links: { self: { href: 'https://filex.finra.org/x' } } }, 200],
		['a signed login', { url: 'https://idp.example/sso?SAMLRequest=abc&Signature=def' }, 200],
		[
			'a redirect to a login that SAML has signed',
			{ location: 'https://idp.example/sso?SAMLRequest=abc&Signature=def' },
			302,
		],
		['a redirect with an unsigned URL in its body', { url: PLAIN }, 302],
		['an empty signature', { link: `${PLAIN}?sig=` }, 200],
		['two signed URLs', [URL, OTHER], 200],
		['two signed URLs under keys that do not say which', { a: URL, b: OTHER }, 200],
		['more than 1 MiB', `${URL} ${'x'.repeat(2 ** 20)}`, 200],
	])('is not %s', (_what, body, status) => {
		expect(() => read(body, { status })).toThrow(
			expect.objectContaining({
				kind: 'unexpected-answer',
				isForeign: true,
				retrySafe: true,
				httpStatus: status,
				message: expect.stringMatching(new RegExp(`without a pre-signed URL: .*\\(HTTP ${status}, `)),
			}),
		);
	});

	it('that is not found is reported by keys, never by values', () => {
		expect(() => read({ secretUrl: [URL, OTHER] })).toThrow(
			expect.objectContaining({ message: expect.not.stringContaining('ab12') }),
		);
		expect(() => read({ secret: 'top-secret' })).toThrow(
			expect.objectContaining({ message: expect.stringContaining('keys: secret') }),
		);
	});

	it('that is not found leaves the tracking ID behind, because the request was made', () => {
		expect(() => read({ trackingId: ID })).toThrow(expect.objectContaining({ evidence: { trackingId: ID } }));
	});
});

describe('the tracking ID of an upload', () => {
	it.each<[string, unknown, Record<string, string>?]>([
		...[
			'trackingId',
			'trackingID',
			'TrackingId',
			'tracking_id',
			'tracking-id',
			'TRACKING_ID',
			'trackingUuid',
			'tracking',
			'fileTrackingId',
			'id',
			'uuid',
		].map((key): [string, unknown] => [`under ${key}`, { url: URL, [key]: ID }]),
		['in an object', { url: URL, data: { tracking: { id: ID } } }],
		['in a list', [{ url: URL }, { tracking_id: ID }]],
		['in a link', { url: URL, _links: { tracking: { href: `https://filex.finra.org/tracking?id=${ID}` } } }],
		['in a relative link', { url: URL, links: [{ rel: 'status', href: `/tracking?id=${ID}` }] }],
		['in a relative link without a slash', { url: URL, status: `tracking?id=${ID}` }],
		['in a link with the ID in its path', { url: URL, status: `/v1/tracking/${ID}` }],
		['in XML', `<a><url>${URL.replace(/&/g, '&amp;')}</url><trackingId>${ID}</trackingId></a>`],
		['in an attribute of XML', `<a tracking_id="${ID}"><url>${URL.replace(/&/g, '&amp;')}</url></a>`],
		['in a link in XML', `<a><url>${URL.replace(/&/g, '&amp;')}</url><link href="/tracking?id=${ID}"/></a>`],
		['in a header', URL, { 'x-filex-tracking-id': ID }],
		['in another header', URL, { trackingid: ID }],
		['in a Link header', URL, { link: `</tracking?id=${ID}>; rel="tracking"` }],
		['in the Location header', { url: URL }, { location: `/tracking?id=${ID}` }],
	])('is found %s', (_where, body, headers = {}) => expect(read(body, { headers }).trackingId).toBe(ID));

	it.each<[string, unknown]>([
		['there is none', { url: URL }],
		['its key holds a sentence', { url: URL, trackingId: 'not available yet' }],
		['its key holds null', { url: URL, trackingId: null }],
		['an id is no UUID', { url: URL, id: 'a.pdf' }],
		[
			'several contradict each other',
			{ url: URL, trackingId: ID, tracking_id: ID.replace('3', '4'), b: { trackingId: ID.replace('3', '5') } },
		],
		['it stands in a link to elsewhere', { url: URL, help: `https://filex.finra.org/help?id=${ID}` }],
	])('is not known where %s', (_what, body) => expect(read(body).trackingId).toBeUndefined());
});

describe('the headers that come with a URL', () => {
	const HEADERS = { 'x-amz-server-side-encryption': 'aws:kms', 'content-type': 'application/zip' };
	const given = { 'x-amz-server-side-encryption': 'aws:kms', 'Content-Type': 'application/zip' };

	it.each<[string, unknown]>([
		['headers', { url: URL, headers: given }],
		['requiredHeaders', { url: URL, requiredHeaders: given }],
		['signed_headers', { url: URL, signed_headers: given }],
		[
			'a list of names and values',
			{ url: URL, headers: Object.entries(given).map(([name, value]) => ({ name, value })) },
		],
		['a list of objects', { url: URL, headers: Object.entries(given).map(([name, value]) => ({ [name]: value })) }],
		[
			'values in lists',
			{ url: URL, headers: Object.fromEntries(Object.entries(given).map(([name, value]) => [name, [value]])) },
		],
		['round the URL', { upload: { url: URL }, headers: given }],
	])('are taken from %s', (_shape, body) => expect(read(body).headers).toEqual(HEADERS));

	it.each([
		'Authorization',
		'Cookie',
		'Host',
		'Content-Length',
		'Transfer-Encoding',
		'Proxy-Authorization',
		'Connection',
		'Expect',
		'Accept-Encoding',
		'Range',
		'X-Forwarded-For',
		'X-HTTP-Method-Override',
		'bad name',
		'',
	])('are never %j', (name) => expect(read({ url: URL, headers: { [name]: 'x', ...given } }).headers).toEqual(HEADERS));

	it('hold no line break, and are not those of an answer in an answer', () => {
		expect(read({ url: URL, headers: { 'x-a': 'b\r\nHost: evil' } }).headers).toBeUndefined();
		expect(
			read({ statusCode: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ url: URL }) })
				.headers,
		).toBeUndefined();
		expect(read({ url: URL, headers: 'host;x-amz-date' }).headers).toBeUndefined();
	});
});
