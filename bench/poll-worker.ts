import { readAccount, SftpSpace, type RemoteFile } from '../filex';
import { Engine } from '../test/support/engine';
import { watchEffort } from '../test/support/process-memory';
import type { PollTask, Result } from './contender';

const byName = (value: string) => ({ __rl: true, mode: 'name', value });

/** One {@link PollTask} in a process of its own. The first poll, or listing, is not measured. Prints a {@link Result}. */
async function main(): Promise<void> {
	const task = JSON.parse(process.argv[2]!) as PollTask;
	const look = task.what === 'trigger' ? await triggerOf(task) : listingOf(task);
	await look();
	globalThis.gc?.();
	const effort = watchEffort();
	const state = await look();
	const { growth, ...rest } = effort.end();
	const result: Result = { ...rest, memory: growth, state };
	process.stdout.write(`${JSON.stringify(result)}\n`);
	process.exit(0);
}

/** The trigger, active. Each call polls once, and gives the bytes of its state for each file. */
async function triggerOf(task: PollTask): Promise<() => Promise<number>> {
	const engine = await Engine.start(task.credential);
	const { application, subSpace } = task;
	const trigger = engine.activate({
		watch: 'subSpace',
		application: byName(application),
		subSpace: byName(subSpace),
		coldStart: 'fromNow',
	} as never);
	const files = (await filesOf(task)).length;
	return async () => {
		const fired = await trigger.poll();
		if (fired.length > 0) throw new Error(`${fired.length} files fired that are not new`);
		return trigger.state.length / files;
	};
}

/** The same client's listing, on a connection of its own as a poll has one; kept as it is, for the next to be compared with. */
function listingOf(task: PollTask): () => Promise<number> {
	return async () => {
		const files = await filesOf(task);
		return JSON.stringify(files).length / files.length;
	};
}

async function filesOf({ credential, application, subSpace }: PollTask): Promise<RemoteFile[]> {
	const account = readAccount(credential);
	const space = new SftpSpace(account);
	try {
		return await space.list({ orgId: account.orgId, application, subSpace });
	} finally {
		await space.close();
	}
}

main().catch((error: Error) => {
	process.stderr.write(`${error.stack}\n`);
	process.exit(1);
});
