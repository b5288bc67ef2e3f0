import type { AccessMethod, FileSpace, SpacePath } from '../../../filex';
import type { Content } from '../../support/content';

/** A file that arrived, as the server has it. */
export interface Arrived {
	/** Bytes. */
	size: number;
	/** Lower-case hex. */
	sha256: string;
}

/** A server and one access method to it, which the contract of a file space is held to. */
export interface Target {
	method: AccessMethod;
	/** Where files are published. */
	reports: SpacePath;
	/** Beside it; has nothing in it. */
	empty: SpacePath;
	/** Takes uploads. */
	filings: SpacePath;
	/** Is there, and not for this account. */
	foreign: SpacePath;
	/** Whether the server keeps what came of an upload that broke off, as a file of that name. */
	keepsBeginnings: boolean;
	/** A space of its own each time. */
	open(): FileSpace;
	/** Puts a file into `reports`, in place of one of that name. Gives the time that it bears, in whole seconds. */
	publish(name: string, content: Content): Promise<Date>;
	/** What has arrived in `filings` under a name, as often as it has. */
	arrived(name: string): Promise<Arrived[]>;
	/** How many uploads in parts, into `filings`, were begun and neither finished nor thrown away. */
	leftovers(): Promise<number>;
	/** Where `method` is S3 Direct: says how long tokens live that are asked for from now on, in seconds. */
	letTokensLive(seconds: number): void;
	/** How many of them were asked for. */
	tokens(): number;
	close(): Promise<void>;
}

/** How to get at a target. */
export interface TargetSource {
	name: string;
	method: AccessMethod;
	/** Why there is none, where there is none. */
	missing?: string;
	open(): Promise<Target>;
}
