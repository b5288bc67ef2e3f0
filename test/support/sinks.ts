import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { listen, readBody, sendJson } from '../../sandbox/http';

/** A local stand-in for a chat's webhook: keeps what is posted. */
export interface WebhookSink {
	url: string;
	posts: Array<Record<string, unknown> & { text: string }>;
	close(): Promise<void>;
}

export async function startWebhookSink(): Promise<WebhookSink> {
	const posts: WebhookSink['posts'] = [];
	const { url, close } = await listen({ host: '127.0.0.1', port: 0 }, async (request, response) => {
		posts.push(JSON.parse((await readBody(request)).toString()) as WebhookSink['posts'][number]);
		sendJson(response, 200, { ok: true });
	});
	return { url: `${url}/services/test`, posts, close };
}

/** A local mail server: keeps what is sent, as it came over the wire. */
export interface MailSink {
	port: number;
	mails: string[];
	close(): Promise<void>;
}

export async function startMailSink(): Promise<MailSink> {
	const mails: string[] = [];
	const server = new SMTPServer({
		authOptional: true,
		disabledCommands: ['STARTTLS'],
		onData(stream, _session, done) {
			const chunks: Buffer[] = [];
			stream.on('data', (chunk: Buffer) => chunks.push(chunk));
			stream.on('end', () => {
				mails.push(Buffer.concat(chunks).toString());
				done();
			});
		},
	});
	await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
	return {
		port: (server.server.address() as AddressInfo).port,
		mails,
		close: async () => await new Promise<void>((resolve) => server.close(resolve)),
	};
}
