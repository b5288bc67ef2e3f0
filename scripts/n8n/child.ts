import type { SpawnOptions } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import spawn from 'cross-spawn';

/** A server process that this one started. */
export interface Child {
	pid: number;
	/** All that it has printed so far. */
	log(): string;
	/** Its exit code, once it has ended; -1 where a signal ended it. */
	exitCode(): number | undefined;
	/** What ended it, if it was a signal. */
	endedBy(): NodeJS.Signals | undefined;
	/** Asks it and its own children to end; makes them, after ten seconds or as long as it is given. */
	stop(patienceMs?: number): Promise<void>;
	/** Ends it and its children at once, as a power cut would. */
	kill(): Promise<void>;
	/** Resolves when it has ended. */
	ended: Promise<void>;
}

const PATIENCE = 10_000;

/** Starts a process in a group of its own, so that Ctrl-C reaches it by {@link Child.stop} only. It never outlives this one. */
export function startChild(command: string, args: string[], options: SpawnOptions): Child {
	const child = spawn(command, args, {
		stdio: ['ignore', 'pipe', 'pipe'],
		detached: process.platform !== 'win32',
		...options,
	});
	let log = '';
	let code: number | undefined;
	for (const stream of [child.stdout, child.stderr]) {
		stream?.setEncoding('utf8').on('data', (text: string) => (log += text));
	}
	const release = child.pid === undefined ? () => {} : endWithUs(child.pid);
	const ended = new Promise<void>((resolve) => {
		child.once('exit', (exitCode) => {
			release();
			code = exitCode ?? -1;
			resolve();
		});
		child.once('error', (error) => {
			log += `${error.message}\n`;
			code ??= -1;
			resolve();
		});
	});

	const send = (signal: NodeJS.Signals): void => {
		if (process.platform === 'win32') child.kill(signal);
		else if (child.pid !== undefined) process.kill(-child.pid, signal);
	};
	const kill = async (): Promise<void> => {
		if (code !== undefined) return;
		send('SIGKILL');
		await ended;
	};
	return {
		pid: child.pid ?? -1,
		log: () => log,
		exitCode: () => code,
		endedBy: () => child.signalCode ?? undefined,
		ended,
		kill,
		async stop(patienceMs = PATIENCE) {
			if (code !== undefined) return;
			send('SIGTERM');
			const patience = new AbortController();
			const late = wait(patienceMs, true, { signal: patience.signal }).catch(() => false);
			if (await Promise.race([ended.then(() => false), late])) await kill();
			patience.abort();
		},
	};
}

/** Sees to it that a group of processes ends when this process does, killed or not. @returns what calls that off */
function endWithUs(group: number): () => void {
	if (process.platform === 'win32') return () => {};
	// Its standard input ends with this process, in whatever way that ends.
	const watcher = spawn('sh', ['-c', `read -r line; kill -s KILL -- -${group}`], {
		stdio: ['pipe', 'ignore', 'ignore'],
		detached: true,
	});
	watcher.unref();
	watcher.on('error', () => {});
	return () => watcher.kill();
}

/** The last lines of a log. */
export function tail(log: string, lines = 25): string {
	return log.trimEnd().split('\n').slice(-lines).join('\n');
}
