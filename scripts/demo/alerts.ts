import { listen, readBody, sendJson } from '../../sandbox/http';

/** What the example workflow posts. */
export interface Alert {
	text: string;
	file: string;
	bytes: number;
	sha256: string;
	path: string;
}

/** A local stand-in for a Slack webhook. */
export interface AlertReceiver {
	url: string;
	/** When the first alert about each file came. */
	arrived: Map<string, { alert: Alert; at: number }>;
	close(): Promise<void>;
}

export async function receiveAlerts(): Promise<AlertReceiver> {
	const arrived: AlertReceiver['arrived'] = new Map();
	const { url, close } = await listen({ host: '127.0.0.1', port: 0 }, async (request, response) => {
		const at = Date.now();
		const alert = JSON.parse((await readBody(request)).toString()) as Alert;
		if (!arrived.has(alert.file)) arrived.set(alert.file, { alert, at });
		sendJson(response, 200, { ok: true });
	});
	return { url: `${url}/services/demo`, arrived, close };
}
