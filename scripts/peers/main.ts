import { printedProgress } from '../n8n/progress';
import { Teardown } from '../n8n/teardown';
import { isInstalled, run } from '../run';
import { provide } from '../system';
import { isCached } from '../staged-cache';
import { CEPH_FOLDER } from './cache';
import { startRgw } from './rgw';

/** `npm run test:peers`: one set of S3 tests, against Ceph RGW and against the sandbox, and `filex/` against RGW and OpenSSH's sshd. Arguments go to jest. */
async function main(): Promise<number> {
	const stop = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.on(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
	}
	const teardown = new Teardown();
	try {
		const env = { ...process.env, ...(await rgwVariable(teardown, stop.signal)) };
		const args = ['--selectProjects', 'peers', '--maxWorkers', '1', ...process.argv.slice(2)];
		return await run('jest', args, { env, signal: stop.signal });
	} finally {
		await teardown.run();
	}
}

/** What tells the tests of a running RGW; nothing where none can run here: the tests then skip or fail by name. */
async function rgwVariable(teardown: Teardown, signal: AbortSignal): Promise<NodeJS.ProcessEnv> {
	await provide('debootstrap', 'sshd');
	if (process.getuid?.() !== 0 || !isInstalled('debootstrap')) return {};
	const progress = printedProgress(process);
	const what = isCached(CEPH_FOLDER)
		? `Start Ceph RGW from ${CEPH_FOLDER}`
		: `Install Ceph RGW into ${CEPH_FOLDER} (once: some 2 minutes, 700 MB), and start it`;
	const rgw = await progress.during(what, async () => await startRgw(teardown, signal));
	return { FILEX_RGW: JSON.stringify(rgw) };
}

main().then(
	(code) => process.exit(code),
	(error: Error) => {
		process.stderr.write(`${error.message}\n`);
		process.exit(1);
	},
);
