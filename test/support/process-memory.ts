import { readFile, writeFile } from 'node:fs/promises';

/** The most memory that a process has held since the last {@link resetPeak}, in MiB. */
export async function peakMemory(pid: number): Promise<number> {
	return await statusValue(pid, 'VmHWM');
}

/** What it holds now, in MiB. */
export async function memory(pid: number): Promise<number> {
	return await statusValue(pid, 'VmRSS');
}

/** Forgets the peak so far (proc(5), clear_refs). */
export async function resetPeak(pid: number): Promise<void> {
	await writeFile(`/proc/${pid}/clear_refs`, '5');
}

async function statusValue(pid: number, name: string): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)![1]) / 1024;
}
