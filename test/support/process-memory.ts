import { readFile, writeFile } from 'node:fs/promises';
import { constants, monitorEventLoopDelay, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';

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

/** What a piece of work took of this process. */
export interface Effort {
	seconds: number;
	/** Of all threads. */
	cpuSeconds: number;
	/** How far its memory grew at most, in MiB. */
	growth: number;
	/** How long this thread did not get to its next task at most, in ms. */
	holdUp: number;
	/** How often the whole heap of this thread was marked. */
	majorCollections: number;
}

/** Watches this process from now on. */
export function watchEffort(): { end(): Effort } {
	const before = process.memoryUsage.rss();
	const began = performance.now();
	const cpu = process.cpuUsage();
	const delay = monitorEventLoopDelay({ resolution: 1 });
	let majorCollections = 0;
	const collections = new PerformanceObserver((list) => {
		for (const { detail } of list.getEntries() as Array<PerformanceEntry & { detail: { kind: number } }>)
			if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) majorCollections++;
	});
	collections.observe({ entryTypes: ['gc'] });
	delay.enable();
	let peak = before;
	const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
	return {
		end() {
			clearInterval(watch);
			delay.disable();
			collections.disconnect();
			peak = Math.max(peak, process.memoryUsage.rss());
			const { user, system } = process.cpuUsage(cpu);
			return {
				growth: (peak - before) / 2 ** 20,
				seconds: (performance.now() - began) / 1000,
				cpuSeconds: (user + system) / 1e6,
				holdUp: delay.max / 1e6,
				majorCollections,
			};
		},
	};
}
