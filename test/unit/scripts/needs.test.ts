import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../scripts/run';
import { NEEDS } from '../../../scripts/system';
import * as needs from '../../support/needs';

const ROOMS = [...new Set(globSync('test/*/**/*.ts', { cwd: ROOT }).map((path) => path.split('/')[1]!))].filter(
	(room) => !['unit', 'support'].includes(room),
);

/** The programs without which tests of a room are skipped, by the names that its files import. */
function neededIn(room: string): string[] {
	const files = globSync(`test/${room}/**/*.ts`, { cwd: ROOT });
	const imported = files.flatMap((path) =>
		[...readFileSync(join(ROOT, path), 'utf8').matchAll(/import \{([^}]+)\} from '[./]+support\/needs'/g)].flatMap(
			([, names]) => names!.split(',').map((name) => name.trim().split(' as ')[0]!),
		),
	);
	return [...new Set(imported)].flatMap((name) => {
		const need: unknown = (needs as Record<string, unknown>)[name];
		return typeof need === 'object' ? [(need as needs.Need).program] : [];
	});
}

describe('what the tests need of the system', () => {
	it.each(ROOMS)('is installed for the %s tests before they run', (room) => {
		expect(NEEDS[room] ?? []).toEqual(expect.arrayContaining(neededIn(room)));
	});

	it('is read off the tests', () => {
		expect(neededIn('interop')).toEqual(expect.arrayContaining(['sshd', '/usr/bin/aws']));
	});
});
