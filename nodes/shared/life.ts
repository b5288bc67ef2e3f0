import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Life } from '../../filex';

/** Ends that are remembered: of each process that shares the folder, the last few. */
const ENDS = 32;

/**
 * This process, to those that come after it. That it ended of its own accord stands in a file of n8n's folder, written at the
 * very end: a process that is killed writes none, and where there is no such file, nothing ended well.
 */
export const LIFE: Life = {
	id: randomUUID(),
	startedAt: performance.timeOrigin,
	hasEndedWell: (id) => goodEnds().includes(id),
};

let isTold = false;

/** From now on, somebody may want to know how this process ended. */
export function tellEnd(): void {
	if (isTold) return;
	isTold = true;
	process.once('exit', (code) => {
		if (code === 0) noteGoodEnd(LIFE.id);
	});
}

/** Adds an end to those that are remembered. Never fails: without it, the last items fire once more. */
function noteGoodEnd(id: string): void {
	try {
		writeFileSync(path(), JSON.stringify([...goodEnds(), id].slice(-ENDS)));
	} catch {
		// No folder, or none that can be written to.
	}
}

function goodEnds(): string[] {
	try {
		const ends: unknown = JSON.parse(readFileSync(path(), 'utf8'));
		return Array.isArray(ends) ? ends.map(String) : [];
	} catch {
		return [];
	}
}

/** In the folder where n8n keeps its own settings: https://docs.n8n.io/hosting/configuration/environment-variables/deployment/ */
function path(): string {
	return join(process.env.N8N_USER_FOLDER ?? homedir(), '.n8n', 'filex-good-ends.json');
}
