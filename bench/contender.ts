import type { NodeUnderTest } from '../test/support/engine';

export const MIB = 1024 * 1024;

/** Work in n8n's engine, in a process of its own. */
export interface EngineTask {
	/** Credential fields. */
	credential: object;
	/** The program of a real n8n, which brings n8n's own nodes. */
	n8n: string;
	/** Nodes that run one after the other on the same files; what one puts out beside them the next gets. */
	nodes: NodeUnderTest[];
	/** A file on disk for each input item, which is put into n8n's binary store before the clock starts; undefined for one item without a file. */
	files?: string[];
	/** One input item for each, where there are no files. */
	records?: object[];
}

/** A poll of a folder that was polled before, or its listing alone. */
export interface PollTask {
	/** Credential fields. */
	credential: object;
	application: string;
	subSpace: string;
	/** `trigger`: the SFTP Trigger in n8n's engine; `listing`: what it lists with, in the same process. */
	what: 'trigger' | 'listing';
}

/** Loading modules. */
export interface StartUpTask {
	/** What is loaded before the clock starts, and then by the clock. */
	before: string[];
	modules: string[];
}

export type Work =
	| { engine: EngineTask; warmUp?: EngineTask }
	| { poll: PollTask }
	| { startUp: StartUpTask }
	/** A shell command. `before` is not measured. */
	| { shell: string; before?: () => Promise<Record<string, string>> };

/** Who does the work. */
export interface Contender {
	name: string;
	/** MiB that it moves; undefined where only time counts. */
	mib?: number;
	work: Work;
}

/** Contenders for one piece of work, the first one ours. */
export interface Section {
	title: string;
	/** What it needs beyond the {@link Contender}s' files. */
	prepare?: () => Promise<void>;
	contenders: Contender[];
}

export interface Result {
	seconds: number;
	/** Peak of the process's resident memory over its level before, in MiB; for a program its whole peak. */
	memory: number;
	/** Bytes that are kept until the next poll, for each file that is listed. */
	state?: number;
}

export interface Row {
	section: string;
	name: string;
	mib?: number;
	/** Medians. */
	seconds: number;
	memory: number;
	state?: number;
	/** How many times as fast ours is, by MiB a second or by time; 1 for our own row. */
	ratio: number;
}

export function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
