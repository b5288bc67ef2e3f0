import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { axiosFileXHttp, openFileSpace } from '../../filex';
import { LoginGuard } from '../../filex/fip/login-guard';
import { SftpSlots } from '../../filex/sftp/slots';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox';
import { until } from '../../scripts/n8n/until';
import { sandboxAccount } from '../support/accounts';

const FILING = { orgId: '0001', application: 'focus', subSpace: 'in', name: 'a.zip' };

/** What stands between this machine and fileX, and speaks in its place. */
describe('a gateway', () => {
	let sandbox: Sandbox;
	const servers: Array<{ close(): void }> = [];

	beforeAll(async () => {
		sandbox = await startSandbox();
	});
	afterEach(() => {
		for (const server of servers.splice(0)) server.close();
	});
	afterAll(async () => await sandbox.close());

	const listen = async (server: Server | ReturnType<typeof createTcpServer>): Promise<number> => {
		servers.push(server);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return (server.address() as AddressInfo).port;
	};
	const open = (method: 's3' | 'sftp', fields: object) => {
		const account = sandboxAccount(sandbox.info, fields);
		const guard = new LoginGuard();
		return openFileSpace(account, method, { http: axiosFileXHttp(account, { guard }), guard, slots: new SftpSlots() });
	};

	it.each([503, 429, 408, 403, 502])('that takes a whole file and answers %i by itself leaves open whether S3 has it', async (status) => {
		const gateway = createServer((request, response) => {
			request.resume().once('end', () => response.writeHead(status, { 'Content-Type': 'text/plain' }).end('upstream connect error'));
		});
		const space = open('s3', { s3Url: `http://127.0.0.1:${await listen(gateway)}` });
		const request = await space.requestUpload(FILING);
		const outcome = await request.send({ size: 4, open: async () => Readable.from([Buffer.from('file')]) }, new AbortController().signal);
		await space.close();
		expect(outcome).toMatchObject({ outcome: 'unknown', error: { kind: 'outcome-unknown' } });
	});

	it('that nobody listens at is known to have taken nothing', async () => {
		const space = open('s3', { s3Url: 'http://127.0.0.1:1' });
		const request = await space.requestUpload(FILING);
		const outcome = await request.send({ size: 4, open: async () => Readable.from([Buffer.from('file')]) }, new AbortController().signal);
		await space.close();
		expect(outcome).toMatchObject({ outcome: 'rejected', mayRepeat: true, error: { neverConnected: true } });
	});

	it('to SFTP gets no connection left open where the private key cannot be read', async () => {
		const sockets = new Set<Socket>();
		let connections = 0;
		const server = createTcpServer((socket) => {
			connections++;
			sockets.add(socket);
			socket.on('error', () => {}).on('close', () => sockets.delete(socket));
		});
		const sftpPort = await listen(server);
		for (let attempt = 0; attempt < 3; attempt++) {
			const space = open('sftp', { sftpPort, privateKey: 'garbage' });
			await expect(space.list({ ...FILING, subSpace: 'out' })).rejects.toMatchObject({ kind: 'input', field: 'SFTP Private Key' });
			await space.close();
		}
		await until(async () => (sockets.size === 0 ? true : undefined), { what: 'The end of all connections', signal: new AbortController().signal, limit: 5000 });
		expect(connections).toBe(3);
	});
});
