import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readToken, writeToken } from '../../../../sandbox/s3/list-query';
import {
	commonPrefixOf,
	type Cursor,
	filesOf,
	type ListedFile,
	listPage,
	type Source,
	successor,
} from '../../../../sandbox/s3/listing';
import { openDatabase } from '../../../../sandbox/state/database';

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

function sourceOf(keys: string[]): Source {
	const sorted = [...keys].sort(byBytes);
	return (from, before, limit) =>
		sorted
			.filter(
				(key) =>
					(byBytes(key, from.key) > 0 || (from.inclusive && key === from.key)) &&
					(before === undefined || byBytes(key, before) < 0),
			)
			.slice(0, limit)
			.map((key): ListedFile => ({ key, size: 1, etag: '', lastModified: new Date(0) }));
}

/** All pages of a listing, each as its files and common prefixes. */
function pages(source: Source, prefix: string, delimiter: string, limit: number): string[][] {
	const all: string[][] = [];
	for (let from: Cursor | undefined, more = true; more;) {
		const { files, commonPrefixes, next } = listPage(source, { prefix, delimiter, from, limit });
		all.push([...files.map(({ key }) => key), ...commonPrefixes].sort(byBytes));
		from = next;
		more = next !== undefined;
	}
	return all;
}

const KEYS = ['a/1', 'a/2', 'a/b_1', 'a/b_2', 'a/b_3', 'a/c', 'a/d_1', 'a/z', 'b/1'];

it.each([1, 2, 3, 4, 5, 6, 7, 8, 100])('pages by %d without a delimiter', (limit) => {
	const all = pages(sourceOf(KEYS), 'a/', '', limit);
	expect(all.flat()).toEqual(KEYS.slice(0, -1));
	expect(all.slice(0, -1).every((page) => page.length === limit)).toBe(true);
	expect(all.at(-1)!.length).toBeGreaterThan(0);
});

it.each([1, 2, 3, 4, 5, 6, 100])('pages by %d with a delimiter, every common prefix once', (limit) => {
	const all = pages(sourceOf(KEYS), 'a/', '_', limit);
	expect(all.flat()).toEqual(['a/1', 'a/2', 'a/b_', 'a/c', 'a/d_', 'a/z']);
	expect(all.slice(0, -1).every((page) => page.length === limit)).toBe(true);
});

it('lists what comes right after a common prefix', () => {
	expect(pages(sourceOf(['a/b_1', 'a/b`', 'a/b`c']), 'a/', '_', 10)).toEqual([['a/b_', 'a/b`', 'a/b`c']]);
});

it('ends where the last common prefix was the last of all', () => {
	expect(pages(sourceOf(['a/1', 'a/b_1', 'a/b_2']), 'a/', '_', 2)).toEqual([['a/1', 'a/b_']]);
});

it('gives nothing for no keys, and says so', () => {
	expect(listPage(sourceOf(KEYS), { prefix: 'a/', delimiter: '', from: undefined, limit: 0 })).toEqual({
		files: [],
		commonPrefixes: [],
		next: undefined,
	});
});

it('starts after a key, also one that is not there', () => {
	const from = { key: 'a/b_25', inclusive: false };
	expect(listPage(sourceOf(KEYS), { prefix: 'a/', delimiter: '', from, limit: 2 }).files.map(({ key }) => key)).toEqual(
		['a/b_3', 'a/c'],
	);
	expect(
		listPage(sourceOf(KEYS), { prefix: 'a/', delimiter: '', from: { key: 'zzz', inclusive: false }, limit: 2 }).files,
	).toEqual([]);
	expect(
		listPage(sourceOf(KEYS), { prefix: 'a/', delimiter: '', from: { key: '0', inclusive: false }, limit: 1 }).files[0]!
			.key,
	).toBe('a/1');
});

it('finds common prefixes behind the prefix only', () => {
	expect(commonPrefixOf('a/b/c', 'a/', '/')).toBe('a/b/');
	expect(commonPrefixOf('a/b', 'a/', '/')).toBeUndefined();
	expect(commonPrefixOf('a/b', 'a/', '')).toBeUndefined();
});

it('knows what follows a prefix in the order of UTF-8', () => {
	expect(successor('a/')).toBe('a0');
	expect(successor('a\u{10ffff}')).toBe('b');
	expect(successor('\ud7ff')).toBe('\ue000');
	expect(successor('')).toBeUndefined();
});

it('hands out cursors that come back as they were', () => {
	for (const cursor of [
		{ key: 'a/ü \u{1f600}', inclusive: true },
		{ key: '', inclusive: false },
	])
		expect(readToken(writeToken(cursor))).toEqual(cursor);
	expect(() => readToken('nonsense')).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
});

describe('over the records', () => {
	const dataDir = mkdtempSync(join(tmpdir(), 'filex-listing-'));
	const database = openDatabase(dataDir);
	const put = database.prepare(
		'INSERT INTO files (space, name, content, size, etag, last_modified, stored_at) VALUES (?, ?, ?, ?, ?, 0, 0)',
	);

	afterAll(() => {
		database.close();
		rmSync(dataDir, { recursive: true });
	});

	it('orders by the bytes of UTF-8, and keeps to the sub-space', () => {
		// In UTF-16, the emoji would come before the other.
		const names = ['b', 'B', 'ä', '\uffee', '\u{1f600}', "'quoted'", '%_'];
		for (const name of names) put.run('0001/app1/out', name, 'x', 1, 'e');
		put.run('0001/app1/out2', 'z', 'x', 1, 'e');
		const keys = names.map((name) => `0001/app1/out/${name}`).sort(byBytes);
		expect(pages(filesOf(database, '0001/app1/out'), '0001/app1/out/', '', 2).flat()).toEqual(keys);
		expect(pages(filesOf(database, '0001/app1/out'), '0001/app1/out/B', '', 2).flat()).toEqual(['0001/app1/out/B']);
		expect(pages(filesOf(database, '0001/app1/out'), '0001/app1/out/nothing/', '/', 2).flat()).toEqual([]);
	});

	it('pages through 100,000 files without reading them all for each page', () => {
		database.exec('BEGIN');
		for (let i = 0; i < 100_000; i++)
			put.run('0001/app1/many', `${String(i).padStart(6, '0')}_${i % 7}.txt`, 'x', 1, 'e');
		database.exec('COMMIT');
		let read = 0;
		const source = filesOf(database, '0001/app1/many');
		const counted: Source = (...range) => {
			const files = source(...range);
			read += files.length;
			return files;
		};
		const all = pages(counted, '0001/app1/many/', '', 1000);
		expect(all.length).toBe(100);
		expect(new Set(all.flat()).size).toBe(100_000);
		// One more for each page tells whether there is another.
		expect(read).toBeLessThanOrEqual(100_000 + all.length);
	});
});
