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

/** Who does the work. */
export interface Contender {
	name: string;
	/** MiB that it moves. */
	mib: number;
	/** What it does: a task in n8n's engine, or a shell command. `before` is not measured. */
	work: { engine: EngineTask; warmUp?: EngineTask } | { shell: string; before?: () => Promise<Record<string, string>> };
}

/** Contenders for one piece of work, the first one ours. */
export interface Section {
	title: string;
	contenders: Contender[];
}

export interface Result {
	seconds: number;
	/** Peak of the process's resident memory over its level before, in MiB; for a program its whole peak. */
	memory: number;
}

export interface Row {
	section: string;
	name: string;
	mib: number;
	/** Medians. */
	seconds: number;
	memory: number;
	/** Ours to theirs, by MiB a second; 1 for our own row. */
	ratio: number;
}

export function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
