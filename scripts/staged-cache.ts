import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Written last, so that a half-finished install is never taken for a whole one. */
const MARKER = '.complete';

/** Where something is kept that takes long to install. @param override the folder that a user chose */
export function cacheFolder(name: string, override: string | undefined): string {
	const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
	return override || join(caches, 'n8n-nodes-finra-filex', name);
}

/** Whether {@link cached} would have nothing to install. */
export function isCached(folder: string): boolean {
	return existsSync(join(folder, MARKER));
}

/**
 * Installs into a folder unless it is there. Two processes that install at once each build their own
 * folder; the first to finish wins.
 */
export async function cached(folder: string, install: (staging: string) => Promise<void>): Promise<void> {
	if (isCached(folder)) return;
	const staging = `${folder}.partial-${process.pid}`;
	try {
		await mkdir(dirname(folder), { recursive: true });
		await install(staging);
		await writeFile(join(staging, MARKER), '');
		if (isCached(folder)) return;
		await rm(folder, { recursive: true, force: true });
		await rename(staging, folder);
	} finally {
		await rm(staging, { recursive: true, force: true });
	}
}
