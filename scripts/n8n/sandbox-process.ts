import type { SandboxInfo } from '../../sandbox/info';
import { ROOT } from '../run';
import { startChild, tail } from './child';
import { childEnvironment } from './environment';
import type { Teardown } from './teardown';
import { until } from './until';

const SANDBOX_LIMIT = 60_000;

/** The sandbox in a process of its own, its data in `dataDir`; `teardown` ends it. */
export async function startSandboxProcess(
	dataDir: string,
	teardown: Teardown,
	signal: AbortSignal,
): Promise<SandboxInfo> {
	// A small young generation: otherwise 64 MiB of spent buffers wait for the garbage collector.
	const args = ['--max-semi-space-size=1', 'sandbox/main.ts', '--json', '--data-dir', dataDir, '--empty'];
	const child = startChild('tsx', args, { cwd: ROOT, env: childEnvironment() });
	teardown.add(child, async () => await child.stop());
	const ready = async (): Promise<string | undefined> => {
		if (child.exitCode() !== undefined) throw new Error(`The sandbox ended at once:\n${tail(child.log())}`);
		return /^\{.*\}$/m.exec(child.log())?.[0];
	};
	const details = (): string => tail(child.log());
	return JSON.parse(await until(ready, { what: 'The sandbox', signal, limit: SANDBOX_LIMIT, details })) as SandboxInfo;
}
