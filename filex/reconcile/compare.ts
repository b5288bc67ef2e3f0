import { parseArchivedName } from '../places/archive';
import type { RemoteFile } from '../space';
import { shorten } from '../util/shorten';
import { counted } from './sentences';

/** A file as the firm has it. */
export interface HereFile {
	name: string;
	/** Bytes; undefined where it is not known. */
	size?: number;
	/** Lower-case hex; undefined where it is not known yet. */
	sha256?: string;
}

/** A name, and what there is of it. */
export interface Pair<Here extends HereFile = HereFile> {
	name: string;
	/** Undefined where the firm has none. */
	here?: Here;
	/** The newest of that name; undefined where fileX has none. */
	atFileX?: RemoteFile;
	/** How many there are at fileX: in an archive, each upload of a name is one. */
	copies: number;
}

/** Lower-case hex; null where it was not taken. */
export interface Hashes {
	sha256AtFileX: string | null;
	sha256Here: string | null;
}

export type ComparedStatus = 'same' | 'different' | 'only at fileX' | 'only here';

export type ComparedPart = 'size' | 'sha256';

export interface Comparison {
	status: ComparedStatus;
	isException: boolean;
	/** What was compared beside the name. */
	compared: ComparedPart[];
	/** What of it differs. */
	differences: ComparedPart[];
	message: string;
}

/**
 * Puts together what bears one name: first in the firm's order, then what only fileX has, by name. In an archive a file
 * goes by the name that it was uploaded under, unless the firm's own is that of the copy.
 */
export function pairUp<Here extends HereFile>(
	here: readonly Here[],
	atFileX: readonly RemoteFile[],
	isArchive: boolean,
): Array<Pair<Here>> {
	const byName = new Map(atFileX.map((file) => [file.name, [file]]));
	const byOriginal = isArchive ? grouped(atFileX, originalName) : new Map<string, RemoteFile[]>();
	const taken = new Set<RemoteFile>();
	const pairs = here.map((file): Pair<Here> => {
		const files = byName.get(file.name) ?? byOriginal.get(file.name) ?? [];
		for (const each of files) taken.add(each);
		return { name: file.name, here: file, atFileX: newest(files), copies: files.length };
	});
	const left = atFileX.filter((file) => !taken.has(file));
	const others = [...grouped(left, isArchive ? originalName : ({ name }) => name)].map(([name, files]): Pair<Here> => ({
		name,
		atFileX: newest(files),
		copies: files.length,
	}));
	return [...pairs, ...others.sort((a, b) => (a.name < b.name ? -1 : 1))];
}

/** Whether only their content can still tell two files apart. */
export function isAsLarge({ here, atFileX }: Pair): boolean {
	return here !== undefined && atFileX !== undefined && (here.size ?? atFileX.size) === atFileX.size;
}

/** @param place the sub-space, to be named in the message */
export function judgePair(
	{ name, here, atFileX }: Pair,
	{ sha256AtFileX, sha256Here }: Hashes,
	place: string,
): Comparison {
	const shown = `'${shorten(name)}'`;
	const nothing = { compared: [], differences: [] };
	if (!here)
		return {
			status: 'only at fileX',
			isException: true,
			...nothing,
			message: `${shown} lies in '${place}' and is not here`,
		};
	if (!atFileX)
		return {
			status: 'only here',
			isException: true,
			...nothing,
			message: `${shown} is here and does not lie in '${place}'`,
		};
	const parts: Array<[ComparedPart, unknown, unknown]> = [
		['size', atFileX.size, here.size ?? null],
		['sha256', sha256AtFileX, sha256Here],
	];
	const known = parts.filter(([, there, own]) => there !== null && own !== null);
	const compared = known.map(([part]) => part);
	const differences = known.filter(([, there, own]) => there !== own).map(([part]) => part);
	const isSame = differences.length === 0;
	return {
		status: isSame ? 'same' : 'different',
		isException: !isSame,
		compared,
		differences,
		message: isSame ? sameMessage(shown, compared) : differentMessage(shown, differences, atFileX, here),
	};
}

function sameMessage(shown: string, compared: ComparedPart[]): string {
	if (compared.includes('sha256')) return `${shown} has the same content at fileX and here`;
	return compared.includes('size')
		? `${shown} has the same size at fileX and here; the content was not compared`
		: `${shown} is at fileX and here; neither size nor content was compared`;
}

function differentMessage(shown: string, differences: ComparedPart[], atFileX: RemoteFile, here: HereFile): string {
	return differences.includes('size')
		? `${shown} has ${counted(atFileX.size, 'byte')} at fileX and ${here.size} here`
		: `${shown} has other content at fileX than here`;
}

function originalName({ name }: RemoteFile): string {
	return parseArchivedName(name)?.originalName ?? name;
}

function newest(files: readonly RemoteFile[]): RemoteFile | undefined {
	return [...files].sort((a, b) => timeOf(b) - timeOf(a) || (a.name > b.name ? -1 : 1))[0];
}

function timeOf({ lastModified }: RemoteFile): number {
	return lastModified.getTime();
}

function grouped(files: readonly RemoteFile[], keyOf: (file: RemoteFile) => string): Map<string, RemoteFile[]> {
	const groups = new Map<string, RemoteFile[]>();
	for (const file of files) {
		const key = keyOf(file);
		const group = groups.get(key);
		if (group) group.push(file);
		else groups.set(key, [file]);
	}
	return groups;
}
