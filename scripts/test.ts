import { must, run } from './run';
import { provide } from './system';

/**
 * `npm test`: lint, types, and the unit, contract, interop and n8n tests. With room names as
 * arguments (`npm test -- unit`, `npm run test:editor`), only those rooms.
 */
async function main(): Promise<number> {
	const rooms = process.argv.slice(2);
	if (rooms.length === 0) {
		await provide('sshd', 'sftp', 'lftp', 'curl', '/usr/bin/aws', '/usr/lib/python3/dist-packages/requests/__init__.py');
		await must('eslint', ['.', '--max-warnings', '0']);
		await must('tsc', ['-p', 'tsconfig.check.json']);
	} else if (rooms.includes('editor')) {
		await provide('chromium');
	}
	const selected = rooms.length === 0 ? ['unit', 'contract', 'interop', 'n8n'] : rooms;
	// A test that fails may leave a server behind: that must not keep the run from ending.
	return await run('jest', ['--selectProjects', ...selected, '--forceExit', '--maxWorkers', '2']);
}

main().then(
	(code) => process.exit(code),
	(error: Error) => {
		process.stderr.write(`${error.message}\n`);
		process.exit(1);
	},
);
