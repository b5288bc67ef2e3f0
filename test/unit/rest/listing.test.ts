import { parseDirectories, parseFiles } from '../../../filex/rest/listing';

const file = { name: 'file1.zip', type: 'FILE', metadata: { writable: false, contentLength: 7473, lastModified: '2018-12-07T14:18:34.000+0000' } };
const dir = { name: 'out', type: 'DIR', metadata: { writable: false } };
const listing = (children: unknown) => JSON.stringify({ name: 'x', type: 'DIR', metadata: { writable: false }, children });

describe('a REST listing', () => {
	it("gives the guide's files", () => {
		expect(parseFiles(listing([file, dir]))).toEqual([
			{ name: 'file1.zip', size: 7473, lastModified: new Date('2018-12-07T14:18:34Z'), writable: false },
		]);
	});

	it("gives the guide's directories", () => {
		expect(parseDirectories(listing([file, dir]))).toEqual([{ name: 'out', writable: false }]);
	});

	it('of an empty place may come without children', () => {
		expect(parseFiles(listing(undefined))).toEqual([]);
		expect(parseFiles(listing(null))).toEqual([]);
	});

	it.each([
		'',
		'<html>',
		'[]',
		'{"type":"FILE"}',
		listing({}),
		listing([null]),
		listing([{ ...file, name: 1 }]),
		listing([{ ...file, metadata: { contentLength: 'many', lastModified: '2018-12-07' } }]),
		listing([{ ...file, metadata: { contentLength: 1, lastModified: 'yesterday' } }]),
		listing([{ ...file, metadata: undefined }]),
	])('is not %j, and is never taken for an empty one', (body) => {
		expect(() => parseFiles(body)).toThrow(expect.objectContaining({ kind: 'unexpected-answer' }));
	});
});
