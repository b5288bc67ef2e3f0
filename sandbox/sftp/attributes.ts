import type { Attributes } from 'ssh2';

/** What an SFTP listing says of one entry. */
export interface Entry {
	filename: string;
	longname: string;
	attrs: Attributes;
}

export function directoryAttributes(): Attributes {
	return { mode: 0o040_755, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 };
}

export function fileAttributes(size: number, lastModified: Date): Attributes {
	const mtime = Math.floor(lastModified.getTime() / 1000);
	return { mode: 0o100_644, uid: 0, gid: 0, size, atime: mtime, mtime };
}

/** An entry with the line that `ls -l` shows. */
export function entry(filename: string, attrs: Attributes): Entry {
	const kind = (attrs.mode & 0o040_000) !== 0 ? 'drwxr-xr-x' : '-rw-r--r--';
	const [, day, month, year] = new Date(attrs.mtime * 1000).toUTCString().split(/[ ,]+/);
	return {
		filename,
		attrs,
		longname: `${kind} 1 filex filex ${String(attrs.size).padStart(12)} ${month} ${day}  ${year} ${filename}`,
	};
}
