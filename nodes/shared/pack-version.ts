import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const NAME = 'n8n-nodes-finra-filex';

/** This pack's version, from the package.json above this file, compiled or not. */
export function packVersion(): string {
	for (let folder = __dirname; ; folder = dirname(folder)) {
		const { name, version } = read(join(folder, 'package.json'));
		if (name === NAME) return version ?? 'unknown';
		if (folder === dirname(folder)) return 'unknown';
	}
}

function read(path: string): { name?: string; version?: string } {
	try {
		return JSON.parse(readFileSync(path, 'utf8')) as { name?: string; version?: string };
	} catch {
		return {};
	}
}
