import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * A TCP proxy on this machine that can cut connections. Bytes are counted over all connections, from the
 * order or the cut before on; the connection that brings one too many is cut.
 */
export interface CuttingProxy {
	port: number;
	/** Cuts after so many bytes from the server; each number once, in order. */
	cutAfter(...bytes: number[]): void;
	/** Cuts after so many bytes from the client; each number once, in order. */
	cutAfterSent(...bytes: number[]): void;
	/** Cuts all connections now. */
	cutAll(): void;
	/** The next cut ends all connections, and so many that come after it; by default all until {@link recover}. */
	outageAtCut(refusals?: number): void;
	/** Ends an outage: connections are taken again. */
	recover(): void;
	/** How many connections are yet to be refused. */
	toRefuse(): number;
	/** How many connections were cut. */
	cuts(): number;
	/** Bytes from the server that came through. */
	received(): number;
	close(): Promise<void>;
}

export async function startCuttingProxy(target: { host: string; port: number }): Promise<CuttingProxy> {
	const fromServer = new CutPlan();
	const fromClient = new CutPlan();
	const sockets = new Set<Socket>();
	let cuts = 0;
	let planned = 0;
	let refusals = 0;
	const server = createServer((client) => {
		if (refusals > 0) {
			refusals--;
			return void client.destroy();
		}
		const upstream = connect(target.port, target.host);
		for (const socket of [client, upstream]) {
			sockets.add(socket);
			socket.setNoDelay(true);
			socket.on('error', () => {});
			socket.on('close', () => sockets.delete(socket));
		}
		client.on('close', () => upstream.destroy());
		upstream.on('close', () => client.end());
		const carry = (from: Socket, to: Socket, plan: CutPlan) => {
			from.on('data', (chunk: Buffer) => {
				const passing = plan.pass(chunk.length);
				if (passing === undefined) {
					if (!to.write(chunk)) from.pause();
					return;
				}
				cuts++;
				// What came before the cut still arrives.
				to.end(chunk.subarray(0, passing));
				from.destroy();
				if (planned > 0) for (const socket of sockets) if (socket !== to) socket.destroy();
				refusals += planned;
				planned = 0;
			});
			to.on('drain', () => from.resume());
		};
		carry(upstream, client, fromServer);
		carry(client, upstream, fromClient);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		port: (server.address() as AddressInfo).port,
		cutAfter: (...bytes) => fromServer.order(bytes),
		cutAfterSent: (...bytes) => fromClient.order(bytes),
		cutAll() {
			for (const socket of sockets) socket.destroy();
		},
		outageAtCut: (count = Infinity) => (planned = count),
		recover: () => void (refusals = 0),
		toRefuse: () => planned + refusals,
		cuts: () => cuts,
		received: () => fromServer.total,
		async close() {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** Counts what passes in one direction, and says where to cut. */
class CutPlan {
	/** Bytes that passed so far. */
	total = 0;
	private readonly limits: number[] = [];
	private counted = 0;

	order(limits: number[]): void {
		this.limits.push(...limits);
		this.counted = 0;
	}

	/** How many bytes of a chunk may still pass before the cut; undefined where there is none. */
	pass(length: number): number | undefined {
		const limit = this.limits[0];
		if (limit === undefined || this.counted + length <= limit) {
			this.counted += length;
			this.total += length;
			return undefined;
		}
		const passing = limit - this.counted;
		this.limits.shift();
		this.counted = 0;
		this.total += passing;
		return passing;
	}
}
