import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy on this machine that can cut a connection after so many bytes from the server. */
export interface CuttingProxy {
	port: number;
	/** Cuts a connection once that many bytes have come from the server over it from now on; each number once, in order. */
	cutAfter(...bytes: number[]): void;
	/** How many connections were cut. */
	cuts(): number;
	close(): Promise<void>;
}

export async function startCuttingProxy(target: { host: string; port: number }): Promise<CuttingProxy> {
	const plan: number[] = [];
	const sockets = new Set<Socket>();
	let cuts = 0;
	let orders = 0;
	const server = createServer((client) => {
		const upstream = connect(target.port, target.host);
		for (const socket of [client, upstream]) {
			sockets.add(socket);
			socket.setNoDelay(true);
			socket.on('error', () => {});
			socket.on('close', () => sockets.delete(socket));
		}
		client.on('close', () => upstream.destroy());
		upstream.on('close', () => client.end());
		client.pipe(upstream);
		let passed = 0;
		let seen = orders;
		upstream.on('data', (chunk: Buffer) => {
			if (seen !== orders) passed = 0;
			seen = orders;
			const limit = plan[0];
			if (limit !== undefined && passed + chunk.length > limit) {
				plan.shift();
				cuts++;
				// What came before the cut still arrives.
				client.end(chunk.subarray(0, Math.max(0, limit - passed)));
				upstream.destroy();
				return;
			}
			passed += chunk.length;
			if (!client.write(chunk)) upstream.pause();
		});
		client.on('drain', () => upstream.resume());
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		port: (server.address() as AddressInfo).port,
		cutAfter(...bytes) {
			orders++;
			plan.push(...bytes);
		},
		cuts: () => cuts,
		async close() {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
