import type { SandboxInfo } from '../../sandbox/info';
import type { LogEntry } from '../../sandbox/log';
import { tail } from '../n8n/child';
import { errorOf } from '../n8n/execution';
import type { Rig } from '../n8n/rig';
import type { Slack } from '../n8n/slack';
import { until } from '../n8n/until';
import { alertsOf } from './alerts';
import type { Dropped } from './report';

const SPACE = '/0001/crd/reports';

const FIRST_LOOK_LIMIT = 60_000;
/** n8n polls once a minute; a busy machine may be late. */
const ALERT_LIMIT = 5 * 60_000;

/** Waits until the trigger has looked at the sub-space once: it fires for what lands from then on. */
export async function firstLook({ sandbox, n8n }: Rig, signal: AbortSignal): Promise<void> {
	await until(
		async () => {
			const log = (await (await fetch(`${sandbox.control}/log`, { signal })).json()) as LogEntry[];
			return log.find(({ service, request }) => service === 'sftp' && request === `OPENDIR ${SPACE}`);
		},
		{ what: "The trigger's first look", signal, limit: FIRST_LOOK_LIMIT, details: () => tail(n8n.log()) },
	);
}

/** Plays FINRA: puts files into the sub-space. */
export async function drop({ control }: SandboxInfo, files: Record<string, Buffer>): Promise<Dropped[]> {
	const dropped: Dropped[] = [];
	for (const [name, content] of Object.entries(files)) {
		const response = await fetch(`${control}/files${SPACE}/${name}`, { method: 'PUT', body: new Uint8Array(content) });
		if (!response.ok) throw new Error(`The sandbox answered ${response.status} to ${name}`);
		dropped.push({ name, content, landed: Date.now() });
	}
	return dropped;
}

/** Waits for an alert about each file, and the end of the executions that sent them; gives their ids. */
export async function alerted(
	{ api, n8n }: Rig,
	workflowId: string,
	dropped: Dropped[],
	{ messages }: Slack,
	signal: AbortSignal,
): Promise<string[]> {
	return await until(
		async () => {
			const executions = await api.executions(workflowId);
			const broken = executions.find(({ status }) => ['error', 'crashed', 'canceled'].includes(status));
			if (broken) {
				const reason = errorOf(await api.execution(broken.id)) ?? broken.status;
				throw new Error(`n8n could not run the workflow: ${reason}\n${tail(n8n.log())}`);
			}
			const ended = executions.every(({ status }) => status === 'success');
			const alerts = alertsOf(messages);
			const all = dropped.every(({ name }) => alerts.has(name));
			return ended && all ? executions.map(({ id }) => id) : undefined;
		},
		{ what: 'The alerts', signal, limit: ALERT_LIMIT, details: () => tail(n8n.log()) },
	);
}
