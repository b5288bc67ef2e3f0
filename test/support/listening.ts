import type { ChildProcess } from 'node:child_process';
import { connect } from 'node:net';

/** Waits until a server that was started takes connections on this machine's port. @throws Error with its log where it ends before */
export async function listening(server: ChildProcess, port: number, log: () => string): Promise<void> {
	await ready(server, log, async () => await isOpen(port));
}

/** Waits until a server that was started is ready, as it says itself. @throws Error with its log where it ends before */
export async function ready(server: ChildProcess, log: () => string, isReady: () => Promise<boolean>): Promise<void> {
	while (server.exitCode === null && server.signalCode === null) {
		if (await isReady()) return;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	throw new Error(`${server.spawnfile} did not start: ${log()}`);
}

async function isOpen(port: number): Promise<boolean> {
	return await new Promise<boolean>((resolve) => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => resolve(true));
		socket.once('error', () => resolve(false));
		socket.once('connect', () => socket.destroy());
	});
}
