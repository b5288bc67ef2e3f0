import type { ChildProcess } from 'node:child_process';
import { connect } from 'node:net';

/** Waits until a server that was started takes connections on this machine's port. @throws Error with its log where it ends before */
export async function listening(server: ChildProcess, port: number, log: () => string): Promise<void> {
	while (server.exitCode === null) {
		const open = await new Promise<boolean>((resolve) => {
			const socket = connect(port, '127.0.0.1');
			socket.once('connect', () => resolve(true));
			socket.once('error', () => resolve(false));
			socket.once('connect', () => socket.destroy());
		});
		if (open) return;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	throw new Error(`${server.spawnfile} did not start: ${log()}`);
}
