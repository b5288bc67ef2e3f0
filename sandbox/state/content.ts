import { createHash, randomUUID, type Hash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** Bytes on disk that no record names yet. */
export interface Content {
	/** The name of the file that holds it. */
	id: string;
	/** Bytes. */
	size: number;
	/** Hex. */
	md5: string;
	/** Hex. */
	sha256: string;
}

/** The folder with the bytes of all files, each under an id of its own. */
export class ContentFolder {
	private readonly folder: string;

	constructor(dataDir: string) {
		this.folder = join(dataDir, 'content');
		mkdirSync(this.folder, { recursive: true });
	}

	pathOf(id: string): string {
		return join(this.folder, id);
	}

	async start(): Promise<Draft> {
		const id = randomUUID();
		return new Draft(id, await open(this.pathOf(id), 'wx+'), this.pathOf(id));
	}

	/** Takes a stream to its end; a stream that breaks leaves nothing behind. */
	async receive(source: Readable | AsyncIterable<Buffer>): Promise<Content> {
		const draft = await this.start();
		try {
			let at = 0;
			for await (const chunk of source) {
				const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
				await draft.write(bytes, at);
				at += bytes.length;
			}
			return await draft.finish();
		} catch (error) {
			await draft.discard();
			throw error;
		}
	}

	/** Puts several pieces of content one behind the other; they stay as they are. */
	async concatenate(ids: string[]): Promise<Content> {
		return await this.receive(chunksOf(ids.map((id) => this.pathOf(id))));
	}

	async remove(...ids: string[]): Promise<void> {
		await Promise.all(ids.map(async (id) => await rm(this.pathOf(id), { force: true })));
	}

	removeAllBut(known: Set<string>): void {
		for (const id of readdirSync(this.folder)) if (!known.has(id)) rmSync(this.pathOf(id), { force: true });
	}
}

async function* chunksOf(paths: string[]): AsyncGenerator<Buffer> {
	for (const path of paths) yield* createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
}

/** Content on its way in. Bytes may come in any order. */
export class Draft {
	private readonly md5 = createHash('md5');
	private readonly sha256 = createHash('sha256');
	/** Bytes from the start that went through the hashes; undefined once bytes came out of order. */
	private hashed: number | undefined = 0;
	private size = 0;

	constructor(
		readonly id: string,
		private readonly handle: FileHandle,
		private readonly path: string,
	) {}

	async write(bytes: Buffer, at: number): Promise<void> {
		if (this.hashed === at) {
			for (const hash of [this.md5, this.sha256]) hash.update(bytes);
			this.hashed += bytes.length;
		} else {
			this.hashed = undefined;
		}
		this.size = Math.max(this.size, at + bytes.length);
		for (let done = 0; done < bytes.length;) {
			done += (await this.handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
		}
	}

	async finish(): Promise<Content> {
		try {
			const hashes = this.hashed === undefined ? await this.hashAgain() : [this.md5, this.sha256];
			const [md5, sha256] = hashes.map((hash) => hash.digest('hex'));
			return { id: this.id, size: this.size, md5: md5!, sha256: sha256! };
		} finally {
			await this.handle.close();
		}
	}

	/** Ends a draft that was not finished: its bytes are gone. Works at any time. */
	async discard(): Promise<void> {
		await this.handle.close().catch(() => {});
		await rm(this.path, { force: true });
	}

	private async hashAgain(): Promise<Hash[]> {
		const hashes = [createHash('md5'), createHash('sha256')];
		for await (const chunk of createReadStream(this.path, { highWaterMark: 1 << 20 })) {
			for (const hash of hashes) hash.update(chunk as Buffer);
		}
		return hashes;
	}
}
