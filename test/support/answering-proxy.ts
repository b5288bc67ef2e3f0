import { writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import { generate } from 'selfsigned';

/** A proxy of a firm that inspects TLS. */
export interface AnsweringProxy {
	url: string;
	/** The file of the CA that its clients have to trust. */
	ca: string;
	close(): Promise<void>;
}

const KIND = { keyType: 'ec', algorithm: 'sha256' } as const;

/** Answers in the place of every host, under a certificate for that host. @param folder where its CA's certificate is put */
export async function startAnsweringProxy(folder: string, answer: RequestListener): Promise<AnsweringProxy> {
	const authority = await generate([{ name: 'commonName', value: 'The firm' }], {
		...KIND,
		extensions: [
			{ name: 'basicConstraints', cA: true, critical: true },
			{ name: 'keyUsage', keyCertSign: true, critical: true },
		],
	});
	const ca = join(folder, 'firm.pem');
	await writeFile(ca, authority.cert);

	const contexts = new Map<string, Promise<SecureContext>>();
	const contextFor = async (host: string): Promise<SecureContext> => {
		const { cert, private: key } = await generate([{ name: 'commonName', value: host }], {
			...KIND,
			ca: { key: authority.private, cert: authority.cert },
			extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: host }] }],
		});
		return createSecureContext({ cert, key });
	};
	const inside = createTlsServer(
		{
			SNICallback: (host, done) => {
				const context = contexts.get(host) ?? contextFor(host);
				contexts.set(host, context);
				context.then((made) => done(null, made), done);
			},
		},
		answer,
	);
	const server = createServer(answer);
	const tunnels = new Set<Duplex>();
	server.on('connect', (_request, socket, head) => {
		tunnels.add(socket);
		socket.once('close', () => tunnels.delete(socket));
		socket.on('error', () => socket.destroy());
		socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
		socket.unshift(head);
		inside.emit('connection', socket);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		ca,
		async close() {
			for (const tunnel of tunnels) tunnel.destroy();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
