import type { SlackMessage } from '../n8n/slack';

/** What the example workflow tells the team about a file. */
export interface Alert {
	bytes: number;
	sha256: string;
	/** When it came, in ms. */
	at: number;
}

const MESSAGE = /^New FINRA report: (?<file>\S+) \((?<bytes>\d+) bytes\)[^]*^SHA-256: (?<sha256>[0-9a-f]{64})$/m;

/** The first alert about each file. */
export function alertsOf(messages: SlackMessage[]): Map<string, Alert> {
	const alerts = new Map<string, Alert>();
	for (const { text, at } of messages) {
		const { file, bytes, sha256 } = MESSAGE.exec(text)?.groups ?? {};
		if (file && sha256 && !alerts.has(file)) alerts.set(file, { bytes: Number(bytes), sha256, at });
	}
	return alerts;
}
