import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import spawn from 'cross-spawn';
import { freePort } from '../../scripts/free-port';
import { listening } from './listening';

/** tinyproxy on this machine: an HTTP proxy that lets connections through by CONNECT. */
export interface Tinyproxy {
	port: number;
	/** The targets of CONNECT that it let through since the last call, e.g. `localhost:443`. */
	connected(): string[];
	close(): Promise<void>;
}

export interface TinyproxyOptions {
	/** `user password`; none is asked for where absent. */
	login?: string;
	/** Ports that may be connected to; all where absent. */
	ports?: number[];
}

export async function startTinyproxy({ login, ports = [] }: TinyproxyOptions = {}): Promise<Tinyproxy> {
	const home = await mkdtemp(join(tmpdir(), 'filex-tinyproxy-'));
	const port = await freePort();
	const config = [
		`Port ${port}`,
		'Listen 127.0.0.1',
		'Timeout 600',
		'MaxClients 100',
		'LogLevel Info',
		...(login ? [`BasicAuth ${login}`] : []),
		...ports.map((each) => `ConnectPort ${each}`),
	];
	await writeFile(join(home, 'config'), `${config.join('\n')}\n`);
	const server = spawn('tinyproxy', ['-d', '-c', join(home, 'config')], { stdio: ['ignore', 'pipe', 'pipe'] });
	let log = '';
	for (const stream of [server.stdout!, server.stderr!]) stream.on('data', (chunk) => (log += String(chunk)));
	await listening(server, port, () => log);
	let read = 0;
	return {
		port,
		connected() {
			const fresh = log.slice(read);
			read = log.length;
			return [...fresh.matchAll(/opensock: opening connection to (\S+)/g)].map(([, host]) => host!);
		},
		async close() {
			server.kill('SIGTERM');
			if (server.exitCode === null) await new Promise((resolve) => server.once('exit', resolve));
			await rm(home, { recursive: true, force: true });
		},
	};
}
