import { open, type FileHandle } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import type { Readable } from 'node:stream';
import type { Clock } from '../clock';
import type { Content, ContentFolder } from './content';

export interface StoredFile {
	name: string;
	/** Bytes. */
	size: number;
	lastModified: Date;
	/** As S3 has it, without its quotes: the MD5, or `{md5 of md5s}-{parts}`. */
	etag: string;
	contentType: string | undefined;
	/** Where its bytes are in the content folder. */
	content: string;
}

export interface FileFacts {
	lastModified?: Date;
	/** From when on retention counts; now where absent. */
	storedAt?: Date;
	etag?: string;
	contentType?: string;
}

interface FileRow {
	name: string;
	content: string;
	size: number;
	etag: string;
	content_type: string | null;
	last_modified: number;
}

/** The spaces and their files. Paths are `[org, application, subSpace, file]`, or the start of one. */
export class Store {
	constructor(
		private readonly database: DatabaseSync,
		private readonly contents: ContentFolder,
		private readonly clock: Clock,
	) {}

	createSpace(path: string[]): void {
		this.database.prepare('INSERT OR IGNORE INTO spaces (space) VALUES (?)').run(path.join('/'));
	}

	/** Names of the folders in a folder; undefined where there is no such folder. */
	directories(path: string[]): string[] | undefined {
		if (!this.isDirectory(path)) return undefined;
		const start = path.map((part) => `${part}/`).join('');
		const rows = this.database
			.prepare('SELECT space FROM spaces WHERE substr(space, 1, ?) = ?')
			.all(start.length, start) as Array<{ space: string }>;
		return [...new Set(rows.map(({ space }) => space.slice(start.length).split('/')[0]!))].sort();
	}

	isDirectory(path: string[]): boolean {
		if (path.length === 0) return true;
		if (path.length > 3 || path.some((part) => part === '')) return false;
		const space = path.join('/');
		return (
			this.database
				.prepare('SELECT 1 FROM spaces WHERE space = ? OR substr(space, 1, ?) = ? LIMIT 1')
				.get(space, space.length + 1, `${space}/`) !== undefined
		);
	}

	/** The files of a sub-space, by name; undefined where there is no such sub-space. */
	list(path: string[]): StoredFile[] | undefined {
		if (path.length !== 3 || !this.isDirectory(path)) return path.length < 3 && this.isDirectory(path) ? [] : undefined;
		const rows = this.database.prepare('SELECT * FROM files WHERE space = ? ORDER BY name').all(path.join('/'));
		return (rows as unknown as FileRow[]).map(fileOf);
	}

	/** How many files a sub-space has. */
	count(path: string[]): number {
		return Number(
			this.database.prepare('SELECT count(*) AS count FROM files WHERE space = ?').get(path.join('/'))!.count,
		);
	}

	/** A file; undefined where there is none. */
	find(path: string[]): StoredFile | undefined {
		if (path.length !== 4) return undefined;
		const row = this.database
			.prepare('SELECT * FROM files WHERE space = ? AND name = ?')
			.get(path.slice(0, 3).join('/'), path[3]!) as unknown as FileRow | undefined;
		return row && fileOf(row);
	}

	/** Opens a file for reading: it stays readable even if it is replaced or removed meanwhile. */
	async open({ content }: StoredFile): Promise<FileHandle> {
		return await open(this.contents.pathOf(content), 'r');
	}

	/** Takes a stream into a file: no one ever sees a part of it. */
	async publish(path: string[], source: Readable, lastModified?: Date): Promise<StoredFile> {
		return await this.put(path, await this.contents.receive(source), { lastModified });
	}

	/** Gives content that was received its name, in place of what had it. */
	async put(path: string[], content: Content, facts: FileFacts = {}): Promise<StoredFile> {
		const replaced = this.record(path, content, facts);
		await this.release(replaced);
		return this.find(path)!;
	}

	/** The record's part of {@link put}; gives the content that it replaces, to be released. */
	record(
		path: string[],
		{ id, size, md5 }: Omit<Content, 'sha256'>,
		{ lastModified, storedAt, etag, contentType }: FileFacts = {},
	): string | undefined {
		const replaced = this.find(path)?.content;
		const now = this.clock.now().getTime();
		this.database
			.prepare(
				'INSERT OR REPLACE INTO files (space, name, content, size, etag, content_type, last_modified, stored_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
			)
			.run(
				path.slice(0, 3).join('/'),
				path[3]!,
				id,
				size,
				etag ?? md5,
				contentType ?? null,
				lastModified?.getTime() ?? now,
				storedAt?.getTime() ?? now,
			);
		return replaced;
	}

	/** Gives false where there is no such file. */
	async remove(path: string[]): Promise<boolean> {
		const removed = this.forget(path);
		await this.release(removed);
		return removed !== undefined;
	}

	/** The record's part of {@link remove}; gives the content, to be released. */
	forget(path: string[]): string | undefined {
		const row = this.database
			.prepare('DELETE FROM files WHERE space = ? AND name = ? RETURNING content')
			.get(path.slice(0, 3).join('/'), path[3] ?? '');
		return row?.content as string | undefined;
	}

	/** Removes what was stored before a time, in all sub-spaces. */
	async removeOlder(than: Date): Promise<void> {
		for (;;) {
			const rows = this.database
				.prepare(
					'DELETE FROM files WHERE rowid IN (SELECT rowid FROM files WHERE stored_at < ? LIMIT ?) RETURNING content',
				)
				.all(than.getTime(), BATCH) as Array<{ content: string }>;
			if (rows.length === 0) return;
			await this.release(...rows.map(({ content }) => content));
		}
	}

	/** Removes content from the disk, unless a record still names it. */
	async release(...contents: Array<string | undefined>): Promise<void> {
		const named = this.database.prepare(`SELECT 1 FROM (${NAMED}) WHERE content = ?`);
		await this.contents.remove(
			...contents.filter((each): each is string => each !== undefined && named.get(each) === undefined),
		);
	}

	/** Removes from the disk what no record names: what was on its way in when the process was killed. */
	sweep(): void {
		const rows = this.database.prepare(NAMED).all() as Array<{ content: string }>;
		this.contents.removeAllBut(new Set(rows.map(({ content }) => content)));
	}
}

/** Files that are removed at once. */
const BATCH = 500;

/** Every content that a record names. */
const NAMED = `SELECT content FROM files UNION ALL SELECT content FROM parts
	UNION ALL SELECT content FROM arrivals WHERE content IS NOT NULL`;

function fileOf({ name, content, size, etag, content_type, last_modified }: FileRow): StoredFile {
	return { name, content, size, etag, contentType: content_type ?? undefined, lastModified: new Date(last_modified) };
}
