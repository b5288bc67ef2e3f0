import type { SpawnOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import spawn from 'cross-spawn';

export const ROOT = join(__dirname, '..');

/** Runs a command to its end; gives its exit code. */
export async function run(command: string, args: string[], options: SpawnOptions = {}): Promise<number> {
	return await new Promise((resolve, reject) => {
		const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
		child.once('error', reject);
		child.once('exit', (code) => resolve(code ?? 1));
	});
}

/** Runs a command to its end; throws if it did not succeed. */
export async function must(command: string, args: string[], options: SpawnOptions = {}): Promise<void> {
	const code = await run(command, args, options);
	if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
}

/** @param program a name on the path, or the path of a file */
export function isInstalled(program: string): boolean {
	if (program.startsWith('/')) return existsSync(program);
	return spawn.sync('sh', ['-c', `PATH="$PATH:/usr/sbin" command -v ${program}`]).status === 0;
}
