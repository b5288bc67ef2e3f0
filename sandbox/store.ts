import { mkdir, open, readdir, rename, rm, stat, utimes, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface StoredFile {
	name: string;
	/** Bytes. */
	size: number;
	lastModified: Date;
}

/** The spaces and their files: a folder on disk, `{org}/{application}/{subSpace}/{file}`. */
export class Store {
	private readonly files: string;
	private readonly incoming: string;

	constructor(dataDir: string) {
		this.files = join(dataDir, 'files');
		this.incoming = join(dataDir, 'incoming');
	}

	async createSpace(path: string[]): Promise<void> {
		await mkdir(this.pathOf(path), { recursive: true });
	}

	/** Names of the folders in a folder; undefined where there is no such folder. */
	async directories(path: string[]): Promise<string[] | undefined> {
		const entries = await this.entries(path);
		return entries?.filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
	}

	/** The files of a folder; undefined where there is no such folder. */
	async list(path: string[]): Promise<StoredFile[] | undefined> {
		const entries = await this.entries(path);
		if (!entries) return undefined;
		const files = entries.filter((entry) => entry.isFile());
		return await Promise.all(files.map(async ({ name }) => (await this.find([...path, name]))!));
	}

	/** A file; undefined where there is none. */
	async find(path: string[]): Promise<StoredFile | undefined> {
		if (!isSafe(path)) return undefined;
		const found = await stat(this.pathOf(path)).catch(() => undefined);
		if (!found?.isFile()) return undefined;
		return { name: path.at(-1)!, size: found.size, lastModified: found.mtime };
	}

	async isDirectory(path: string[]): Promise<boolean> {
		if (!isSafe(path)) return false;
		return (await stat(this.pathOf(path)).catch(() => undefined))?.isDirectory() ?? false;
	}

	async open(path: string[]): Promise<FileHandle> {
		return await open(this.pathOf(path), 'r');
	}

	/** Puts a file in place in one step: nobody ever sees a part of it. */
	async publish(path: string[], content: Readable, lastModified?: Date): Promise<StoredFile> {
		await mkdir(this.incoming, { recursive: true });
		const temporary = join(this.incoming, randomUUID());
		const handle = await open(temporary, 'wx');
		try {
			await pipeline(content, handle.createWriteStream());
			if (lastModified) await utimes(temporary, lastModified, lastModified);
			await rename(temporary, this.pathOf(path));
		} catch (error) {
			await rm(temporary, { force: true });
			throw error;
		}
		return (await this.find(path))!;
	}

	async remove(path: string[]): Promise<void> {
		await rm(this.pathOf(path));
	}

	private async entries(path: string[]) {
		if (!isSafe(path)) return undefined;
		return await readdir(this.pathOf(path), { withFileTypes: true }).catch(() => undefined);
	}

	private pathOf(path: string[]): string {
		if (!isSafe(path)) throw new Error('not a path inside the store');
		return join(this.files, ...path);
	}
}

function isSafe(path: string[]): boolean {
	return path.every((part) => part !== '' && part !== '.' && part !== '..' && !/[/\\\0]/.test(part));
}
