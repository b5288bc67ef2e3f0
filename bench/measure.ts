import { join } from 'node:path';
import spawn from 'cross-spawn';
import { ROOT } from '../scripts/run';
import { peakMemory } from '../test/support/process-memory';
import type { Contender, Result } from './contender';

/** Lets a contender do its work once, in a process of its own. */
export async function measure({ name, work }: Contender): Promise<Result> {
	if ('engine' in work) return await inNode(name, 'worker.ts', [work.engine, work.warmUp], work.env);
	if ('poll' in work) return await inNode(name, 'poll-worker.ts', work.poll);
	if ('startUp' in work) return await inNode(name, 'start-up-worker.ts', work.startUp);
	return await inShell(name, work.shell, (await work.before?.()) ?? {});
}

async function inNode(name: string, script: string, task: unknown, env: Record<string, string> = {}): Promise<Result> {
	const child = spawn('node', ['--expose-gc', '--import', 'tsx', join(ROOT, 'bench', script), JSON.stringify(task)], {
		cwd: ROOT,
		env: { ...process.env, ...env },
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let out = '';
	child.stdout!.on('data', (chunk) => (out += String(chunk)));
	const code = await new Promise((resolve) => child.once('exit', resolve));
	if (code !== 0) throw new Error(`${name} ended with ${String(code)}`);
	return JSON.parse(out.trim().split('\n').at(-1)!) as Result;
}

/** A program of the system; its memory is that of the largest of its processes. */
async function inShell(name: string, command: string, env: Record<string, string>): Promise<Result> {
	const started = performance.now();
	// `times` gives the processor time of the shell, and of all that it waited for.
	const child = spawn('bash', ['-euo', 'pipefail', '-c', `{ ${command}\n} >/dev/null; times`], {
		env: { ...process.env, ...env, LC_ALL: 'C' },
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let times = '';
	child.stdout!.on('data', (chunk) => (times += String(chunk)));
	let memory = 0;
	const watch = setInterval(() => {
		for (const pid of family(child.pid!)) {
			// It may have ended by now.
			void peakMemory(pid).then(
				(peak) => (memory = Math.max(memory, peak)),
				() => {},
			);
		}
	}, 50);
	const code = await new Promise((resolve) => child.once('exit', resolve));
	clearInterval(watch);
	if (code !== 0) throw new Error(`${name} ended with ${String(code)}: ${command}`);
	return { seconds: (performance.now() - started) / 1000, cpuSeconds: cpuSecondsIn(times), memory };
}

/** A process and those that it started. */
function family(pid: number): number[] {
	const listing = spawn.sync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' }).stdout;
	const parents = listing
		.trim()
		.split('\n')
		.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
	const found = [pid];
	for (let at = 0; at < found.length; at++)
		found.push(...parents.filter(([, parent]) => parent === found[at]).map(([child]) => child));
	return found;
}

/** The sum of what bash's `times` prints: `0m0.002s 0m0.001s`, for itself and for its children. */
function cpuSecondsIn(times: string): number {
	return [...times.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
		(sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
		0,
	);
}
