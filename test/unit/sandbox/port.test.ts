import { createServer, type Server } from 'node:net';
import { listenOn } from '../../../sandbox/port';

const HOST = '127.0.0.1';

/** A server that gets the given ports where it asks for a free one, as the system gives out old ones again. */
function offered(ports: number[]): Server {
	const server = createServer();
	const listen = server.listen.bind(server) as (port: number, host: string, done: () => void) => Server;
	server.listen = ((port: number, host: string, done: () => void) =>
		listen(port === 0 ? ports.shift()! : port, host, done)) as never;
	return server;
}

async function free(): Promise<number> {
	const server = createServer();
	const port = await listenOn(server, 0, HOST);
	await new Promise((resolve) => server.close(resolve));
	return port;
}

describe("a sandbox's port", () => {
	it('is none on which another of this process has listened', async () => {
		const [earlier, fresh] = [await free(), 0];
		const server = offered([earlier, earlier, fresh]);
		const port = await listenOn(server, 0, HOST);
		expect(port).not.toBe(earlier);
		expect(server.listening).toBe(true);
		await new Promise((resolve) => server.close(resolve));
	});

	it('is the one that was asked for, also a second time', async () => {
		const port = await free();
		const server = createServer();
		expect(await listenOn(server, port, HOST)).toBe(port);
		await expect(listenOn(createServer(), port, HOST)).rejects.toThrow(/EADDRINUSE/);
		await new Promise((resolve) => server.close(resolve));
	});
});
