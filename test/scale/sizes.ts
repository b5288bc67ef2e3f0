import { readdir } from 'node:fs/promises';
import { memory, peakMemory } from '../support/process-memory';

/** What a process holds. */
export interface Size {
	/** MiB. */
	memory: number;
	/** The most memory it has held so far, in MiB. */
	peak: number;
	/** Open files, sockets among them. */
	files: number;
}

export async function sizeOf(pid: number): Promise<Size> {
	const open = await readdir(`/proc/${pid}/fd`);
	return { memory: await memory(pid), peak: await peakMemory(pid), files: open.length };
}
