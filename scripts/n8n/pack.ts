import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from '../build';
import { must, ROOT } from '../run';
import { childEnvironment } from './environment';

interface PackageJson {
	name: string;
	version: string;
}

/** How often npm is asked for the dependencies, and with what pause in ms. */
const ATTEMPTS = 3;
const PAUSE = 30_000;

/** What n8n deletes from the package.json of a community package. */
const DELETED = ['devDependencies', 'peerDependencies', 'optionalDependencies'];

/** Builds the pack and packs it into a folder; gives the tarball's path. */
export async function packTarball(folder: string, signal: AbortSignal): Promise<string> {
	await build();
	await quietly('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], ROOT, signal);
	const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
	if (!tarball) throw new Error(`npm pack left no tarball in ${folder}`);
	return join(folder, tarball);
}

/**
 * Installs a tarball into an n8n user folder as n8n 2.41 installs a community package (its
 * community-packages.service): unpacked, without its dev, peer and optional dependencies, install
 * scripts off. n8n loads what it finds there.
 */
export async function installPack(userFolder: string, tarball: string, signal: AbortSignal): Promise<void> {
	const nodes = join(userFolder, '.n8n', 'nodes');
	const { name } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as PackageJson;
	const folder = join(nodes, 'node_modules', name);
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await quietly('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1'], nodes, signal);

	const path = join(folder, 'package.json');
	const packed = JSON.parse(await readFile(path, 'utf8')) as PackageJson;
	const kept = Object.entries(packed).filter(([key]) => !DELETED.includes(key));
	await writeFile(path, JSON.stringify(Object.fromEntries(kept), null, 2));
	const options = [
		'--audit=false',
		'--fund=false',
		'--bin-links=false',
		'--install-strategy=shallow',
		'--ignore-scripts=true',
		'--package-lock=false',
	];
	await installDependencies(['install', ...options], folder, signal);
	const ledger = { name: 'installed-nodes', private: true, dependencies: { [name]: packed.version } };
	await writeFile(join(nodes, 'package.json'), JSON.stringify(ledger, null, 2));
}

/** A registry that is in the midst of taking a dependency's new version lacks parts of it, and has them soon after. */
async function installDependencies(args: string[], folder: string, signal: AbortSignal): Promise<void> {
	for (let attempt = 1; ; attempt++) {
		try {
			return await quietly('npm', args, folder, signal);
		} catch (error) {
			if (attempt === ATTEMPTS || signal.aborted) throw error;
			await sleep(PAUSE, undefined, { signal });
		}
	}
}

async function quietly(command: string, args: string[], cwd: string, signal: AbortSignal): Promise<void> {
	const loglevel = command === 'npm' ? ['--loglevel=error'] : [];
	await must(command, [...args, ...loglevel], {
		cwd,
		stdio: ['ignore', 'ignore', 'inherit'],
		env: childEnvironment(),
		signal,
	});
}
