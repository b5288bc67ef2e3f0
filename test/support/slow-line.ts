import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A line on this machine that is slow: all its connections share its rate, one way and the other. */
export interface SlowLine {
	port: number;
	close(): Promise<void>;
}

const TICK = 25;

/** Bytes of one connection that wait in the line, as in a router. */
const QUEUE = 16_384;

/** Bytes that one connection sends until it is another's turn. */
const TURN = 1_448;

/** @param rate bytes per second, each way @param port to listen at; a free one where absent */
export async function startSlowLine(target: { host: string; port: number }, rate: number, port = 0): Promise<SlowLine> {
	const sockets = new Set<Socket>();
	const ways: [Flow[], Flow[]] = [[], []];
	const server = createServer((client) => {
		const upstream = connect(target.port, target.host);
		for (const socket of [client, upstream]) {
			sockets.add(socket);
			socket.setNoDelay(true);
			socket.on('error', () => {});
			socket.on('close', () => sockets.delete(socket));
		}
		ways[0].push(new Flow(upstream, client));
		ways[1].push(new Flow(client, upstream));
	});
	const timer = setInterval(() => {
		for (const flows of ways) send(flows, (rate * TICK) / 1000);
	}, TICK);
	await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
	return {
		port: (server.address() as AddressInfo).port,
		async close() {
			clearInterval(timer);
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** Sends so many bytes of what waits, in turns. */
function send(flows: Flow[], budget: number): void {
	for (let left = budget; left > 0;) {
		const ready = flows.filter((flow) => flow.waiting > 0);
		if (ready.length === 0) return;
		for (const flow of ready) left -= flow.send(Math.min(TURN, left));
		if (left < 1) return;
		flows.push(flows.shift()!);
	}
}

/** One connection, one way. */
class Flow {
	waiting = 0;
	private readonly chunks: Buffer[] = [];
	private hasEnded = false;

	constructor(
		private readonly from: Socket,
		private readonly to: Socket,
	) {
		from.on('data', (chunk: Buffer) => {
			this.chunks.push(chunk);
			this.waiting += chunk.length;
			if (this.waiting > QUEUE) from.pause();
		});
		// What came before the end still arrives.
		from.on('close', () => {
			if (!this.hasEnded) to.destroy();
		});
		from.on('end', () => {
			this.hasEnded = true;
			if (this.waiting === 0) to.end();
		});
	}

	send(bytes: number): number {
		const most = Math.max(0, Math.floor(bytes));
		const first = this.chunks[0];
		if (!first || most === 0) return bytes;
		const part = first.subarray(0, most);
		if (part.length === first.length) this.chunks.shift();
		else this.chunks[0] = first.subarray(part.length);
		this.waiting -= part.length;
		if (!this.to.destroyed) this.to.write(part);
		if (this.waiting <= QUEUE) this.from.resume();
		if (this.hasEnded && this.waiting === 0) this.to.end();
		return part.length;
	}
}
