import type { SessionKeys } from '../../scripts/peers/session';
import type { Content } from '../support/content';

export type { SessionKeys };

/** An S3 server under test, with one bucket and sessions that may do as much as those of fileX. */
export interface S3Target {
	/** Whose answers to expect where Ceph RGW is known to differ from AWS. */
	like: 'aws' | 'rgw';
	endpoint: string;
	/** The `Host` by which the bucket is addressed in virtual-host style; it need not resolve. */
	virtualHost: string;
	region: string;
	bucket: string;
	/** Ends in a slash, has nothing under it yet, and is no one else's. */
	readPrefix: string;
	/** As `readPrefix`. */
	writePrefix: string;
	/** An object that exists and that no session here may see. */
	foreignKey: string;
	/** Keys that may get and list under `readPrefix` and put under `writePrefix`, and nothing else. */
	session(): Promise<SessionKeys>;
	/** Keys that were once such a session's. */
	expiredSession(): Promise<SessionKeys>;
	/** Puts an object at `readPrefix` + `name`, by an administrator's way. */
	place(name: string, content: Content): Promise<void>;
	/** Where an object that was put at `writePrefix` + `name` can be read, and by whom. */
	landed(name: string): Promise<{ key: string; keys: SessionKeys }>;
	close(): Promise<void>;
}

/** How to get at a target. */
export interface TargetSource {
	name: string;
	/** Why there is none, where there is none. */
	missing?: string;
	open(): Promise<S3Target>;
}
