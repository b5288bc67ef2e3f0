import { chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import type { ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import spawn from 'cross-spawn';
import { freePort } from '../../scripts/free-port';
import { ready } from './listening';
import { output, runProgram } from './program';

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
	const server = ['-h', '127.0.0.1', '-p', String(port)];
	const database = await hold({
		command: join(POSTGRES, 'postgres'),
		args: ['-D', data, ...server, '-k', folder],
		// It takes connections before it answers them: "the database system is starting up".
		isReady: async () => (await runProgram(join(POSTGRES, 'pg_isready'), server)).code === 0,
		port,
		folder,
		user: { uid, gid },
	});
	try {
		await asPostgres('createuser', ...server, user);
		await asPostgres('createdb', ...server, '--owner', user, name);
	} catch (error) {
		await database.close();
		throw error;
	}
	return database;
}

/** @param more arguments */
export async function startRedis(more: string[]): Promise<Database> {
	const folder = await mkdtemp(join(tmpdir(), 'filex-redis-'));
	const port = await freePort();
	const server = ['-h', '127.0.0.1', '-p', String(port)];
	return await hold({
		command: 'redis-server',
		args: ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, ...more],
		// While it reads what it had, it takes connections and answers LOADING.
		isReady: async () => (await runProgram('redis-cli', [...server, 'ping'])).stdout.trim() === 'PONG',
		port,
		folder,
	});
}

interface Server {
	command: string;
	args: string[];
	isReady(): Promise<boolean>;
	port: number;
	/** Goes with it. */
	folder: string;
	user?: { uid: number; gid: number };
}

async function hold(server: Server): Promise<Database> {
	let child = await start(server);
	return {
		port: server.port,
		async restart() {
			await stop(child);
			child = await start(server);
		},
		async close() {
			await stop(child);
			await rm(server.folder, { recursive: true });
		},
	};
}

async function start({ command, args, isReady, user }: Server): Promise<ChildProcess> {
	const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/', ...user });
	let log = '';
	for (const stream of [child.stdout, child.stderr]) stream!.on('data', (chunk) => (log += String(chunk)));
	await ready(child, () => log, isReady);
	return child;
}

async function stop(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = new Promise((resolve) => child.once('exit', resolve));
	// At once: PostgreSQL would wait for its clients after SIGTERM.
	child.kill('SIGINT');
	await ended;
}
