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
	| { engine: EngineTask; warmUp?: EngineTask; env?: Record<string, string> }
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
	/** What ours is to reach beside the others. */
	goals?: Goal[];
	/** What it needs beyond the {@link Contender}s' files. */
	prepare?: () => Promise<void>;
	contenders: Contender[];
}

/** What ours is to reach. */
export interface Goal {
	text: string;
	/** @param ours our row @param peers the others' */
	value(ours: Row, peers: Row[]): number;
	most: number;
	/** Whether it is reached, or not, without a peer. */
	isAlone?: boolean;
}

export interface Result {
	seconds: number;
	/** Of all of its threads, or of all processes of a program. */
	cpuSeconds: number;
	/** Of a node: how long n8n's main thread did not get to its next task at most, in ms, and how often its whole heap was marked. */
	holdUp?: number;
	majorCollections?: number;
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
	cpuSeconds: number;
	memory: number;
	/** Largest of all runs. */
	holdUp?: number;
	majorCollections?: number;
	/** The machine's load (1 min) before the section, without the section's own. */
	load: number;
	state?: number;
	/** How many times as fast ours is, by MiB a second or by time; 1 for our own row. */
	ratio: number;
	/** Of our own row. */
	goals?: Array<{ text: string; value: number; most: number }>;
}

/** Our time is at most so many times that of the fastest of the others, or of those that are named. */
export function atMostTimes(most: number, ...names: string[]): Goal {
	const among = names.length > 0 ? names.join(' or ') : 'the fastest other';
	return {
		text: `wall at most ${most} times that of ${among}`,
		most,
		value: ({ seconds, mib = 1 }, peers) => {
			const chosen = peers.filter(({ name }) => names.length === 0 || names.includes(name));
			return seconds / mib / Math.min(...chosen.map((peer) => peer.seconds / (peer.mib ?? 1)));
		},
	};
}

/** Our processor time is at most so many times that of another. */
export function atMostTimesCpu(most: number, name: string): Goal {
	return {
		text: `CPU at most ${most} times that of ${name}`,
		most,
		value: ({ cpuSeconds }, peers) => cpuSeconds / (peers.find((peer) => peer.name === name)?.cpuSeconds ?? NaN),
	};
}

export function atMostSeconds(most: number): Goal {
	return { text: `at most ${most} s`, most, isAlone: true, value: ({ seconds }) => seconds };
}

/** What n8n itself must not notice. */
export const UNNOTICED: Goal[] = [
	{
		text: "longest hold-up of n8n's main thread at most 50 ms",
		most: 50,
		isAlone: true,
		value: ({ holdUp = NaN }) => holdUp,
	},
	{
		text: "at most 5 major collections of n8n's heap",
		most: 5,
		isAlone: true,
		value: ({ majorCollections = NaN }) => majorCollections,
	},
	{ text: 'memory grows by less than 64 MiB', most: 64, isAlone: true, value: ({ memory }) => memory },
];

export function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
