import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import ssh2 from 'ssh2';
import { type FileXError, probeSftpServer, readAccount, SftpSpace } from '../../filex';
import { LoginGuard } from '../../filex/account/login-guard';
import { connectThrough } from '../../filex/http/connect';
import { ConnectionSemaphore } from '../../filex/sftp/connection-semaphore';
import { newKeyPair } from '../../sandbox/sftp/keys';

const JUNK = 'welcome to another service\r\n'.repeat(64);

/** What a server says in place of SSH, without an end. */
const TALKS: Array<[string, (socket: Socket) => void]> = [
	['nothing', () => {}],
	['lines of another protocol', (socket) => flood(socket, JUNK)],
	['a line without an end', (socket) => flood(socket, 'x'.repeat(4096))],
	['an SSH banner without an end', (socket) => flood(socket, `SSH-2.0-${'x'.repeat(4096)}`)],
	['an SSH banner and then junk', (socket) => flood(socket, JUNK, 'SSH-2.0-x\r\n')],
	['a byte at a time', (socket) => drip(socket, 'x')],
	['a byte at a time after its SSH banner', (socket) => drip(socket, '\0', 'SSH-2.0-x\r\n')],
];

const ANSWERS: Array<[string, (socket: Socket) => void]> = [
	['nothing', () => {}],
	['a status line, a byte at a time', (socket) => drip(socket, 'x', 'HTTP/1.1 2')],
	['a header without an end', (socket) => flood(socket, 'x'.repeat(4096), 'HTTP/1.1 200 OK\r\nX-Long: ')],
	['headers without an end', (socket) => flood(socket, 'X-More: 1\r\n'.repeat(100), 'HTTP/1.1 200 OK\r\n')],
	['a header, a byte at a time', (socket) => drip(socket, 'x', 'HTTP/1.1 200 OK\r\nX-Long: ')],
	[
		'a refusal whose page does not end',
		(socket) => flood(socket, JUNK, 'HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n'),
	],
	['another protocol', (socket) => flood(socket, JUNK)],
];

function flood(socket: Socket, text: string, first = ''): void {
	socket.write(first);
	const more = () => {
		if (socket.destroyed) return;
		if (socket.write(text)) setImmediate(more);
		else socket.once('drain', more);
	};
	more();
}

function drip(socket: Socket, byte: string, first = ''): void {
	socket.write(first);
	const timer = setInterval(() => socket.write(byte), 20);
	socket.on('close', () => clearInterval(timer));
}

describe('in the place of an SFTP server or a proxy,', () => {
	let server: Server;
	let sockets: Set<Socket>;

	async function start(talk: (socket: Socket) => void): Promise<number> {
		sockets = new Set();
		server = createServer((socket) => {
			sockets.add(socket);
			socket
				.on('error', () => {})
				.on('close', () => sockets.delete(socket))
				.resume();
			talk(socket);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return (server.address() as AddressInfo).port;
	}

	afterEach(async () => {
		// The client has let go of all connections by itself.
		if (sockets.size > 0)
			await Promise.all(
				[...sockets].map(async (socket) => await new Promise((resolve) => socket.once('close', resolve))),
			);
		await new Promise((resolve) => server.close(resolve));
	});

	it.each(TALKS)('who says %s is given up, and gets no login', async (_what, talk) => {
		const account = accountAt(await start(talk));
		const space = new SftpSpace(account, {
			guard: new LoginGuard(),
			semaphore: new ConnectionSemaphore(),
			loginTimeout: 500,
		});
		const error = (await space.applications('0001').catch((thrown: unknown) => thrown)) as FileXError;
		expect(error).toMatchObject({ name: 'FileXError', kind: 'unavailable', retrySafe: true });
		expect(error.loginUnanswered).toBeUndefined();
		expect(error.message.length + error.hint.length).toBeLessThan(1500);
		await space.close();
	});

	it.each(TALKS)('who says %s has no host key', async (_what, talk) => {
		expect(await probeSftpServer(accountAt(await start(talk)), { timeout: 500 })).toMatchObject({
			reachable: false,
			reason: expect.any(String) as string,
		});
	});

	it.each(ANSWERS)('a proxy that answers CONNECT with %s is given up', async (_what, talk) => {
		const port = await start((socket) => void socket.once('data', () => talk(socket)));
		const proxy = {
			title: 'the SFTP proxy',
			url: `http://127.0.0.1:${port}`,
			username: '',
			password: '',
			field: 'SFTP Proxy',
		};
		await expect(connectThrough(proxy, 'filex.example:22', { timeout: 400 })).rejects.toMatchObject({
			name: 'FileXError',
			neverConnected: true,
		});
	});
});

it('a server that sends banners of its login without an end has had the login, and is given up', async () => {
	let sent = 0;
	const server = new ssh2.Server({ hostKeys: [newKeyPair('ed25519').private] }, (connection) => {
		const { _protocol: protocol, _sock } = connection as unknown as { _protocol: Protocol; _sock: Socket };
		connection.on('error', () => {});
		connection.on('authentication', () => {
			const more = () => {
				if (_sock.destroyed) return;
				// No more than the line takes.
				if (_sock.writableLength < 2 ** 20)
					for (let each = 0; each < 10; each++) sendBanner(protocol, 'x'.repeat(10_000));
				sent++;
				setImmediate(more);
			};
			more();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const space = new SftpSpace(accountAt((server.address() as AddressInfo).port), {
		guard: new LoginGuard(),
		semaphore: new ConnectionSemaphore(),
		loginTimeout: 1500,
	});
	await expect(space.applications('0001')).rejects.toMatchObject({
		kind: 'unavailable',
		loginUnanswered: true,
		message: expect.stringContaining('took longer than'),
	});
	expect(sent).toBeGreaterThan(1);
	await space.close();
	await new Promise((resolve) => server.close(resolve));
});

/** ssh2's own, of a server. */
interface Protocol {
	_packetRW: { write: { allocStart: number; alloc(size: number): Buffer; finalize(packet: Buffer): Buffer } };
	_cipher: { encrypt(packet: Buffer): void };
}

/** USERAUTH_BANNER (RFC 4252, section 5.4), which ssh2 sends once only. */
function sendBanner({ _packetRW: { write }, _cipher }: Protocol, text: string): void {
	const at = write.allocStart;
	const packet = write.alloc(1 + 4 + text.length + 4);
	packet[at] = 53;
	packet.writeUInt32BE(text.length, at + 1);
	packet.write(text, at + 5, 'latin1');
	packet.writeUInt32BE(0, at + 5 + text.length);
	_cipher.encrypt(write.finalize(packet));
}

function accountAt(port: number) {
	return readAccount({
		environment: 'custom',
		restUrl: 'http://127.0.0.1:1',
		fipUrl: 'http://127.0.0.1:1',
		sftpHost: '127.0.0.1',
		sftpPort: port,
		username: 'demo',
		password: 'any',
		orgId: '0001',
	});
}
