import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { alertsOf } from './demo/alerts';
import { demoFiles } from './demo/files';
import { alerted, drop, firstLook } from './demo/pickup';
import { compare, table } from './demo/report';
import { example } from './n8n/example';
import { printedProgress, type Progress } from './n8n/progress';
import { startRig, type Rig } from './n8n/rig';
import { type Slack, SLACK_CREDENTIAL, startSlack } from './n8n/slack';
import { Teardown } from './n8n/teardown';

const HELP = `Report pickup, end to end: a real n8n with this pack, a local fileX, three files, three alerts.

  npm run demo [-- --keep]

  --keep   leave n8n and the local fileX running until Ctrl-C, and say how to log in
  --help   this text`;

async function main(): Promise<void> {
	const { values } = parseArgs({ options: { keep: { type: 'boolean' }, help: { type: 'boolean' } } });
	const progress = printedProgress(process);
	if (values.help) return progress.say(HELP);

	const stop = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.on(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
	}
	const teardown = new Teardown();
	try {
		const slack = teardown.add(await startSlack(), async ({ close }) => await close());
		const workflow = await example('report-pickup');
		const rig = await startRig({
			workflows: [workflow],
			credentials: () => [SLACK_CREDENTIAL],
			published: [workflow.id],
			settings: slack.settings,
			progress,
			signal: stop.signal,
		});
		teardown.add(rig, async ({ close }) => await close());
		await pickUp(rig, workflow.id, slack, progress, stop.signal).catch(tellFailure);
		if (values.keep) await keep(rig, progress, stop.signal);
	} catch (error) {
		tellFailure(stop.signal.aborted ? stop.signal.reason : error);
	} finally {
		await teardown.run();
	}
}

async function pickUp(
	rig: Rig,
	workflowId: string,
	slack: Slack,
	progress: Progress,
	signal: AbortSignal,
): Promise<void> {
	await progress.during('Wait for the trigger to look at crd/reports once', async () => await firstLook(rig, signal));
	const dropped = await drop(rig.sandbox, demoFiles());
	progress.say(`Dropped ${dropped.map(({ name }) => name).join(', ')} into 0001/crd/reports`);
	const executions = await progress.during(
		`Wait for ${dropped.length} alerts; n8n polls once a minute, its shortest interval`,
		async () => await alerted(rig, workflowId, dropped, slack, signal),
	);
	const lines = await compare(dropped, alertsOf(slack.messages), rig.api, executions);
	progress.say(`\n${table(lines)}\n`);
	const wrong = lines.filter(({ equal }) => !equal).map(({ name }) => name);
	if (wrong.length > 0) throw new Error(`what n8n stored is not what was dropped: ${wrong.join(', ')}`);
	progress.say('All files arrived whole.');
}

function tellFailure(error: unknown): void {
	const reason = error instanceof Error ? error.message : String(error);
	process.stderr.write(`\nThe demo did not succeed: ${reason}\nTo look into n8n yourself: npm run demo -- --keep\n`);
	process.exitCode = 1;
}

async function keep({ n8n, sandbox, api }: Rig, progress: Progress, signal: AbortSignal): Promise<void> {
	progress.say(`
n8n's editor   ${n8n.url}
  e-mail       ${api.owner.email}
  password     ${api.owner.password}
To deliver one more report:
  curl -T FILE ${sandbox.control}/files/0001/crd/reports/FILE
Slack is a stand-in on this machine, and no other host is reached over HTTPS.
Ctrl-C ends n8n and the local fileX, and removes what they stored.`);
	if (!signal.aborted) await once(signal, 'abort');
}

main().catch(tellFailure);
