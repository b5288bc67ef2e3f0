import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox';
import type { LogEntry } from '../../../sandbox/log';
import type { Arrival, Submission } from '../../../sandbox/submissions/submissions';
import { tail } from '../../../scripts/n8n/child';
import { example, EXAMPLES, type ExampleName, withParameters } from '../../../scripts/n8n/example';
import { printedProgress } from '../../../scripts/n8n/progress';
import { type Rig, startRig, type WorkflowFile } from '../../../scripts/n8n/rig';
import { type Slack, startSlack } from '../../../scripts/n8n/slack';
import { Teardown } from '../../../scripts/n8n/teardown';
import { until } from '../../../scripts/n8n/until';
import { type ChatModel, startChatModel } from '../../support/chat-model';
import { control } from '../../support/control';
import { type Database, startPostgres } from '../../support/databases';
import { output } from '../../support/program';
import { type MailSink, startMailSink } from '../../support/sinks';
import { exampleCredentials, RECORDS } from './credentials';

/** n8n polls once a minute; a busy machine may be late. */
export const POLL_LIMIT = 4 * 60_000;

/** Those whose triggers poll, or take a form. The others are run by hand, so that no schedule gets in between. */
const PUBLISHED: ExampleName[] = [
	'report-pickup',
	'submit-and-alert',
	'filing-deadline-watch',
	'four-eyes-submission',
	'receipts-to-postgres',
	'reports-to-own-bucket',
];

/** The sub-space of {@link Desk.store} that its keys may write to. */
const BUCKET_FOLDER = ['0001', 'crd', 'incoming_filings'];

/** The moment by which missing-report-alert checks here: on a business day, half an hour after the due time. */
export const CHECKED_AT = '2026-03-03T22:30:00.000Z';

/** An n8n that has all examples, and everything that they reach. */
export class Desk {
	private constructor(
		readonly rig: Rig,
		readonly slack: Slack,
		readonly mail: MailSink,
		readonly chat: ChatModel,
		/** The firm's own bucket: the S3 of another sandbox. */
		readonly store: Sandbox,
		private readonly database: Database,
		/** The folder on disk that n8n may use. */
		readonly folder: string,
		private readonly signal: AbortSignal,
		private readonly teardown: Teardown,
	) {}

	static async open(signal: AbortSignal): Promise<Desk> {
		const teardown = new Teardown();
		const close = async (thing: { close(): Promise<void> }) => await thing.close();
		try {
			const folder = await mkdtemp(join(tmpdir(), 'filex-examples-'));
			teardown.add(folder, async () => await rm(folder, { recursive: true, force: true }));
			const slack = teardown.add(await startSlack(), close);
			const mail = teardown.add(await startMailSink(), close);
			const chat = teardown.add(await startChatModel(), close);
			const store = teardown.add(await startSandbox(), close);
			const database = teardown.add(await startPostgres(RECORDS), close);
			const rig = await startRig({
				workflows: await workflows(folder),
				credentials: () =>
					exampleCredentials({ smtp: mail.port, postgres: database.port, chat: chat.url, bucket: bucketOf(store) }),
				published: PUBLISHED,
				files: folder,
				settings: slack.settings,
				progress: printedProgress(process),
				signal,
			});
			teardown.add(rig, close);
			const desk = new Desk(rig, slack, mail, chat, store, database, folder, signal, teardown);
			await desk.reached('the first look of all triggers', async () => {
				const log = (await desk.control<LogEntry[]>('log')).map(({ request }) => request);
				const looks = (what: string) => log.filter((request) => request === what).length;
				return looks('GET /tracking') >= 2 && looks('OPENDIR /0001/crd/reports') >= 3;
			});
			return desk;
		} catch (error) {
			await teardown.run();
			throw error;
		}
	}

	async close(): Promise<void> {
		await this.teardown.run();
	}

	/** Waits for something; where it does not come, says what was told. */
	async reached(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
		await until(async () => ((await check()) ? true : undefined), {
			what,
			signal: this.signal,
			limit: POLL_LIMIT,
			details: () =>
				[...this.slack.messages.map(({ text }) => text), ...this.mail.mails.map(subjectOf), tail(this.rig.n8n.log())].join(
					'\n',
				),
		});
	}

	/** What Slack was told, of what matches. */
	told(pattern: RegExp): string[] {
		return this.slack.messages.map(({ text }) => text).filter((text) => pattern.test(text));
	}

	/** Waits until Slack is told; gives the first text. */
	async hears(pattern: RegExp): Promise<string> {
		await this.reached(`the message ${pattern}`, () => this.told(pattern).length > 0);
		return this.told(pattern)[0]!;
	}

