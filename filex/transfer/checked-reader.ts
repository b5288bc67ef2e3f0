import { addAbortSignal } from 'node:stream';
import { finished } from 'node:stream/promises';
import { FileXError } from '../errors';
import { type FilePath, formatFile, formatSpace, type SpacePath } from '../places/paths';
import type { FileSpace, RemoteFile } from '../space';
import { readResuming, type ResumeOptions } from './resuming';
import { type VerifiedDownload, verifyDownload } from './verify-download';

export interface CheckedFile extends Verified {
	/** The file as its sub-space lists it. */
	listed: RemoteFile;
	/** As {@link FileStream} has it. */
	md5?: string;
}

interface Verified extends VerifiedDownload {
	/** Writes the file to a path where nothing is yet, and waits until it is on the disk, in place of the stream; absent where only the stream does. */
	saveTo?(path: string): Promise<void>;
}

/** A file that is open at the server. */
export interface OpenedDownload {
	/** Bytes that the server announced. */
	size: number;
	/** As {@link FileStream} has it. */
	md5?: string;
	/** Begins to read it. To be called once. */
	verified(): Verified;
	/** Closes it. */
	drop(): void;
}

export interface CheckedReaderOptions extends ResumeOptions {
	/** Opens a file in another way than by the space; undefined where it does not. */
	open?(file: FilePath, listed: RemoteFile): Promise<OpenedDownload | undefined>;
}

/**
 * Reads files that must be what the listing says: same size, whole, hashed on the way. Every
 * sub-space is listed once, however many files are read from it.
 */
export class CheckedReader {
	private readonly listings = new Map<string, Promise<Map<string, RemoteFile>>>();

	constructor(
		private readonly space: FileSpace,
		private readonly options: CheckedReaderOptions = {},
	) {}

	async read(file: FilePath): Promise<CheckedFile> {
		for (let isSecond = false; ; isSecond = true) {
			// It may have been published or replaced since the sub-space was listed.
			const listed = await this.lookUp(file, isSecond);
			const opened = (listed && (await this.options.open?.(file, listed))) ?? (await this.open(file));
			if (listed?.size === opened.size) return { listed, md5: opened.md5, ...opened.verified() };
			// Closed before the next look: a server may let only one thing be open.
			opened.drop();
			if (isSecond) throw disagreement(file, listed, opened.size);
		}
	}

	private async open(file: FilePath): Promise<OpenedDownload> {
		const { stream, size, md5, progress } = await readResuming(this.space, file, this.options);
		return {
			size,
			md5,
			verified: () => verifyDownload(stream, size, formatFile(file), { progress }),
			drop: () => void stream.destroy(),
		};
	}

	/** The lower-case hex SHA-256 of a file, which is read to its end for it. */
	async sha256(file: FilePath, signal: AbortSignal): Promise<string> {
		const { stream, sha256 } = await this.read(file);
		await finished(addAbortSignal(signal, stream).resume());
		return sha256();
	}

	/** The file as its sub-space lists it; undefined where it does not. */
	async listed(file: FilePath): Promise<RemoteFile | undefined> {
		return await this.lookUp(file, false);
	}

	private async lookUp({ name, ...space }: FilePath, anew: boolean): Promise<RemoteFile | undefined> {
		const key = formatSpace(space);
		if (anew) this.listings.delete(key);
		const listing = this.listings.get(key) ?? this.list(space);
		this.listings.set(key, listing);
		try {
			return (await listing).get(name);
		} catch (error) {
			// The next file may have better luck.
			this.listings.delete(key);
			throw error;
		}
	}

	private async list(space: SpacePath): Promise<Map<string, RemoteFile>> {
		// An entry that cannot be used does not keep the others from being read.
		const files = await this.space.list(space, { onUnreadable: () => {} });
		return new Map(files.map((file) => [file.name, file]));
	}
}

function disagreement(file: FilePath, listed: RemoteFile | undefined, size: number): FileXError {
	const path = formatFile(file);
	return new FileXError(
		'incomplete',
		listed
			? `'${path}' is ${listed.size} bytes by the listing, but the server would send ${size}`
			: `'${path}' is not in its sub-space's listing any more`,
		{
			hint: "The file is being replaced or removed, or a proxy answers in fileX's place. Nothing was stored. Running it again is safe.",
			retrySafe: true,
		},
	);
}
