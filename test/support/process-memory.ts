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

/** Watches this process from now on: how far its memory grows, in MiB, and for how long. */
export function watchMemory(): { end(): { growth: number; seconds: number } } {
	const before = process.memoryUsage.rss();
	const began = performance.now();
	let peak = before;
	const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
	return {
		end() {
			clearInterval(watch);
			peak = Math.max(peak, process.memoryUsage.rss());
			return { growth: (peak - before) / 2 ** 20, seconds: (performance.now() - began) / 1000 };
		},
	};
}
