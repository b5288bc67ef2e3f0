import type { AddressInfo, Server } from 'node:net';

/** Ports of this process's servers, also of those that have ended. */
const taken = new Set<number>();

/**
 * Lets a server listen. Clients remember a fileX by its address: a port that is chosen freely is none on which another
 * fileX of this process has listened before.
 *
 * @param port 0 means a free one
 * @returns the port
 */
export async function listenOn(server: Server, port: number, host: string): Promise<number> {
	for (;;) {
		await new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			server.listen(port, host, () => {
				server.off('error', reject);
				resolve();
			});
		});
		const chosen = (server.address() as AddressInfo).port;
		if (port !== 0 || !taken.has(chosen)) {
			taken.add(chosen);
			return chosen;
		}
		await new Promise((resolve) => server.close(resolve));
	}
}
