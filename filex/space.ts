import type { Readable } from 'node:stream';
import type { FilePath, SpacePath } from './names';

export type AccessMethod = 'rest' | 'sftp';

/** An application or a sub-space, as a listing shows it. */
export interface RemoteDirectory {
	name: string;
	/** Whether files may be uploaded into it; undefined where the access method does not tell. */
	writable?: boolean;
}

/** A file, as a listing shows it. */
export interface RemoteFile {
	name: string;
	/** Bytes. */
	size: number;
	/** To the millisecond over REST, to the second over SFTP. */
	lastModified: Date;
	/** Whether the file may be changed; undefined where the access method does not tell. */
	writable?: boolean;
}

/** A file's bytes on their way. */
export interface FileStream {
	/** Ends only after `size` bytes; is destroyed with a FileXError when fewer or more came. */
	stream: Readable;
	/** Bytes that the server announced for the whole file. */
	size: number;
}

/**
 * What every access method does, and all that a node knows of it. Failures are FileXErrors.
 * Listings are whole or fail: a part of a listing is never given out as one.
 */
export interface FileSpace {
	/** The applications of an organization. */
	applications(orgId: string): Promise<RemoteDirectory[]>;
	/** The sub-spaces of an application. */
	subSpaces(orgId: string, application: string): Promise<RemoteDirectory[]>;
	/** The files of a sub-space, in no particular order. */
	list(space: SpacePath): Promise<RemoteFile[]>;
	/** A file's bytes, streamed. */
	read(file: FilePath): Promise<FileStream>;
	/** Always called, also after a failure; may be called twice. Never fails. */
	close(): Promise<void>;
}
