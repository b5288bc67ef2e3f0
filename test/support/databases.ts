import { chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import type { ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import spawn from 'cross-spawn';
import { freePort } from '../../scripts/free-port';
import { listening } from './listening';
import { output } from './program';

/** Debian's. */
const POSTGRES = '/usr/lib/postgresql/15/bin';

/** A database server of one's own. */
export interface Database {
	port: number;
	/** Ends it, and starts it again with what it had. */
	restart(): Promise<void>;
	close(): Promise<void>;
}

/** PostgreSQL, which does not run as root: as the user that its package brings, with a database and its user. */
export async function startPostgres({ user, name }: { user: string; name: string }): Promise<Database> {
	const folder = await mkdtemp(join(tmpdir(), 'filex-postgres-'));
	const data = join(folder, 'data');
	const idOf = async (what: string) => Number(await output('id', [what, 'postgres']));
	const [uid, gid] = [await idOf('-u'), await idOf('-g')];
	await mkdir(data);
	for (const path of [folder, data]) await chown(path, uid, gid);
	const asPostgres = async (command: string, ...args: string[]) =>
		await output('runuser', ['-u', 'postgres', '--', join(POSTGRES, command), ...args], { cwd: '/' });
	await asPostgres('initdb', '-D', data, '-A', 'trust', '--no-sync');
	const port = await freePort();
	const args = ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', folder];
	const database = await hold(join(POSTGRES, 'postgres'), args, port, folder, { uid, gid });
	const server = ['-h', '127.0.0.1', '-p', String(port)];
	await asPostgres('createuser', ...server, user);
	await asPostgres('createdb', ...server, '--owner', user, name);
	return database;
}

/** @param more arguments */
export async function startRedis(more: string[]): Promise<Database> {
	const folder = await mkdtemp(join(tmpdir(), 'filex-redis-'));
	const port = await freePort();
	const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, ...more];
	return await hold('redis-server', args, port, folder);
}

/** Starts a server whose folder goes with it. */
async function hold(
	command: string,
	args: string[],
	port: number,
	folder: string,
	user: { uid?: number; gid?: number } = {},
): Promise<Database> {
	const start = async () => await started(command, args, port, user);
	let server = await start();
	return {
		port,
		async restart() {
			await stop(server);
			server = await start();
		},
		async close() {
			await stop(server);
			await rm(folder, { recursive: true });
		},
	};
}

async function started(
	command: string,
	args: string[],
	port: number,
	user: { uid?: number; gid?: number },
): Promise<ChildProcess> {
	const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/', ...user });
	let log = '';
	for (const stream of [child.stdout, child.stderr]) stream!.on('data', (chunk) => (log += String(chunk)));
	await listening(child, port, () => log);
	return child;
}

async function stop(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = new Promise((resolve) => child.once('exit', resolve));
	// At once: PostgreSQL would wait for its clients after SIGTERM.
	child.kill('SIGINT');
	await ended;
}
