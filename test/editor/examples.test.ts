import type { LogEntry } from '../../sandbox/log';
import type { Submission } from '../../sandbox/submissions/submissions';
import { example } from '../../scripts/n8n/example';
import { printedProgress } from '../../scripts/n8n/progress';
import { startRig, type Rig } from '../../scripts/n8n/rig';
import { tail } from '../../scripts/n8n/child';
import { until } from '../../scripts/n8n/until';
import { startMailSink, startWebhookSink, type MailSink, type WebhookSink } from '../support/sinks';

/** A first run also installs n8n. */
const PREPARATION_LIMIT = 15 * 60_000;

/** n8n polls once a minute; a busy machine may be late. */
const POLL_LIMIT = 4 * 60_000;

describe('the examples about submissions, in a real n8n', () => {
	const preparation = new AbortController();
	let hook: WebhookSink;
	let post: MailSink;
	let rig: Rig;

	beforeAll(async () => {
		hook = await startWebhookSink();
		post = await startMailSink();
		const workflows = [await example('submit-and-alert', hook.url), await example('filing-deadline-watch', hook.url)];
		const smtp = {
			id: 'smtpAccount',
			name: 'SMTP account',
			type: 'smtp',
			data: { user: '', password: '', host: '127.0.0.1', port: post.port, secure: false, disableStartTls: true },
		};
		rig = await startRig({
			workflows,
			credentials: () => [smtp],
			published: workflows.map(({ id }) => id),
			progress: printedProgress(process),
			signal: preparation.signal,
		});
		await reached('the first look of both triggers', async () => (await trackingQuestions()) >= 2);
	}, PREPARATION_LIMIT);

	afterAll(async () => {
		preparation.abort();
		await rig?.close();
		await post?.close();
		await hook?.close();
	});

	const reached = async (what: string, check: () => boolean | Promise<boolean>) =>
		await until(async () => ((await check()) ? true : undefined), {
			what,
			signal: preparation.signal,
			limit: POLL_LIMIT,
			details: () => `${JSON.stringify(hook.posts)}\n${tail(rig.n8n.log())}`,
		});

	const control = async <T>(path: string, method = 'GET', body?: object): Promise<T> => {
		const answer = await fetch(`${rig.sandbox.control}/${path}`, { method, body: body && JSON.stringify(body) });
		if (!answer.ok) throw new Error(`${method} /${path} answered ${answer.status}`);
		return (await answer.json()) as T;
	};
	const trackingQuestions = async () =>
		(await control<LogEntry[]>('log')).filter(({ request }) => request === 'GET /tracking').length;
	const submissionOf = async (name: string) =>
		(await control<Submission[]>('submissions')).find(
			(each) => each.name === name && each.status === 'Received by FINRA',
		);
	const decide = async (name: string, downstreamStatus: string) =>
		await control(`submissions/${(await submissionOf(name))!.trackingId}`, 'PATCH', { downstreamStatus });
	const told = (pattern: RegExp) => hook.posts.find(({ text }) => pattern.test(text));
	const mailed = (pattern: RegExp) => post.mails.find((mail) => pattern.test(mail));

	/** Fills in the form, as a browser does. */
	async function fillIn(name: string, content: string): Promise<void> {
		const form = new FormData();
		form.append('field-0', new File([content], name));
		const answer = await fetch(`${rig.n8n.url}/form/filex-submit-a-filing`, { method: 'POST', body: form });
		if (!answer.ok) throw new Error(`the form answered ${answer.status}: ${await answer.text()}`);
	}

	it(
		'submit a file from the form once, and tell the team',
		async () => {
			await fillIn('accept-me.zip', 'first');
			await reached('the word that it was submitted', () => told(/^Submitted to FINRA: accept-me\.zip/) !== undefined);
			expect(told(/^Submitted/)).toMatchObject({
				outcome: 'accepted',
				file: 'accept-me.zip',
				trackingId: (await submissionOf('accept-me.zip'))!.trackingId,
			});
			await fillIn('accept-me.zip', 'first');
			await reached(
				'the word that it was not submitted again',
				() => told(/^Already filed with FINRA, so not sent again: /) !== undefined,
			);
			await reached(
				'the mail that it was not submitted again',
				() => mailed(/^Subject: fileX: Already filed with FINRA/m) !== undefined,
			);
			expect((await control<object[]>('arrivals')).length).toBe(1);
		},
		POLL_LIMIT,
	);

	it(
		'tell what FINRA decided, a rejection by e-mail too, and what it has not decided in time',
		async () => {
			await fillIn('reject-me.zip', 'second');
			await fillIn('forget-me.zip', 'third');
			for (const name of ['reject-me.zip', 'forget-me.zip'])
				await reached(`${name} at FINRA`, async () => (await submissionOf(name)) !== undefined);
			await decide('accept-me.zip', 'ACCEPTED');
			await decide('reject-me.zip', 'REJECTED');
			await control('clock', 'POST', { advanceSeconds: 25 * 3600 });
			await reached('the word of the acceptance', () => told(/^FINRA ACCEPTED accept-me\.zip/) !== undefined);
			await reached('the word of the rejection', () => told(/^FINRA says REJECTED to reject-me\.zip/) !== undefined);
			await reached(
				'the mail of the rejection',
				() => mailed(/^Subject: FINRA REJECTED: reject-me\.zip/m) !== undefined,
			);
			await reached(
				'the word that a decision is late',
				() => told(/^No decision by FINRA since .*: forget-me\.zip, Received by FINRA/) !== undefined,
			);
			await reached(
				'the mail that a decision is late',
				() => mailed(/^Subject: FINRA has not decided: forget-me\.zip/m) !== undefined,
			);
			// Soft line breaks of the mail, undone.
			expect(mailed(/has not decided/)!.replace(/=\r?\n/g, '')).toContain(
				`tracking ID ${(await submissionOf('forget-me.zip'))!.trackingId}`,
			);
			// Each once, and nothing about the others.
			expect(hook.posts.map(({ event, outcome, file }) => [event ?? outcome, file]).sort()).toEqual(
				[
					['accepted', 'accept-me.zip'],
					['accepted', 'accept-me.zip'],
					['accepted', 'forget-me.zip'],
					['accepted', 'reject-me.zip'],
					['duplicate', undefined],
					['overdue', 'forget-me.zip'],
					['rejected', 'reject-me.zip'],
				].sort(),
			);
			expect(post.mails).toHaveLength(3);
		},
		2 * POLL_LIMIT,
	);
});
