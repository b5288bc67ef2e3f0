import type { DatabaseSync } from 'node:sqlite';

/** One file of a listing. */
export interface ListedFile {
	/** The whole key. */
	key: string;
	size: number;
	/** Without quotes. */
	etag: string;
	lastModified: Date;
}

/** Where a listing continues: after a key, or at it. */
export interface Cursor {
	key: string;
	inclusive: boolean;
}

export interface ListingRequest {
	prefix: string;
	/** Empty for none. */
	delimiter: string;
	/** The start where absent. */
	from: Cursor | undefined;
	/** Files and common prefixes together. */
	limit: number;
}

export interface Listing {
	files: ListedFile[];
	commonPrefixes: string[];
	/** Where the next page begins; undefined at the end. */
	next: Cursor | undefined;
	/** The last file or common prefix of the page. */
	last: string | undefined;
}

/** Gives files from a cursor on, in the order of their keys' UTF-8 bytes, below `before`; at most `limit`. */
export type Source = (from: Cursor, before: string | undefined, limit: number) => ListedFile[];

/**
 * One page of a listing. With a delimiter, all keys that share a common prefix count as one, and are
 * stepped over at once.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export function listPage(source: Source, { prefix, delimiter, from, limit }: ListingRequest): Listing {
	const files: ListedFile[] = [];
	const commonPrefixes: string[] = [];
	const before = successor(prefix);
	let cursor: Cursor = from && compareKeys(from.key, prefix) >= 0 ? from : { key: prefix, inclusive: true };
	let last: string | undefined;
	let size = delimiter === '' ? limit + 1 : SMALL_BATCH;
	while (limit > 0) {
		const batch = source(cursor, before, size);
		if (batch.length === 0) break;
		// Keys that share a common prefix are not worth reading ahead.
		size = Math.min(size * 2, limit + 1);
		for (const file of batch) {
			if (files.length + commonPrefixes.length === limit) return { files, commonPrefixes, next: cursor, last };
			const group = commonPrefixOf(file.key, prefix, delimiter);
			last = group ?? file.key;
			if (group === undefined) {
				files.push(file);
				cursor = { key: last, inclusive: false };
				continue;
			}
			commonPrefixes.push(group);
			const after = successor(group);
			if (after === undefined) return { files, commonPrefixes, next: undefined, last };
			cursor = { key: after, inclusive: true };
			size = SMALL_BATCH;
			break;
		}
	}
	return { files, commonPrefixes, next: undefined, last };
}

/** Files that are read at once where many may share a common prefix. */
const SMALL_BATCH = 2;

/** What a key is listed under in place of itself; undefined where it is listed itself. */
export function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
	const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
	return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

/** The first text after all that begin with a prefix, in the order of UTF-8 bytes; undefined where there is none. */
export function successor(prefix: string): string | undefined {
	const points = Array.from(prefix, (each) => each.codePointAt(0)!);
	while (points.length > 0) {
		const point = points.pop()!;
		if (point === 0x10ffff) continue;
		// The order of UTF-8 is that of code points; surrogates are none.
		return String.fromCodePoint(...points, point === 0xd7ff ? 0xe000 : point + 1);
	}
	return undefined;
}

function compareKeys(a: string, b: string): number {
	return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/**
 * The files of one sub-space. A client may only list within a sub-space, so no query reaches further.
 *
 * @param space `{org}/{application}/{subSpace}`
 */
export function filesOf(database: DatabaseSync, space: string): Source {
	const start = `${space}/`;
	// What is before or after the sub-space's keys bounds them all or none.
	const nameOf = (key: string) => (key.startsWith(start) ? key.slice(start.length) : undefined);
	return (from, before, limit) => {
		const first = nameOf(from.key);
		if (first === undefined && compareKeys(from.key, start) > 0) return [];
		const end = before === undefined ? undefined : nameOf(before);
		const rows = database
			.prepare(
				`SELECT name, size, etag, last_modified FROM files
					WHERE space = ? AND name ${from.inclusive ? '>=' : '>'} ? ${end === undefined ? '' : 'AND name < ?'} ORDER BY name LIMIT ?`,
			)
			.all(space, first ?? '', ...(end === undefined ? [] : [end]), limit);
		return (rows as Array<{ name: string; size: number; etag: string; last_modified: number }>).map(
			({ name, size, etag, last_modified }) => ({
				key: start + name,
				size,
				etag,
				lastModified: new Date(last_modified),
			}),
		);
	};
}
