import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { output } from './inside';
import { debianMirror } from './mirror';

/** The Debian release whose Ceph is 18 (Reef): Debian 12 has an older one, without all that is tested. */
const SUITE = 'trixie';
const PACKAGES = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-common'];

/** Written last, so that a half-finished install is never taken for a whole one. */
const MARKER = '.complete';

/** Where {@link cachedCeph} keeps a small Debian that has Ceph. */
export function cacheFolder(): string {
	const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
	return process.env.FILEX_CEPH_CACHE || join(caches, 'n8n-nodes-finra-filex', `ceph-${SUITE}`);
}

/** Whether {@link cachedCeph} would have to install. */
export function isCached(): boolean {
	return existsSync(join(cacheFolder(), MARKER));
}

/**
 * A folder to chroot into, in which Ceph's programs are. Ceph's packages drag in some hundred others
 * and want a newer Debian than most machines run, so they are not installed on the machine itself.
 */
export async function cachedCeph(signal: AbortSignal): Promise<string> {
	const folder = cacheFolder();
	if (isCached()) return folder;
	const staging = `${folder}.partial-${process.pid}`;
	try {
		await install(staging, signal);
		if (!isCached()) {
			await rm(folder, { recursive: true, force: true });
			await rename(staging, folder);
		}
	} finally {
		await rm(staging, { recursive: true, force: true });
	}
	return folder;
}

async function install(folder: string, signal: AbortSignal): Promise<void> {
	await mkdir(dirname(folder), { recursive: true });
	await output('debootstrap', ['--variant=minbase', SUITE, folder, debianMirror()], signal);
	const install = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...PACKAGES];
	await output('chroot', [folder, ...install], signal);
	await output('chroot', [folder, 'apt-get', 'clean'], signal);
	await writeFile(join(folder, MARKER), `${SUITE}\n`);
}
