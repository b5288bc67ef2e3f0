import { readDirectories, readFiles, readManyFiles } from '../../../filex/rest/listing';

const file = {
	name: 'file1.zip',
	type: 'FILE',
	metadata: { writable: false, contentLength: 7473, lastModified: '2018-12-07T14:18:34.000+0000' },
};
const dir = { name: 'out', type: 'DIR', metadata: { writable: false } };
const FILE = { name: 'file1.zip', size: 7473, lastModified: new Date('2018-12-07T14:18:34Z'), writable: false };

const listing = (children: unknown, more: object = {}) => ({
	name: 'x',
	type: 'DIR',
	metadata: { writable: false },
	children,
	...more,
});
const json = (
	body: unknown,
	status = 200,
	headers: Record<string, string> = { 'content-type': 'application/json', server: 'nginx' },
) => ({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
const files = (body: unknown, status?: number) => readFiles(json(body, status)).entries;
const withMetadata = (changes: object) => listing([{ ...file, metadata: { ...file.metadata, ...changes } }]);

describe('a REST listing', () => {
	it("gives the guide's files", () => expect(files(listing([file, dir]))).toEqual([FILE]));

	it("gives the guide's directories", () => {
		expect(readDirectories(json(listing([file, dir]))).entries).toEqual([{ name: 'out', writable: false }]);
	});

	it.each<[string, unknown]>([
		['without a type of its own', listing([file], { type: undefined })],
		['with a type in small letters', listing([{ ...file, type: 'file' }], { type: 'dir' })],
		[
			'with children of no type',
			listing([
				{ ...file, type: undefined },
				{ ...dir, type: null },
			]),
		],
		...['FOLDER', 'Directory', 'folder'].map((type): [string, unknown] => [
			`with directories of the type ${type}`,
			listing([file, { ...dir, type }]),
		]),
		['with a type that the guide does not have', listing([{ ...file, type: 'OBJECT' }])],
		['in an object under files', { files: [file] }],
		['in an object under _embedded', { _embedded: { files: [file] } }],
		['in an object under data', { data: listing([file]) }],
		['as a list under data', { data: [file] }],
		['as a bare list', [file]],
		['in a list round the whole', [listing([file])]],
		[
			'with keys in capitals',
			{
				NAME: 'x',
				TYPE: 'DIR',
				CHILDREN: [
					{
						NAME: 'file1.zip',
						TYPE: 'FILE',
						METADATA: { WRITABLE: false, CONTENT_LENGTH: 7473, LAST_MODIFIED: file.metadata.lastModified },
					},
				],
			},
		],
		[
			'with what the guide has in metadata right in the entry',
			listing([{ name: 'file1.zip', type: 'FILE', ...file.metadata }]),
		],
		['with a size as a text', withMetadata({ contentLength: '7473' })],
		...[
			'2018-12-07T14:18:34Z',
			'2018-12-07T14:18:34',
			'2018-12-07 14:18:34',
			'2018-12-07T09:18:34-05',
			'2018-12-07T09:18:34-0500',
			'2018-12-07T09:18:34.000-05:00',
			1544192314,
			1544192314000,
			'1544192314',
			'1544192314000',
			'Fri, 07 Dec 2018 14:18:34 GMT',
		].map((lastModified): [string, unknown] => [`with the time ${lastModified}`, withMetadata({ lastModified })]),
		[
			'that says it is whole',
			listing([file], { isTruncated: false, nextToken: null, total: 1, page: { totalPages: 1 }, errors: [] }),
		],
	])('may come %s', (_shape, body) => expect(files(body)).toEqual([FILE]));

	it.each<[string, unknown, number?]>([
		['a directory without children', listing(undefined)],
		['a directory whose children are null', listing(null)],
		['a directory whose children are an empty list', listing([])],
		['children: null', { children: null }],
		['an object with an empty list of files', { files: [] }],
		['a directory in small letters', { type: 'dir' }],
		['a directory without a type', { name: 'in', metadata: { writable: true } }],
		['HTTP 204', '', 204],
	])('is empty as %s', (_shape, body, status = 200) => expect(files(body, status)).toEqual([]));

	it.each<[string, unknown, number?]>([
		['an empty answer', ''],
		['a page', '<html><body>Sign in</body></html>'],
		['a page with HTTP 204', '<html>', 204],
		['XML', '<?xml version="1.0"?><directory><children/></directory>'],
		['null', 'null'],
		['a text', '"ok"'],
		['half a JSON', JSON.stringify(listing([file])).slice(0, -3)],
		['an empty list, which any service may answer', []],
		['an empty list under data', { data: [] }],
		['an empty list under items', { items: [] }],
		['an empty object', {}],
		['a file', { type: 'FILE' }],
		['a file with children', { type: 'FILE', children: [] }],
		['an error', { message: 'Forbidden' }],
		['an error with a list', { error: 'x', children: [] }],
		[
			'links to children without children',
			listing(undefined, { _links: { children: [{ href: '/files/0001/app1' }] } }),
		],
		['children that are no list', listing({})],
		['an entry that is null', listing([null])],
		['an entry whose name is a number', listing([{ ...file, name: 1 }])],
		['a name with a slash', listing([file, { ...file, name: '../a' }])],
		['an empty name', listing([{ ...file, name: '' }])],
		['the name ..', listing([{ ...dir, name: '..' }])],
		['the same name twice', listing([file, file])],
		['the same name for a file and a directory', listing([file, { ...dir, name: file.name }])],
		...[null, '', 'many', true, false, -1, 1.5, '1e3', [], {}, 2 ** 60].map((contentLength): [string, unknown] => [
			`the size ${JSON.stringify(contentLength)}`,
			withMetadata({ contentLength }),
		]),
		...['yesterday', '', null, true, 0, 5, '2018-02-30T00:00:00Z', {}].map((lastModified): [string, unknown] => [
			`the time ${JSON.stringify(lastModified)}`,
			withMetadata({ lastModified }),
		]),
		['no metadata', listing([{ ...file, metadata: undefined }])],
		['neither type nor metadata', listing([{ name: 'a' }])],
		['a word that it continues', listing([file], { isTruncated: true })],
		['a token of a next page', listing([file], { nextToken: 'abc' })],
		['a next page that is a number', listing([file], { nextPage: 2 })],
		['a page that is not the last', listing([file], { page: { last: false } })],
	])('is not %s', (_what, body, status = 200) => {
		expect(() => files(body, status)).toThrow(
			expect.objectContaining({
				kind: 'unexpected-answer',
				isForeign: true,
				retrySafe: true,
				httpStatus: status,
				message: expect.stringContaining(`(HTTP ${status}, application/json, server nginx, `),
			}),
		);
	});

	it('of more than 64 MiB is refused', () => {
		expect(() => files(`[${' '.repeat(64 * 2 ** 20)}]`)).toThrow(/longer than 64 MiB/);
	});

	it('that a proxy made up is refused', () => {
		expect(() => readFiles(json(listing([]), 200, { 'x-squid-error': 'ERR_ACCESS_DENIED 0' }))).toThrow(
			/a proxy answered/,
		);
	});

	it('is refused by keys, never by values', () => {
		expect(() => files({ session: { token: 'top-secret' }, items: [] })).toThrow(
			expect.objectContaining({ message: expect.stringMatching(/keys: session\.token, items\[\]/) }),
		);
		expect(() => files({ session: { token: 'top-secret' } })).not.toThrow(/top-secret/);
	});
});

it('a listing of many files is read in slices, between which others get their turn', async () => {
	const children = Array.from({ length: 20_000 }, (_, index) => ({
		name: `${index}.csv`,
		type: 'FILE',
		metadata: { contentLength: 1, lastModified: '2026-03-01T12:00:00Z' },
	}));
	const answer = { status: 200, headers: {}, body: JSON.stringify({ name: 'reports', type: 'DIR', children }) };
	let turns = 0;
	let isOver = false;
	const others = () => {
		turns++;
		if (!isOver) setImmediate(others);
	};
	setImmediate(others);
	const page = await readManyFiles(answer);
	isOver = true;
	expect(page).toEqual(readFiles(answer));
	expect(turns).toBeGreaterThan(15);
});
