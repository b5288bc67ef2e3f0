import type { FileEntryWithStats } from 'ssh2';
import { FileXError } from '../errors';
import type { RemoteFile } from '../space';

/** What ssh2 gives of an entry: a server need not send any of its attributes. */
type Entry = Pick<FileEntryWithStats, 'filename' | 'longname'> & { attrs: Partial<Pick<FileEntryWithStats['attrs'], 'mode' | 'size' | 'mtime'>> };

const TYPE = 0o170_000;
const DIRECTORY = 0o040_000;
const REGULAR = 0o100_000;

/** Whether an entry of a listing is a directory: by its mode, or, without one, by its line as `ls -l` has it. */
export function isDirectory({ attrs: { mode }, longname }: Entry): boolean {
	return mode === undefined ? longname.startsWith('d') : (mode & TYPE) === DIRECTORY;
}

/** Whether an entry of a listing is a file. One of which nothing is said counts as one, rather than be lost. */
export function isFile(entry: Entry): boolean {
	const { mode } = entry.attrs;
	return mode === undefined ? !/^[dlcbps]/.test(entry.longname) : (mode & TYPE) === REGULAR;
}

/** @throws FileXError where size or time are missing, by which versions of a file are told apart. @param path what was listed */
export function remoteFile({ filename, attrs: { size, mtime } }: Entry, path: string): RemoteFile {
	if (Number.isSafeInteger(size) && Number.isSafeInteger(mtime)) return { name: filename, size: size!, lastModified: new Date(mtime! * 1000) };
	throw new FileXError('unexpected-answer', `The SFTP server does not say how large '${filename}' in '${path}' is, or when it was changed`, {
		hint: 'Without both, nothing tells new files from known ones. Use HTTPS REST or S3 Direct where a node lets you choose, and report this to FINRA (800-321-6273).',
		retrySafe: true,
	});
}
