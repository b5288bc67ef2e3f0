import { must, run } from './run';
import { provide, type Program } from './system';

/** What `npm test` runs. */
const DEFAULT_ROOMS = ['unit', 'model', 'contract', 'interop', 'n8n'];

const CLIENTS: Program[] = ['sftp', 'curl', '/usr/bin/aws'];

/** What each room's tests need of the system. */
const NEEDS: Record<string, Program[]> = {
	interop: ['sshd', 'lftp', 'tinyproxy', '/usr/lib/python3/dist-packages/requests/__init__.py', ...CLIENTS],
	load: CLIENTS,
	editor: ['chromium'],
};

/**
 * `npm test`: lint, types, and the unit, model, contract, interop and n8n tests. With room names as
 * arguments (`npm test -- unit`, `npm run test:editor`), only those rooms.
 */
async function main(): Promise<number> {
	const asked = process.argv.slice(2);
	const rooms = asked.length > 0 ? asked : DEFAULT_ROOMS;
	await provide(...new Set(rooms.flatMap((room) => NEEDS[room] ?? [])));
	if (asked.length === 0) {
		await must('npm', ['run', '--silent', 'lint']);
		await must('npm', ['run', '--silent', 'types']);
	}
	// What measures a whole machine wants it for itself.
	const workers = ['load', 'once', 'big'].some((room) => rooms.includes(room)) ? '1' : '2';
	// A test that fails may leave a server behind: that must not keep the run from ending.
	return await run('jest', ['--selectProjects', ...rooms, '--forceExit', '--maxWorkers', workers]);
}

main().then(
	(code) => process.exit(code),
	(error: Error) => {
		process.stderr.write(`${error.message}\n`);
		process.exit(1);
	},
);
