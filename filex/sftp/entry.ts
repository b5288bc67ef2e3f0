import type { FileEntryWithStats } from 'ssh2';
import { FileXError } from '../errors';
import type { RemoteFile } from '../space';
import { shorten } from '../util/shorten';

/** What ssh2 gives of an entry: a server need not send any of its attributes. */
export type Entry = Pick<FileEntryWithStats, 'filename' | 'longname'> & {
	attrs: Partial<Pick<FileEntryWithStats['attrs'], 'mode' | 'size' | 'mtime'>>;
};

/** What a listing shows, and what of it cannot be used. */
export interface Listed {
	files: RemoteFile[];
	/** Each entry that cannot be used, and why, in a line of its own. */
	unreadable: string[];
}

const TYPE = 0o170_000;
const DIRECTORY = 0o040_000;
const REGULAR = 0o100_000;

/** Whether an entry of a listing is a directory: by its mode, or, without a type in it, by its line as `ls -l` has it. */
export function isDirectory({ attrs: { mode }, longname }: Entry): boolean {
	return hasType(mode) ? (mode & TYPE) === DIRECTORY : longname.startsWith('d');
}

/** Whether an entry of a listing is a file. One of which nothing is said counts as one, rather than be lost. */
export function isFile({ attrs: { mode }, longname }: Entry): boolean {
	// Permissions need not come with a type: `0644`. A line that is no `ls -l` may be the name alone, which says nothing.
	return hasType(mode) ? (mode & TYPE) === REGULAR : !/^[dlcbps][r-][w-][xsStT-]/.test(longname);
}

function hasType(mode: number | undefined): mode is number {
	return mode !== undefined && (mode & TYPE) !== 0;
}

/** The files among the entries of a listing. One that cannot be used does not hide the others. */
export function readEntries(entries: Entry[]): Listed {
	const files = new Map<string, RemoteFile>();
	const unreadable: string[] = [];
	for (const entry of entries) {
		if (!isFile(entry)) continue;
		const { filename, attrs } = entry;
		const reason = unusable(filename) ?? withoutVersion(attrs);
		const known = files.get(filename);
		if (reason !== undefined) unreadable.push(`'${shorten(filename)}' ${reason}`);
		else if (known === undefined)
			files.set(filename, { name: filename, size: attrs.size!, lastModified: new Date(attrs.mtime! * 1000) });
		else if (known.size !== attrs.size || known.lastModified.getTime() !== attrs.mtime! * 1000)
			unreadable.push(`'${shorten(filename)}' is there twice, with another size or time`);
	}
	return { files: [...files.values()], unreadable };
}

/** Why a directory cannot be gone into by its name; undefined where it can. */
export function unusable(name: string): string | undefined {
	if (name === '') return 'has no name';
	if (name.includes('/')) return "has a '/' in its name";
	// ssh2 puts U+FFFD for bytes that are not UTF-8: what it asks for by that name is another file, or none.
	return name.includes('\uFFFD') ? 'has a name that is not UTF-8' : undefined;
}

/** Whether a server has told a size, in bytes. */
export function isSize(size: number | undefined): size is number {
	return Number.isSafeInteger(size) && size! >= 0;
}

/** Size and time, which distinguish versions of a file. */
function withoutVersion({ size, mtime }: Entry['attrs']): string | undefined {
	return isSize(size) && Number.isSafeInteger(mtime) ? undefined : 'comes without its size or time';
}

/** Entries of a sub-space that cannot be used. The file that somebody looks for may be one of them. */
export function unreadableEntries(path: string, unreadable: string[]): FileXError {
	const shown = unreadable.slice(0, 3).join('; ');
	return new FileXError(
		'unexpected-answer',
		`${unreadable.length === 1 ? 'An entry' : `${unreadable.length} entries`} of '${path}' cannot be used: ${shown}${unreadable.length > 3 ? '; …' : ''}`,
		{
			hint: 'The others are listed. Without a usable name, a size and a time, a new file cannot be told from a known one: report this to FINRA (800-321-6273), or use HTTPS REST or S3 Direct where possible.',
			retrySafe: true,
			evidence: { unreadableEntries: unreadable.length },
		},
	);
}
