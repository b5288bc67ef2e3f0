import { isDirectory, isFile, readEntries, unreadableEntries } from '../../../filex/sftp/entry';
import { EntryCollector } from '../../../filex/sftp/entry-collector';

const entry = (attrs: object, longname = '', filename = 'a.pdf') => ({ filename, longname, attrs });

describe('an entry of an SFTP listing', () => {
	it.each([
		[{ mode: 0o100_644 }, '', true, false],
		[{ mode: 0o040_755 }, '', false, true],
		[{ mode: 0o120_777 }, '', false, false],
		[{}, '-rw-r--r-- 1 a a 5 Jan 1 2026 a.pdf', true, false],
		[{}, 'drwxr-xr-x 1 a a 5 Jan 1 2026 a', false, true],
		[{}, 'lrwxrwxrwx 1 a a 5 Jan 1 2026 a', false, false],
		[{}, '', true, false],
		// Permissions without a type.
		[{ mode: 0o644 }, '', true, false],
		[{ mode: 0o644 }, '-rw-r--r-- 1 a a 5 Jan 1 2026 a.pdf', true, false],
		[{ mode: 0o755 }, 'drwxr-xr-x 1 a a 5 Jan 1 2026 a', false, true],
		[{ mode: 0o777 }, 'lrwxrwxrwx 1 a a 5 Jan 1 2026 a', false, false],
		[{ mode: 0 }, '', true, false],
		// A line that is the name alone says nothing of the type.
		[{ mode: 0o644 }, 'statement.pdf', true, false],
		[{}, 'crd-report.csv', true, false],
		[{ mode: 0o100_644 }, 'drwxr-xr-x a', true, false],
	])('%j %s: file %s, directory %s', (attrs, longname, file, directory) => {
		expect([isFile(entry(attrs, longname)), isDirectory(entry(attrs, longname))]).toEqual([file, directory]);
	});

	it.each([
		['no size', entry({ mtime: 1 }), /'a.pdf' comes without its size or time/],
		['no time', entry({ size: 5 }), /without its size or time/],
		['a name that is not UTF-8', entry({ size: 5, mtime: 1 }, '', 'caf\uFFFD.pdf'), /not UTF-8/],
		['a path for a name', entry({ size: 5, mtime: 1 }, '', '../b.pdf'), /has a '\/' in its name/],
		['no name', entry({ size: 5, mtime: 1 }, '', ''), /has no name/],
	])('with %s is reported, and does not hide the others', (_what, odd, reason) => {
		const { files, unreadable } = readEntries([odd, entry({ size: 7, mtime: 2 }, '', 'b.pdf')]);
		expect(files).toEqual([{ name: 'b.pdf', size: 7, lastModified: new Date(2000) }]);
		expect(unreadable).toEqual([expect.stringMatching(reason)]);
		expect(unreadableEntries('0001/crd/reports', unreadable)).toMatchObject({
			kind: 'unexpected-answer',
			retrySafe: true,
			message: expect.stringMatching(/^An entry of '0001\/crd\/reports' cannot be used: /),
			evidence: { unreadableEntries: 1 },
		});
	});

	it('that comes twice is one, and is reported where the two differ', () => {
		const twice = (mtime: number) => readEntries([entry({ size: 7, mtime: 2 }), entry({ size: 7, mtime })]);
		expect(twice(2)).toMatchObject({ files: [{ size: 7 }], unreadable: [] });
		expect(twice(3)).toMatchObject({ files: [{ size: 7 }], unreadable: [expect.stringMatching(/there twice/)] });
	});
});

describe('an SFTP listing without an end', () => {
	const page = (from: number, length: number) =>
		Array.from({ length }, (_, index) => ({ filename: String(from + index) }));

	it('that brings the same again and again is broken off', () => {
		const collector = new EntryCollector('0001/crd/reports');
		const again = () => {
			for (let requests = 0; requests < 1000; requests++) collector.add(page(0, 10));
		};
		expect(again).toThrow(
			expect.objectContaining({
				kind: 'unexpected-answer',
				isForeign: true,
				message: expect.stringMatching(/does not end: 101 answers in a row/),
			}),
		);
	});

	it('that brings nothing again and again is broken off', () => {
		const collector = new EntryCollector('x');
		expect(() => Array.from({ length: 1000 }).forEach(() => collector.add([]))).toThrow(/does not end/);
	});

	it('that drips is broken off after a quarter of an hour', () => {
		let minutes = 0;
		const collector = new EntryCollector('x', () => 60_000 * minutes++);
		expect(() => Array.from({ length: 1000 }).forEach((_, index) => collector.add(page(index, 1)))).toThrow(
			/longer than 15 minutes/,
		);
		expect(collector.entries).toHaveLength(16);
	});

	it('that brings ever more is broken off after a million entries', () => {
		const collector = new EntryCollector('x');
		let from = 0;
		const more = () => {
			for (; from < 2_000_000; from += 1000) collector.add(page(from, 1000));
		};
		expect(more).toThrow(/more than 1000000 entries/);
		expect(from).toBe(1_000_000);
	});
});
