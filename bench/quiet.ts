import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** The part of all cores that others may use while nothing is measured. */
const MOST = 0.15;

const SAMPLE = 1000;

/** How long a busy machine is waited for, in ms. */
const PATIENCE = 60_000;

/** Waits until nothing else runs on this machine, and gives the part of its cores that is in use. @throws where it stays busy: what is measured then says nothing */
export async function quietMachine(): Promise<number> {
	const until = performance.now() + PATIENCE;
	for (;;) {
		const load = await loadNow();
		if (load <= MOST) return load;
		if (performance.now() > until)
			throw new Error(
				`Something else uses ${(100 * load).toFixed(0)} % of this machine's ${cpus().length} cores, so nothing was measured: ${100 * MOST} % may be in use`,
			);
	}
}

async function loadNow(): Promise<number> {
	const before = await ticks();
	await sleep(SAMPLE);
	const after = await ticks();
	return (after.busy - before.busy) / (after.all - before.all);
}

/** proc(5), stat */
async function ticks(): Promise<{ busy: number; all: number }> {
	const [line] = (await readFile('/proc/stat', 'utf8')).split('\n');
	const [user = 0, nice = 0, system = 0, idle = 0, ioWait = 0, ...rest] = line!
		.trim()
		.split(/\s+/)
		.slice(1)
		.map(Number);
	const busy = user + nice + system + rest.reduce((sum, each) => sum + each, 0);
	return { busy, all: busy + idle + ioWait };
}
