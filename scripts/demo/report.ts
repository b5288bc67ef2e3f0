import { createHash } from 'node:crypto';
import type { N8nApi } from '../n8n/api';
import { DOWNLOAD_NODE } from '../n8n/example';
import { outputOf } from '../n8n/execution';
import type { Alert } from './alerts';

/** A file that was put into fileX. */
export interface Dropped {
	name: string;
	content: Buffer;
	/** When it had landed, in ms. */
	landed: number;
}

/** What became of a file. */
export interface Line {
	name: string;
	bytes: number;
	seconds: number;
	equal: boolean;
}

/** Compares what n8n stored, to the byte, and what the alerts said, with what was dropped. */
export async function compare(
	dropped: Dropped[],
	alerts: Map<string, Alert>,
	api: N8nApi,
	executions: string[],
): Promise<Line[]> {
	const stored = await storedFiles(api, executions);
	return dropped.map(({ name, content, landed }) => {
		const alert = alerts.get(name)!;
		const file = stored.get(name);
		const told = alert.sha256 === sha256(content) && alert.bytes === content.length;
		const equal = told && file?.sha256 === alert.sha256 && content.equals(file.content);
		return { name, bytes: content.length, seconds: (alert.at - landed) / 1000, equal };
	});
}

interface StoredFile {
	content: Buffer;
	/** As fileX Download put it out. */
	sha256?: string;
}

async function storedFiles(api: N8nApi, executions: string[]): Promise<Map<string, StoredFile>> {
	const files = new Map<string, StoredFile>();
	for (const id of executions) {
		for (const { json, binary } of outputOf(await api.execution(id), DOWNLOAD_NODE)) {
			if (!binary?.data || !json.name) continue;
			files.set(json.name, { content: await api.binary(binary.data.id), sha256: json.sha256 });
		}
	}
	return files;
}

export function table(lines: Line[]): string {
	const rows = [
		['File', 'Bytes', 'Landing to alert', 'SHA-256 equal'],
		...lines.map(({ name, bytes, seconds, equal }) => [
			name,
			String(bytes),
			`${seconds.toFixed(1)} s`,
			equal ? 'yes' : 'NO',
		]),
	];
	const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
	const isNumber = (column: number): boolean => column === 1 || column === 2;
	return rows
		.map((row) =>
			row
				.map((cell, column) => (isNumber(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
}

function sha256(content: Buffer): string {
	return createHash('sha256').update(content).digest('hex');
}
