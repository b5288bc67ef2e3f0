import { hash } from 'node:crypto';

/** One version of one file: where it is, how large, and when it was changed. */
export interface FileVersion {
	/** `{orgId}/{application}/{subSpace}/{name}` */
	path: string;
	/** Bytes. */
	size: number;
	/** Only whole seconds count: SFTP knows no finer time. */
	lastModified: Date;
}

/** Characters of a fingerprint: 72 bits, so that 100,000 files meet by chance once in 10^11 new ones. */
export const FINGERPRINT_LENGTH = 12;

/** A short, stable mark of a file's version. */
export function fingerprintOf(version: FileVersion): string {
	return fingerprint(identity(version));
}

/** An id for the landing of this version: the same in every poll, process and execution. */
export function eventIdOf(version: FileVersion): string {
	return eventId('landed', identity(version));
}

/** A short, stable mark of what a text names. */
export function fingerprint(text: string): string {
	return hash('sha256', text, 'base64url').slice(0, FINGERPRINT_LENGTH);
}

/** An id for what happened to what a text names: 32 hex digits. */
export function eventId(event: string, text: string): string {
	return hash('sha256', `${event}\n${text}`, 'hex').slice(0, 32);
}

function identity({ path, size, lastModified }: FileVersion): string {
	return `${path}\n${size}\n${Math.floor(lastModified.getTime() / 1000)}`;
}
