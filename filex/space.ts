import type { Readable } from 'node:stream';
import type { FileXError } from './errors';
import type { FilePath, SpacePath } from './places/paths';

export type AccessMethod = 'rest' | 's3' | 'sftp';

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
	/** To the millisecond over REST, to the second over SFTP and S3 Direct. */
	lastModified: Date;
	/** Whether the file may be changed; undefined where the access method does not tell. */
	writable?: boolean;
}

export interface ListOptions {
	/**
	 * Takes what cannot be used of a listing, e.g. an entry without a size: what else there is, is then listed. Without it
	 * such a listing fails, because the file that is looked for may be the one that cannot be used.
	 */
	onUnreadable?: (error: FileXError) => void;
}

/** A file's bytes on their way. */
export interface FileStream {
	/** Ends only after `size` bytes; is destroyed with a FileXError when fewer or more came. */
	stream: Readable;
	/** Bytes that the server announced for the whole file. */
	size: number;
	/** The MD5 of the whole file as S3 gives it, lower-case hex; undefined where its entity tag is none. */
	md5?: string;
	/** What tells that a later part is of the same file; undefined where nothing does. */
	version?: string;
	/**
	 * Changes while anything comes over the line that the file travels on, also out of order or for other files; absent where
	 * only the stream's own bytes say so.
	 */
	progress?: () => number;
}

/** Where to take up a download that broke. */
export interface Resume {
	/** Bytes that are there already. */
	from: number;
	/** As {@link FileStream} gave it. A file that is another one by now is not read. */
	version: string;
}

/** A file that is to be uploaded. */
export interface FileContent {
	/** Bytes. */
	size: number;
	/** What its SHA-256 must be, as lower-case hex: of other bytes nothing is submitted. */
	sha256?: string;
	/** Its bytes from the first on; each call gives a stream of its own. */
	open(): Promise<Readable>;
}

/** What the storage said of a file that it stored. */
export interface StoredAs {
	/** Without quotes. */
	tag?: string;
	requestId?: string;
}

/**
 * What became of sending a file:
 *
 * - `accepted`: the storage behind fileX has it whole.
 * - `rejected`: it was not submitted, for certain. `mayRepeat`: on a new request it may go better.
 * - `unknown`: bytes have left, and no one said what became of them.
 */
export type UploadOutcome =
	| { outcome: 'accepted'; /** Lower-case hex. */ sha256: string; stored?: StoredAs }
	| { outcome: 'rejected'; mayRepeat: boolean; error: FileXError }
	| {
			outcome: 'unknown';
			error: FileXError;
			/** Of what was sent, where all of it was handed on; lower-case hex. */ sha256?: string;
	  };

/** What an upload that was asked for over REST is sent with. It opens the place: it must not be shown. */
export interface Presigned {
	url: string;
	/** Names in lower case. */
	headers?: Record<string, string>;
}

/** Leave to upload one file once. Nothing of the file has been sent yet. */
export interface UploadRequest {
	/** Whether fileX's tracking shows it to all senders, as over REST. */
	isRegistered: boolean;
	/** What tracking calls it; undefined where it is not registered, or fileX did not say. */
	trackingId?: string;
	/** Whether tracking only shows that the file is going to be sent, and never that it has arrived. */
	isIntent?: boolean;
	/** Whether a file is submitted once the whole of it is to be seen in the upload sub-space; over SFTP it lies there before. */
	isWholeWhenSeen: boolean;
	/** How long `send` may wait before it begins, in ms; undefined where it does not matter. */
	lifetime?: number;
	/** What `send` sends it with; undefined where that is not over REST. */
	presigned?: Presigned;
	/**
	 * Sends the file, once, to its end or until `signal` aborts. Never fails: it says what became of it.
	 * Of a file that stands still, or of content that is not `size` bytes long, nothing is submitted.
	 */
	send(content: FileContent, signal: AbortSignal): Promise<UploadOutcome>;
}

/** What sets one access method apart from the others: whoever uses a space asks this, never the method's name. */
export interface SpaceCapabilities {
	/** Bytes that one upload may have at most; undefined where there is no limit. */
	readonly uploadLimit?: number;
	/** Whether fileX's tracking shows an upload to all senders before it is sent. */
	readonly registersUploads: boolean;
	/** Uploads that may run at a time on one space. */
	readonly parallelUploads: number;
	/** How many of these places an upload of `size` bytes takes; one where absent. */
	uploadPlaces?(size: number): number;
	/** Lists what lies in an upload sub-space, which S3 Direct itself does not show. */
	readonly uploadListing: Pick<FileSpace, 'list'>;
	/** fileX's own XML of a listing; absent where the access method has none. @param path `{orgId}`, with an application, with a sub-space */
	rawXml?(path: string): Promise<string>;
}

/**
 * What every access method does, and all that a node knows of it. Failures are FileXErrors.
 * Listings are whole or fail: a part of a listing is only given out to a caller that takes the report ({@link ListOptions}).
 */
export interface FileSpace extends SpaceCapabilities {
	/** The applications of an organization. */
	applications(orgId: string): Promise<RemoteDirectory[]>;
	/** The sub-spaces of an application. */
	subSpaces(orgId: string, application: string): Promise<RemoteDirectory[]>;
	/** The files of a sub-space, in no particular order. */
	list(space: SpacePath, options?: ListOptions): Promise<RemoteFile[]>;
	/** A file's bytes, streamed. */
	read(file: FilePath, resume?: Resume): Promise<FileStream>;
	/** Asks for leave to upload a file. Over REST, this registers it in fileX's tracking as `Request Received`. */
	requestUpload(file: FilePath): Promise<UploadRequest>;
	/**
	 * Gives its connection back once what is under way has ended, and begins nothing until the way back is called; absent
	 * where there is no connection that another could not have as well.
	 */
	release?(): Promise<() => void>;
	/** Always called, also after a failure; may be called twice. Never fails. */
	close(): Promise<void>;
}
