import spawn from 'cross-spawn';
import { freePort } from '../../scripts/free-port';
import { listening } from './listening';

/** microsocks on this machine: a SOCKS5 proxy. */
export interface Microsocks {
	port: number;
	/** The targets that it let through since the last call, e.g. `127.0.0.1:443`. */
	connected(): string[];
	close(): Promise<void>;
}

/** @param login user name and password that it asks for */
export async function startMicrosocks(login?: [string, string]): Promise<Microsocks> {
	const port = await freePort();
	const asked = login ? ['-u', login[0], '-P', login[1]] : [];
	const server = spawn('microsocks', ['-i', '127.0.0.1', '-p', String(port), ...asked], {
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let log = '';
	for (const stream of [server.stdout!, server.stderr!]) stream.on('data', (chunk) => (log += String(chunk)));
	await listening(server, port, () => log);
	let read = 0;
	return {
		port,
		connected() {
			const fresh = log.slice(read);
			read = log.length;
			return [...fresh.matchAll(/connected to (\S+)/g)].map(([, target]) => target!);
		},
		async close() {
			server.kill('SIGTERM');
			if (server.exitCode === null && server.signalCode === null)
				await new Promise((resolve) => server.once('exit', resolve));
		},
	};
}
