import type { MessagePort } from 'node:worker_threads';
import type { Account } from '../account/account';
import type { FilePath } from '../places/paths';
import type { AccessMethod, Presigned, UploadOutcome } from '../space';
import type { LocalFile } from '../transfer/local-file';
import type { PackedError } from './wire';

/** What the transfer thread is asked for, and what it gives. */
export interface Jobs {
	open: { session: number; account: Account; method: AccessMethod; inFlight?: number; patience: number };
	/** Opens a file to be downloaded. Gives its size, in bytes, and its MD5 as S3 gives it. */
	openDownload: { session: number; download: number; file: FilePath };
	/** Downloads it to a file that must not be there yet, or into slots. Gives its SHA-256, as lower-case hex. */
	runDownload: { download: number; to: { path: string } | { memory: SharedArrayBuffer; port: MessagePort } };
	dropDownload: { download: number };
	/** Submits a file of this machine. */
	upload: { session: number; file: FilePath; content: LocalFile; presigned?: Presigned };
	close: { session: number };
}

export interface Answers {
	open: void;
	openDownload: { size: number; md5?: string };
	runDownload: { sha256: string };
	dropDownload: void;
	upload: PackedOutcome;
	close: void;
}

type Failed = Exclude<UploadOutcome, { outcome: 'accepted' }>;

/** An outcome as it goes from one thread to another. */
export type PackedOutcome =
	| Extract<UploadOutcome, { outcome: 'accepted' }>
	| { [Each in Failed as Each['outcome']]: Omit<Each, 'error'> & { error: PackedError } }[Failed['outcome']];
