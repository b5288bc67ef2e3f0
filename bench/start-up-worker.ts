import { createRequire } from 'node:module';
import { MIB, type Result, type StartUpTask } from './contender';

/** One {@link StartUpTask} in a process of its own. Prints a {@link Result}. */
const { before, modules } = JSON.parse(process.argv[2]!) as StartUpTask;
const load = createRequire(__filename);
for (const path of before) load(path);
const level = process.memoryUsage.rss();
const started = performance.now();
const cpu = process.cpuUsage();
for (const path of modules) load(path);
const { user, system } = process.cpuUsage(cpu);
const result: Result = {
	seconds: (performance.now() - started) / 1000,
	cpuSeconds: (user + system) / 1e6,
	memory: (process.memoryUsage.rss() - level) / MIB,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0);
