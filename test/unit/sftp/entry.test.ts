import { isDirectory, isFile, remoteFile } from '../../../filex/sftp/entry';

const entry = (attrs: object, longname = '') => ({ filename: 'a.pdf', longname, attrs });

describe('an entry of an SFTP listing', () => {
	it.each([
		[{ mode: 0o100_644 }, '', true, false],
		[{ mode: 0o040_755 }, '', false, true],
		[{ mode: 0o120_777 }, '', false, false],
		[{}, '-rw-r--r-- 1 a a 5 Jan 1 2026 a.pdf', true, false],
		[{}, 'drwxr-xr-x 1 a a 5 Jan 1 2026 a', false, true],
		[{}, 'lrwxrwxrwx 1 a a 5 Jan 1 2026 a', false, false],
		[{}, '', true, false],
	])('%j %s: file %s, directory %s', (attrs, longname, file, directory) => {
		expect([isFile(entry(attrs, longname)), isDirectory(entry(attrs, longname))]).toEqual([file, directory]);
	});

	it('has a size and a time, or is refused', () => {
		expect(remoteFile(entry({ size: 5, mtime: 1 }), 'x')).toEqual({ name: 'a.pdf', size: 5, lastModified: new Date(1000) });
		for (const attrs of [{ size: 5 }, { mtime: 1 }, {}]) {
			expect(() => remoteFile(entry(attrs), '0001/crd/reports')).toThrow(/does not say how large 'a.pdf' in '0001\/crd\/reports' is/);
		}
	});
});
