import { LONGEST_LIST } from '../http/answer-bounds';
import { readJson } from '../http/body';
import { field, fields, type Fields, isFields, plainKey, walk } from '../http/fields';
import { notFileXs, refuseTooLong, type TextAnswer } from '../http/unexpected-answer';
import type { RemoteDirectory, RemoteFile } from '../space';
import { shorten } from '../util/shorten';
import { atOnce, inSlices, type Slices } from '../util/slices';
import { readServiceTime } from '../util/time';
import { listIn, type Page } from './page';

const NO_LISTING = 'a listing';

/** Keys of a list of entries. An empty list under any other key may be another service's. */
const OWN_KEYS = ['children', 'files', 'directories', 'folders', 'applications', 'subspaces', 'entries'];

/** An entry of a listing, before it is decided what is asked for. */
interface Entry {
	name: string;
	kind: 'file' | 'directory';
	/** Whether anything but the name says what it is. */
	isSure: boolean;
	metadata: (...names: string[]) => unknown;
}

/** Entries that are read before others get their turn: some 10 ms of work. */
const SLICE = 1000;

/** The directories in a page of a REST listing (guide, sections 5.4.1 and 5.4.2). */
export function readDirectories(answer: TextAnswer): Page<RemoteDirectory> {
	return atOnce(
		pageOf(answer, (entry) => (entry.kind === 'directory' ? { name: entry.name, ...writableOf(entry) } : undefined)),
	);
}

/** The files in a page of a REST listing (guide, section 5.4.3). */
export function readFiles(answer: TextAnswer): Page<RemoteFile> {
	return atOnce(filesOf(answer));
}

/** The same, without holding up the process: a page may have hundreds of thousands. */
export async function readManyFiles(answer: TextAnswer): Promise<Page<RemoteFile>> {
	return await inSlices(filesOf(answer));
}

function filesOf(answer: TextAnswer): Slices<Page<RemoteFile>> {
	return pageOf(answer, (entry) => {
		const { name, kind, isSure, metadata } = entry;
		if (!isSure) throw notFileXs(NO_LISTING, answer, `it does not say whether '${shorten(name)}' is a file`);
		if (kind === 'directory') return undefined;
		const size = sizeOf(metadata('contentlength', 'size', 'filesize', 'length'));
		const lastModified = readServiceTime(
			metadata('lastmodified', 'lastmodifieddate', 'lastmodifiedtime', 'modified'),
			'UTC',
		);
		if (size === undefined || lastModified === undefined)
			throw notFileXs(NO_LISTING, answer, `it gives no usable size and time for '${shorten(name)}'`);
		return { name, size, lastModified, ...writableOf(entry) };
	});
}

function* pageOf<T>(answer: TextAnswer, read: (entry: Entry) => T | undefined): Slices<Page<T>> {
	refuseTooLong(NO_LISTING, answer, LONGEST_LIST);
	const { list, ...page } = listIn(answer, {
		what: NO_LISTING,
		ownKeys: OWN_KEYS,
		isOther: (object) => kindOf(field(object, 'type')) === 'file',
		isEmpty: isEmptyDirectory,
	});
	if (list.length === 0 && hasLinkedChildren(answer))
		throw notFileXs(NO_LISTING, answer, 'it has links to children, but no children');
	const names = new Set<string>();
	const entries: T[] = [];
	for (const [index, each] of list.entries()) {
		if (index > 0 && index % SLICE === 0) yield;
		const entry = entryOf(each, answer);
		if (names.has(entry.name)) throw notFileXs(NO_LISTING, answer, `it has '${shorten(entry.name)}' twice`);
		names.add(entry.name);
		const wanted = read(entry);
		if (wanted !== undefined) entries.push(wanted);
	}
	return { ...page, entries, names: [...names] };
}

/** A directory may come without its `children`: by its type, or by what only fileX's directories have. */
function isEmptyDirectory(object: Fields): boolean {
	const { one, has } = fields(object);
	const type = one('type');
	if (type !== undefined) return kindOf(type) === 'directory';
	if (has('children')) return true;
	return (
		typeof one('name') === 'string' &&
		isFields(one('metadata')) &&
		one('contentlength') === undefined &&
		field(one('metadata') as Fields, 'contentlength') === undefined
	);
}

function hasLinkedChildren({ body }: TextAnswer): boolean {
	return walk(readJson(body)).some(({ key, value }) => {
		const children = plainKey(key) === 'links' ? walk(value).find((inner) => inner.key === 'children') : undefined;
		// An empty list links to nothing.
		return (
			children !== undefined &&
			children.value !== null &&
			!(Array.isArray(children.value) && children.value.length === 0)
		);
	});
}

function entryOf(value: unknown, answer: TextAnswer): Entry {
	if (!isFields(value)) throw notFileXs(NO_LISTING, answer, 'one of its entries is not an object');
	const own = fields(value);
	const name = own.one('name');
	if (typeof name !== 'string') throw notFileXs(NO_LISTING, answer, 'one of its entries has no name');
	if (name === '' || name === '.' || name === '..' || name.includes('/'))
		throw notFileXs(NO_LISTING, answer, `'${shorten(name)}' is not a valid entry name`);
	const inner = own.one('metadata', 'attributes', 'properties');
	if (inner !== undefined && !isFields(inner))
		throw notFileXs(NO_LISTING, answer, `the 'metadata' of '${shorten(name)}' is not an object`);
	const within = fields(inner ?? {});
	const metadata = (...names: string[]) => within.one(...names) ?? own.one(...names);
	const told = kindOf(own.one('type'));
	const looksLikeFile = within.has('contentlength', 'lastmodified') || own.has('contentlength', 'lastmodified');
	return {
		name,
		kind: told ?? (looksLikeFile ? 'file' : 'directory'),
		isSure: told !== undefined || looksLikeFile || inner !== undefined || own.has('children', 'links', 'writable'),
		metadata,
	};
}

/** Undefined where the type is missing, or a word that fileX's guide does not have. */
function kindOf(type: unknown): Entry['kind'] | undefined {
	const word = typeof type === 'string' ? type.trim().toUpperCase() : '';
	if (word === 'FILE') return 'file';
	return ['DIR', 'DIRECTORY', 'FOLDER'].includes(word) ? 'directory' : undefined;
}

function sizeOf(value: unknown): number | undefined {
	const size = typeof value === 'string' && /^\d{1,16}$/.test(value.trim()) ? Number(value) : value;
	return Number.isSafeInteger(size) && (size as number) >= 0 ? (size as number) : undefined;
}

function writableOf({ metadata }: Entry): { writable?: boolean } {
	const writable = metadata('writable');
	return typeof writable === 'boolean' ? { writable } : {};
}
