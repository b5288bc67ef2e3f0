import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { childEnvironment } from '../../scripts/n8n/environment';
import { ROOT } from '../../scripts/run';
import { output } from './program';

const LIMIT = 240_000;

/** Runs commands as a user with this home folder. @param registry what npm asks, if not this machine's */
export async function inHome(home: string, commands: string, registry?: string): Promise<void> {
	const env = { HOME: home, npm_config_cache: join(home, 'npm-cache') };
	await output('sh', ['-ec', commands], {
		cwd: home,
		env: childEnvironment({ ...env, ...(registry && { npm_config_registry: registry }) }) as Record<string, string>,
		limit: LIMIT,
	});
}

/** Installs a tarball by README's block, word for word. */
export async function installByHand(home: string, tarball: string, registry?: string): Promise<void> {
	const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
	const [, block] = /## Install\n[^]*?```sh\n[^]*?^npm pack.*\n([^]*?)```/m.exec(readme)!;
	await inHome(home, block!.replace('/path/to', join(tarball, '..')), registry);
}
