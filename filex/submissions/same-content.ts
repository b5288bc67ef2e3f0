import { addAbortSignal } from 'node:stream';
import { FileXError, isPassing } from '../errors';
import { formatFile, parseFilePath } from '../places/paths';
import type { FileContent, FileSpace } from '../space';
import { verifyDownload } from '../transfer/verify-download';
import { MACHINE_CLOCK } from '../util/clock';
import { md5Hash } from '../util/md5';
import type { Filing } from './sighting';

/** How often a copy is read at most where its reading breaks off. */
const ATTEMPTS = 3;

/** The pause before it is read again, in ms; it grows by as much each time. */
const PAUSE = 500;

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

	/**
	 * Whether a filing holds the same bytes; undefined where its copy cannot be read (any more), and where another
	 * than the storage hands something out in its place.
	 */
	async isSameAs(filing: Filing, space: Pick<FileSpace, 'read'>): Promise<boolean | undefined> {
		const { archivePath } = filing;
		if (archivePath === null) return undefined;
		for (let attempt = 1; ; attempt++) {
			try {
				return await this.compare(archivePath, space);
			} catch (error) {
				if (!(error instanceof FileXError)) throw error;
				const { kind } = error;
				if (kind === 'entitlement' || kind === 'not-found') return undefined;
				if (kind !== 'incomplete' && !isPassing(error)) throw error;
				if (attempt === ATTEMPTS) return undefined;
				await MACHINE_CLOCK.sleep(PAUSE * attempt, this.signal);
			}
		}
	}

	/** Undefined where what was handed out is not the copy: another size than filings of this file have, or bytes that its own MD5 contradicts. */
	private async compare(archivePath: string, space: Pick<FileSpace, 'read'>): Promise<boolean | undefined> {
		const file = parseFilePath(archivePath);
		const copy = await space.read(file);
		const { stream, sha256 } = verifyDownload(copy.stream, copy.size, formatFile(file));
		try {
			if (copy.size !== this.content.size) return undefined;
			const { md5, sha256: own } = await this.digest();
			if (md5 !== undefined && copy.md5 === md5) return true;
			const received = copy.md5 === undefined ? undefined : md5Hash();
			for await (const chunk of stream) received?.update(chunk as Buffer);
			if (sha256() === own) return true;
			return received !== undefined && received.digest('hex') !== copy.md5 ? undefined : false;
		} finally {
			stream.destroy();
		}
	}

	private async digest(): Promise<Digests> {
		return await (this.digests ??= this.readDigests());
	}

	private async readDigests(): Promise<Digests> {
		const { stream, sha256 } = verifyDownload(await this.content.open(), this.content.size, this.name);
		if (this.signal) addAbortSignal(this.signal, stream);
		const md5 = md5Hash();
		for await (const chunk of stream) md5?.update(chunk as Buffer);
		return { sha256: sha256(), md5: md5?.digest('hex') };
	}
}

interface Digests {
	sha256: string;
	/** Undefined where this machine may not use it. */
	md5?: string;
}
