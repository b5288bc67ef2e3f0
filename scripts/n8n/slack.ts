import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBody, sendJson } from '../../sandbox/http';
import { startAnsweringProxy } from '../../test/support/answering-proxy';

/** A message that n8n's Slack node sent. */
export interface SlackMessage {
	channel: string;
	text: string;
	/** When it came, in ms. */
	at: number;
}

/** A stand-in for slack.com on this machine. */
export interface Slack {
	messages: SlackMessage[];
	/** Settings by which n8n meets it: as the proxy of a firm that inspects TLS. */
	settings: NodeJS.ProcessEnv;
	close(): Promise<void>;
}

const TOKEN = 'xoxb-stand-in';

/** The credential that examples/ name. */
export const SLACK_CREDENTIAL = {
	id: 'slackAccount',
	name: 'Slack account',
	type: 'slackApi',
	data: { accessToken: TOKEN },
};

/** Answers in the place of slack.com. All other hosts that n8n asks for over HTTPS answer 404. */
export async function startSlack(): Promise<Slack> {
	const messages: SlackMessage[] = [];
	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const isMessage = request.headers.host === 'slack.com' && request.url === '/api/chat.postMessage';
		if (!isMessage) return sendJson(response, 404, { ok: false, error: 'not_found' });
		// Slack answers 200 to what it refuses, too.
		if (request.headers.authorization !== `Bearer ${TOKEN}`)
			return sendJson(response, 200, { ok: false, error: 'invalid_auth' });
		const { channel, text } = JSON.parse((await readBody(request)).toString()) as SlackMessage;
		messages.push({ channel, text, at: Date.now() });
		sendJson(response, 200, { ok: true, channel, ts: String(messages.length), message: { text } });
	};
	const folder = await mkdtemp(join(tmpdir(), 'filex-slack-'));
	const proxy = await startAnsweringProxy(folder, (request, response) => {
		answer(request, response).catch((error: Error) => response.destroy(error));
	});
	return {
		messages,
		settings: { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: proxy.ca },
		async close() {
			await proxy.close();
			await rm(folder, { recursive: true, force: true });
		},
	};
}
