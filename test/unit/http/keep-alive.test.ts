import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { UNRESTRICTED_EGRESS } from '../../../filex';
import { httpBy } from '../../../filex/http/axios';

describe('connections over HTTP', () => {
	let server: Server;
	const sockets: Socket[] = [];

	async function serve(listener: RequestListener): Promise<string> {
		sockets.length = 0;
		server = createServer(listener).on('connection', (socket) => sockets.push(socket));
		await once(server.listen(0, '127.0.0.1'), 'listening');
		return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	}
	afterEach(async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});

	const { text } = httpBy(UNRESTRICTED_EGRESS);
	const get = async (url: string, count: number) => {
		for (let turn = 0; turn < count; turn++) expect((await text({ method: 'GET', url })).body).toBe('here');
	};

	it('are used again, one after the other', async () => {
		await get(await serve((_, response) => response.end('here')), 20);
		expect(sockets).toHaveLength(1);
	});

	it('are given up soon where nothing uses them', async () => {
		const url = await serve((_, response) => response.end('here'));
		server.keepAliveTimeout = 60_000;
		await get(url, 1);
		await once(sockets[0]!, 'close');
		await get(url, 1);
		expect(sockets).toHaveLength(2);
	});

	it.each([
		['Connection', 'close'],
		['Keep-Alive', 'timeout=1'],
	])('are not used again after %s: %s', async (name, value) => {
		await get(await serve((_, response) => response.setHeader(name, value).end('here')), 3);
		expect(sockets).toHaveLength(3);
	});

	it('that the server closes at their next use are replaced, where a question changes nothing', async () => {
		let served = 0;
		const url = await serve((request, response) => {
			if (served++ === 1) request.socket.resetAndDestroy();
			else response.end('here');
		});
		await get(url, 3);
		expect([sockets.length, served]).toEqual([2, 4]);
	});

	it('that the server closes at their next use are not replaced where something may have been done', async () => {
		let served = 0;
		const url = await serve((request, response) => {
			if (served++ === 1) request.socket.resetAndDestroy();
			else response.end('here');
		});
		await get(url, 1);
		await expect(text({ method: 'PUT', url })).rejects.toMatchObject({ kind: 'unavailable' });
		expect(served).toBe(2);
	});
});
