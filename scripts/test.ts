import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { must, run } from './run';
import { NEEDS, provide } from './system';

const BUSY = '--busy';

/** What `npm test` runs. */
const DEFAULT_ROOMS = ['unit', 'model', 'contract', 'interop', 'n8n'];

/**
 * `npm test`: lint, types, and the unit, model, contract, interop and n8n tests. With room names as
 * arguments (`npm test -- unit`, `npm run test:editor`), only those rooms. With `--busy`, beside a busy
 * loop on every core, as on a laptop that has other work. Other options are jest's, e.g. `--testPathPatterns=queue`.
 */
async function main(): Promise<number> {
	const given = process.argv.slice(2).filter((argument) => argument !== BUSY);
	const asked = given.filter((argument) => !argument.startsWith('--'));
	const options = given.filter((argument) => argument.startsWith('--'));
	if (process.argv.includes(BUSY)) for (let core = 0; core < availableParallelism(); core++) spin();
	const rooms = asked.length > 0 ? asked : DEFAULT_ROOMS;
	await provide(...new Set(rooms.flatMap((room) => NEEDS[room] ?? [])));
	if (asked.length === 0) {
		await must('npm', ['run', '--silent', 'lint']);
		await must('npm', ['run', '--silent', 'types']);
	}
	// What measures a whole machine needs it for itself.
	const workers = ['load', 'once', 'big', 'scale', 'install', 'versions'].some((room) => rooms.includes(room))
		? '1'
		: '2';
	return await run('jest', ['--selectProjects', ...rooms, '--maxWorkers', workers, ...options]);
}

/** Keeps a core busy until this process ends. */
function spin(): void {
	new Worker('for (;;);', { eval: true }).unref();
}

main().then(
	(code) => process.exit(code),
	(error: Error) => {
		process.stderr.write(`${error.message}\n`);
		process.exit(1);
	},
);
