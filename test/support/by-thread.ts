import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type AccessMethod, type Account, Bulk, BULK, type FileContent, type FileSpace } from '../../filex';
import type { NearPorts } from '../../filex/bulk/near-ports';
import { Content } from './content';

/** `FILEX_BY_THREAD=1`: every file goes by the transfer thread, however small, and is held to the same. */
export const BY_THREAD = Boolean(process.env.FILEX_BY_THREAD);

export function letThreadTakeAll(): void {
	BULK.from = { rest: 0, s3: 0, sftp: 0 };
}

/** The same space, whose downloads the thread begins, and whose uploads it makes where their content can lie on disk. */
export function byThread(account: Account, method: AccessMethod, space: FileSpace, ports: NearPorts): FileSpace {
	const bulk = new Bulk({
		account,
		method,
		space,
		ports,
		onMissing: (reason) => {
			throw new Error(`no thread: ${reason}`);
		},
	});
	const read: FileSpace['read'] = async (file, resume) => {
		if (resume) return await space.read(file, resume);
		const opened = await bulk.download(file, { name: file.name, size: 0, lastModified: new Date() });
		let looks = 0;
		// The thread watches the line itself.
		return { stream: copied(opened!.verified().stream), size: opened!.size, progress: () => looks++ };
	};
	const requestUpload: FileSpace['requestUpload'] = async (file) => {
		const request = await space.requestUpload(file);
		const send: typeof request.send = async (content, signal) => {
			if (!isWhole(content)) return await request.send(content, signal);
			return await onDisk(content, async (path) => {
				const { size, mtimeMs, ino } = await stat(path);
				const local = { path, size, mtimeMs, ino, field: 'file' };
				return (await bulk.upload(file, local, signal, request.presigned))!;
			});
		};
		return { ...request, send };
	};
	return new Proxy(space, {
		get: (target, name) => {
			if (name === 'read') return read;
			if (name === 'requestUpload') return requestUpload;
			const value: unknown = Reflect.get(target, name);
			return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
		},
	});
}

/** Not one whose bytes come slowly, or are fewer or more than it says. */
function isWhole(content: FileContent & { of?: unknown }): content is FileContent & { of: Content } {
	return content.of instanceof Content && content.of.size === content.size;
}

/** For whoever keeps chunks: the thread writes over each once the next is asked for. */
function copied(stream: Readable): Readable {
	const copy = new Transform({ transform: (chunk: Buffer, _, done) => done(null, Buffer.from(chunk)) });
	pipeline(stream, copy).catch(() => {});
	return copy;
}

async function onDisk<T>({ of }: { of: Content }, work: (path: string) => Promise<T>): Promise<T> {
	const folder = await mkdtemp(join(tmpdir(), 'filex-thread-'));
	try {
		const path = join(folder, randomUUID());
		await pipeline(of.stream(), createWriteStream(path));
		return await work(path);
	} finally {
		await rm(folder, { recursive: true });
	}
}