	/** The mails whose text, subject included, matches. */
	mailed(pattern: RegExp): string[] {
		return this.mail.mails.map(readable).filter((text) => pattern.test(text));
	}

	/** Waits for a mail; gives the first one. */
	async receives(pattern: RegExp): Promise<string> {
		await this.reached(`the mail ${pattern}`, () => this.mailed(pattern).length > 0);
		return this.mailed(pattern)[0]!;
	}

	/** Runs a workflow from a trigger, as someone does by hand, to its end. */
	async run(workflowId: ExampleName, trigger: string): Promise<void> {
		const id = await this.rig.api.run(workflowId, trigger);
		await this.reached(`the end of ${workflowId}`, async () => {
			const execution = (await this.rig.api.executions(workflowId)).find((each) => each.id === id);
			if (execution && ['error', 'crashed'].includes(execution.status))
				throw new Error(`${workflowId} failed: ${JSON.stringify((await this.rig.api.execution(id!)).resultData.error)}`);
			return execution?.status === 'success';
		});
	}

	/** Fills in a form of n8n's, as a browser does. */
	async fillIn(url: string, fields: Array<string | File>): Promise<void> {
		const form = new FormData();
		for (const [index, field] of fields.entries()) form.append(`field-${index}`, field);
		const answer = await fetch(url, { method: 'POST', body: form, headers: { 'User-Agent': 'Mozilla/5.0' } });
		if (!answer.ok) throw new Error(`the form answered ${answer.status}: ${await answer.text()}`);
	}

	/** Submits a file by the form of an example. */
	async submit(form: string, name: string, content: string | Buffer): Promise<void> {
		await this.fillIn(`${this.rig.n8n.url}/form/${form}`, [new File([new Uint8Array(Buffer.from(content))], name)]);
	}

	/** Asks the sandbox. */
	async control<T>(path: string, method = 'GET', body?: object): Promise<T> {
		return JSON.parse(await control(this.rig.sandbox, path, method, body && JSON.stringify(body))) as T;
	}

	/** Plays FINRA: puts a report into crd/reports. */
	async deliver(name: string, content: Buffer): Promise<void> {
		await control(this.rig.sandbox, `files/0001/crd/reports/${name}`, 'PUT', new Uint8Array(content));
	}

	/** What FINRA has of a name. */
	async arrivals(name: string): Promise<Arrival[]> {
		return (await this.control<Arrival[]>('arrivals')).filter((each) => each.name === name);
	}

	/** The submission of a name that FINRA has received. */
	async submission(name: string): Promise<Submission | undefined> {
		const all = await this.control<Submission[]>('submissions');
		return all.find((each) => each.name === name && each.status === 'Received by FINRA');
	}

	/** Runs SQL as the owner of the database; gives its rows, as JSON. */
	async sql(statement: string): Promise<string> {
		const { user, name } = RECORDS;
		const server = ['-h', '127.0.0.1', '-p', String(this.database.port), '-U', user, '-d', name];
		return (await output('psql', [...server, '-v', 'ON_ERROR_STOP=1', '-qtAc', statement])).trim();
	}
}

/** All examples, with what a user would change: the folder, the bucket's prefix; and a moment that has its report due. */
async function workflows(folder: string): Promise<WorkflowFile[]> {
	const all = await Promise.all(EXAMPLES.map(example));
	return all.map((workflow) => {
		switch (workflow.id as ExampleName) {
			case 'catch-up-downloads':
				return withParameters(withParameters(workflow, 'fileX Reconcile', { folder }), 'fileX Download', { folder });
			case 'reports-to-own-bucket':
				return withParameters(workflow, 'fileX Download', { bucketFolder: BUCKET_FOLDER.join('/') });
			case 'missing-report-alert':
				return withParameters(workflow, 'fileX Reconcile', { options: { asOf: CHECKED_AT } });
			default:
				return workflow;
		}
	});
}

/** The fields of the S3 Bucket API credential. */
function bucketOf(store: Sandbox): object {
	const { credentials, region } = store.s3Keys.issue('demo', [], [BUCKET_FOLDER]);
	return { bucket: 'bucket-filex', region, endpoint: store.info.s3, pathStyle: true, ...credentials };
}

/** A mail as one reads it: its quoted-printable undone. */
function readable(mail: string): string {
	const bytes = mail.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
	return Buffer.from(bytes, 'latin1').toString();
}

function subjectOf(mail: string): string {
	return /^Subject: .*$/m.exec(mail)?.[0] ?? 'a mail without a subject';
}
