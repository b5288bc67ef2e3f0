import { once } from 'node:events';
import { join } from 'node:path';
import spawn from 'cross-spawn';
import { until } from '../../../scripts/n8n/until';
import { ROOT } from '../../../scripts/run';

const { signal } = new AbortController();

const STARTS = `
	const { startChild } = require(${JSON.stringify(join(ROOT, 'scripts/n8n/child'))});
	const { pid } = startChild('sh', ['-c', 'sleep 600 & wait'], {});
	process.stdout.write(String(pid));
	setInterval(() => {}, 1000);
`;

function groupEnded(group: number): true | undefined {
	try {
		process.kill(-group, 0);
		return undefined;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
		throw error;
	}
}

describe('a server that a test or a script starts', () => {
	it.each(['SIGINT', 'SIGKILL'] as const)('ends with what started it, which %s ends', async (how) => {
		const starter = spawn('tsx', ['-e', STARTS], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
		const [said] = (await once(starter.stdout!, 'data')) as [Buffer];
		const group = Number(String(said));

		expect(groupEnded(group)).toBeUndefined();
		process.kill(-starter.pid!, how);

		try {
			await until(async () => groupEnded(group), {
				what: 'the end of the server and its child',
				signal,
				limit: 30_000,
			});
		} finally {
			if (!groupEnded(group)) process.kill(-group, 'SIGKILL');
		}
	});
});
