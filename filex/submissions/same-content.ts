import { createHash, getFips } from 'node:crypto';
import { addAbortSignal, type Readable } from 'node:stream';
import { FileXError } from '../errors';
import { formatFile, parseFilePath } from '../names';
import type { FileContent, FileSpace } from '../space';
import { verified } from '../verified';
import type { Filing } from './sighting';

/** Compares a file that is to be uploaded with archived copies, as seldom and as cheaply as may be. */
export class ContentComparison {
	private digests?: Promise<Digests>;

	/** @param name of the file, to be named in errors */
	constructor(
		private readonly content: FileContent,
		private readonly name: string,
		private readonly signal?: AbortSignal,
	) {}

	/** The lower-case hex SHA-256 of the file. */
	async sha256(): Promise<string> {
		return (await this.digest()).sha256;
	}

	/** Whether a filing holds the same bytes; undefined where its copy cannot be read (any more). */
	async isSameAs(filing: Filing, space: Pick<FileSpace, 'read'>): Promise<boolean | undefined> {
		if (filing.archivePath === null) return undefined;
		const file = parseFilePath(filing.archivePath);
		const copy = await space.read(file).catch((error: unknown) => {
			if (error instanceof FileXError && ['entitlement', 'not-found'].includes(error.kind)) return undefined;
			throw error;
		});
		if (!copy) return undefined;
		const { stream, sha256 } = verified(copy.stream, copy.size, formatFile(file));
		try {
			if (copy.size !== this.content.size) return false;
			const { md5, sha256: own } = await this.digest();
			// Equal is certain. Unequal says nothing: an ETag need not be the MD5.
			if (md5 !== undefined && copy.etag === md5) return true;
			await consume(stream);
			return sha256() === own;
		} finally {
			stream.destroy();
		}
	}

	private async digest(): Promise<Digests> {
		return await (this.digests ??= this.readDigests());
	}

	private async readDigests(): Promise<Digests> {
		const { stream, sha256 } = verified(await this.content.open(), this.content.size, this.name);
		if (this.signal) addAbortSignal(this.signal, stream);
		const md5 = getFips() ? undefined : createHash('md5');
		for await (const chunk of stream) md5?.update(chunk as Buffer);
		return { sha256: sha256(), md5: md5?.digest('hex') };
	}
}

interface Digests {
	sha256: string;
	/** Undefined where this machine may not use it. */
	md5?: string;
}

async function consume(stream: Readable): Promise<void> {
	for await (const _chunk of stream) void _chunk;
}
