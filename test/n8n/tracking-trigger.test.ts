import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject } from 'n8n-workflow';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields } from '../support/accounts';
import { type ActiveTrigger, Engine } from '../support/engine';
import { later } from '../support/later';
import { arrive, plant, requestUpload } from '../support/submissions';

const HOUR = 3600;
const EVERY = ['requested', 'received', 'accepted', 'partiallyRejected', 'rejected'];

describe('fileX Tracking Trigger', () => {
	let sandbox: Sandbox;
	let engine: Engine;

	beforeAll(async () => {
		sandbox = await startSandbox();
	});
	beforeEach(async () => {
		engine = await Engine.start(credentialFields(sandbox.info));
	});
	afterEach(() => {
		jest.restoreAllMocks();
		sandbox.faults.clear();
		sandbox.database.exec('DELETE FROM submissions');
		sandbox.settings.change({ clockOffsetSeconds: 0 });
		sandbox.log.clear();
	});
	afterAll(async () => await sandbox.close());

	function activate(
		parameters: object = {},
		mode: 'trigger' | 'manual' = 'trigger',
		id: string = randomUUID(),
	): ActiveTrigger {
		return engine.activate({ events: EVERY, coldStart: 'fromNow', ...parameters }, mode, id, 'fileXTrackingTrigger');
	}

	/** A trigger that has begun to watch what there is. */
	async function watching(parameters: object = {}): Promise<ActiveTrigger> {
		const trigger = activate(parameters);
		expect(await trigger.poll()).toEqual([]);
		return trigger;
	}

	async function upload(name: string, space = '0001/focus/in'): Promise<string> {
		const id = requestUpload(sandbox, `${space}/${name}`);
		await arrive(sandbox, `${space}/${name}`, id);
		return id;
	}

	const fired = (records: IDataObject[]) =>
		records.map(({ fileName, event }) => `${String(fileName)} ${String(event)}`);

	it('fires once for each change, in order, with what fileX Track gives and a stable event ID', async () => {
		const trigger = await watching();
		const trackingId = requestUpload(sandbox, '0001/focus/in/a.zip');
		expect(fired(await trigger.poll())).toEqual(['a.zip requested']);
		await arrive(sandbox, '0001/focus/in/a.zip', trackingId);
		expect(fired(await trigger.poll())).toEqual(['a.zip received']);
		expect(await trigger.poll()).toEqual([]);
		sandbox.submissions.decide(trackingId, 'ACCEPTED');
		const records = await trigger.poll();
		const track = await engine.run({ type: 'fileXTrack', parameters: { operation: 'get', trackingId } });
		expect(records).toEqual([
			{ ...track.items[0]!.json, event: 'accepted', eventId: expect.stringMatching(/^[0-9a-f]{32}$/) },
		]);
		expect(await trigger.poll()).toEqual([]);
		const other = await activate({ coldStart: 'existing' }).poll();
		expect(fired(other)).toEqual(['a.zip requested', 'a.zip received', 'a.zip accepted']);
		expect(other[2]!.eventId).toBe(records[0]!.eventId);
	});

	it('fires for all that happened between two polls', async () => {
		const trigger = await watching();
		sandbox.submissions.decide(await upload('a.zip'), 'ACCEPTED');
		const changed = await upload('b.zip');
		sandbox.submissions.decide(changed, 'REJECTED');
		const records = await trigger.poll();
		expect(records.map(({ fileName, event }) => `${String(fileName)} ${String(event)}`).sort()).toEqual([
			'a.zip accepted',
			'a.zip received',
			'a.zip requested',
			'b.zip received',
			'b.zip rejected',
			'b.zip requested',
		]);
		expect(records.filter(({ fileName }) => fileName === 'b.zip').map(({ event }) => event)).toEqual([
			'requested',
			'received',
			'rejected',
		]);
		sandbox.submissions.decide(changed, 'ACCEPTED');
		expect(fired(await trigger.poll())).toEqual(['b.zip accepted']);
	});

	it('fires for decisions only unless told otherwise', async () => {
		const trigger = engine.activate({}, 'trigger', randomUUID(), 'fileXTrackingTrigger');
		await trigger.poll();
		const ids = [await upload('a'), await upload('b'), await upload('c')];
		expect(await trigger.poll()).toEqual([]);
		(['ACCEPTED', 'PARTIALLY_REJECTED', 'REJECTED'] as const).forEach((decision, index) =>
			sandbox.submissions.decide(ids[index]!, decision),
		);
		expect(fired(await trigger.poll()).sort()).toEqual(['a accepted', 'b partiallyRejected', 'c rejected']);
	});

	it('fires when a decision is late, and for a file that never arrived, but for no unused request', async () => {
		const trigger = await watching({ events: ['overdue'], overdueAfter: 2 });
		await upload('undecided');
		sandbox.submissions.decide(await upload('decided'), 'ACCEPTED');
		requestUpload(sandbox, '0001/focus/in/missing');
		requestUpload(sandbox, '0001/focus/in/sent-again');
		await upload('sent-again');
		expect(await trigger.poll()).toEqual([]);
		// By fileX's clock.
		sandbox.settings.change({ clockOffsetSeconds: 2 * HOUR + 5 });
		const records = await trigger.poll();
		expect(fired(records)).toEqual(['undecided overdue', 'missing overdue', 'sent-again overdue']);
		expect(records[2]!.status).toBe('Received by FINRA');
		expect(Date.parse(String(records[0]!.overdueSince)) - Date.parse(String(records[0]!.submittedAt))).toBe(
			2 * HOUR * 1000,
		);
		expect(await trigger.poll()).toEqual([]);
	});

	it.each([
		['fromNow', 0],
		['existing', 5000],
	])('with 5,000 submissions on first activation and "%s" fires for %i', async (coldStart, count) => {
		plant(sandbox, 5000, () => ({ status: 'Received by FINRA', downstream: 'ACCEPTED', size: 1 }));
		const trigger = activate({ coldStart, events: ['accepted', 'rejected'], options: { submissionsPerPoll: 10_000 } });
		expect(await trigger.poll()).toHaveLength(count);
		expect(await trigger.poll()).toEqual([]);
		sandbox.submissions.decide(await upload('next'), 'REJECTED');
		expect(fired(await trigger.poll())).toEqual(['next rejected']);
		expect(trigger.state.length / 5000).toBeLessThanOrEqual(16);
	});

	it('does not begin to watch with a number of submissions that is not one', async () => {
		await expect(
			activate({ coldStart: 'fromNow', events: ['requested'], options: { submissionsPerPoll: 'all' } }).poll(),
		).rejects.toThrow("'Submissions per Poll' must be a number of submissions, 1 or more, but it is 'all'");
	});

	it('gives 25 changes as 10, 10 and 5', async () => {
		const trigger = await watching({ events: ['requested'], options: { submissionsPerPoll: 10 } });
		plant(sandbox, 25, (index) => ({ submittedAt: new Date(Date.now() - index * 1000), name: String(index) }));
		const polls = [await trigger.poll(), await trigger.poll(), await trigger.poll(), await trigger.poll()];
		expect(polls.map((records) => records.length)).toEqual([10, 10, 5, 0]);
		expect(polls.flat().map(({ fileName }) => fileName)).toEqual(
			Array.from({ length: 25 }, (_, index) => String(24 - index)),
		);
	});

	it.each<[object, string[]]>([
		[{ application: 'crd' }, ['b.csv']],
		[{ application: '/0001/crd/' }, ['b.csv']],
		[{ subSpace: 'incoming' }, ['b.csv']],
		[{ orgId: '888888' }, ['c.zip']],
		[{ namePattern: '*.ZIP' }, ['a.zip', 'c.zip']],
		[{ userName: 'OTHER' }, ['c.zip']],
	])('fires for submissions that fit %j only', async (options, expected) => {
		const trigger = await watching({ events: ['requested'], options });
		const there = [
			{ name: 'a.zip' },
			{ name: 'b.csv', space: ['0001', 'crd', 'incoming'] },
			{ name: 'c.zip', space: ['888888', 'focus', 'in'], username: 'other' },
		];
		plant(sandbox, 3, (index) => there[index]!);
		expect((await trigger.poll()).map(({ fileName }) => fileName)).toEqual(expected);
	});

	it.each<[object, string]>([
		[{ events: [] }, "'Fire On' is empty"],
		[{ events: ['accepted', 'lost'] }, "'Fire On' holds 'lost', which is not a valid event"],
		[
			{ events: ['overdue'], overdueAfter: 0 },
			"'Overdue After (Hours)' must be a number of hours, more than 0, but it is '0'",
		],
		[{ options: { orgId: '12ab' } }, "'Organization ID' must hold digits only, but it is '12ab'"],
		[
			{ options: { application: 'c rd' } },
			"'Application' may hold letters, digits, '_' and '-' only, but it is 'c rd'",
		],
	])('refuses %j', async (parameters, message) => {
		await expect(activate(parameters).poll()).rejects.toMatchObject({ message });
		expect(sandbox.log.count('rest', 'GET /tracking')).toBe(0);
	});

	it('is not blocked where it is edited and published again while fileX is away, and continues', async () => {
		const trigger = await watching();
		sandbox.faults.add({ where: 'rest.tracking', effect: 'unavailable', times: 2 });
		await expect(trigger.poll()).rejects.toThrow(/could not answer/);
		const edited = activate({ options: { namePattern: '*.zip' } }, 'trigger', trigger.workflow.id);
		edited.state = trigger.state;
		expect(await edited.poll()).toEqual([]);
		requestUpload(sandbox, '0001/focus/in/a.zip');
		expect(fired(await edited.poll())).toEqual(['a.zip requested']);
	});

	it('does not fire for what was submitted long before it began to watch, though an answer did not show that', async () => {
		const trigger = await watching();
		plant(sandbox, 2, (index) => ({
			name: `old-${index}`,
			submittedAt: new Date(Date.now() - 48 * HOUR * 1000),
			status: 'Received by FINRA',
			downstream: index === 0 ? 'ACCEPTED' : null,
			size: 1,
		}));
		expect(await trigger.poll()).toEqual([]);
		requestUpload(sandbox, '0001/focus/in/new');
		expect(fired(await trigger.poll())).toEqual(['new requested']);
	});

	it("refuses an organization without the leading zeros under which fileX tracks it, by its field's name", async () => {
		await upload('a.zip');
		await expect(activate({ options: { orgId: '={{ 1 }}' } }).poll()).rejects.toMatchObject({
			message: "'Organization ID' is '1', but fileX tracks submissions of '0001'",
			description: expect.stringContaining('leading zeros') as string,
		});
		await expect(activate({ options: { orgId: '1' } }, 'manual').poll()).rejects.toThrow(
			"but fileX tracks submissions of '0001'",
		);
		const track = await engine.run({
			type: 'fileXTrack',
			parameters: { operation: 'getAll', output: 'fields', options: { orgId: '={{ 1 }}' } } as never,
		});
		expect(track.error?.message).toBe("'Organization ID' is '1', but fileX tracks submissions of '0001' [item 0]");
	});

	it.each([403, 401])(
		'does not begin to watch on a page with HTTP %i in place of tracking, and asks n8n to come again',
		async (status) => {
			await upload('old');
			const page = createServer((_request, answer) =>
				answer
					.writeHead(status, { 'content-type': 'text/html', server: 'gateway' })
					.end('<html><body>Not here</body></html>'),
			);
			await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
			const rest = engine.credentials.stored.restUrl!;
			engine.credentials.stored.restUrl = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
			const trigger = activate();
			const answered = {
				message: expect.stringMatching(
					new RegExp(
						`^Something between this machine and fileX answered for 'tracking': HTTP ${status}, text/html, server gateway`,
					),
				) as string,
				failure: { cause: 'temporarily-unavailable', retryAfterMs: 60_000 },
			};
			await expect(trigger.poll()).rejects.toMatchObject(answered);
			await expect(trigger.poll()).rejects.toMatchObject(answered);
			page.close();
			engine.credentials.stored.restUrl = rest;
			expect(await trigger.poll()).toEqual([]);
			requestUpload(sandbox, '0001/focus/in/new');
			expect(fired(await trigger.poll())).toEqual(['new requested']);
		},
	);

	it('keeps what it knows through an answer that fails', async () => {
		await upload('old');
		const trigger = await watching();
		sandbox.faults.add({ where: 'rest.tracking', effect: 'fail', times: 1 });
		await expect(trigger.poll()).rejects.toMatchObject({
			message: expect.stringMatching(/could not answer/),
			failure: { cause: 'temporarily-unavailable', retryAfterMs: 60_000 },
		});
		requestUpload(sandbox, '0001/focus/in/new');
		expect(fired(await trigger.poll())).toEqual(['new requested']);
	});

	it('fires again, and loses nothing, when n8n forgets the last state', async () => {
		const trigger = await watching();
		const saved = trigger.state;
		const id = await upload('a');
		expect(fired(await trigger.poll())).toEqual(['a requested', 'a received']);
		trigger.state = saved;
		sandbox.submissions.decide(id, 'ACCEPTED');
		expect(await trigger.poll()).toEqual([]);
		trigger.state = saved;
		later(30_000);
		expect(fired(await trigger.poll())).toEqual(['a requested', 'a received', 'a accepted']);
		expect(await trigger.poll()).toEqual([]);
	});

	it('loses nothing when n8n does not keep what a poll without changes left', async () => {
		const submittedAt = new Date(Date.now() - 3 * HOUR * 1000);
		plant(sandbox, 1, () => ({ name: 'old', submittedAt }));
		const trigger = activate();
		const before = trigger.state;
		await trigger.poll();
		trigger.state = before;
		const id = requestUpload(sandbox, '0001/focus/in/new');
		expect(fired(await trigger.poll())).toEqual(['new requested']);

		// From now on late decisions, too.
		const parameters = { events: [...EVERY, 'overdue'], overdueAfter: 2 };
		const saved = trigger.state;
		const changed = activate(parameters, 'trigger', trigger.workflow.id);
		changed.state = saved;
		expect(await changed.poll()).toEqual([]);
		changed.state = saved;
		sandbox.settings.change({ clockOffsetSeconds: 2 * HOUR + 5 });
		expect((await changed.poll()).map(({ trackingId, event }) => [trackingId, event])).toEqual([[id, 'overdue']]);
	});

	it('runs one of two polls at a time, and fires once', async () => {
		const trigger = await watching();
		requestUpload(sandbox, '0001/focus/in/a');
		sandbox.log.clear();
		const both = await Promise.all([trigger.poll(), trigger.poll()]);
		expect(both.flat()).toHaveLength(1);
		expect(sandbox.log.count('rest', 'GET /tracking')).toBe(1);
	});

	it('does not begin to watch on an answer that fails, and says so every time', async () => {
		await upload('old');
		const trigger = activate();
		sandbox.faults.add({ where: 'rest.tracking', effect: 'fail', times: 2 });
		await expect(trigger.poll()).rejects.toThrow(/could not answer/);
		await expect(trigger.poll()).rejects.toThrow(/could not answer/);
		expect(await trigger.poll()).toEqual([]);
		requestUpload(sandbox, '0001/focus/in/new');
		expect(fired(await trigger.poll())).toEqual(['new requested']);
	});

	it('reports an outage once, and again when its cause changes', async () => {
		const trigger = await watching();
		sandbox.faults.add({ where: 'rest.tracking', effect: 'unavailable', times: 3 });
		await expect(trigger.poll()).rejects.toThrow(/could not answer/);
		expect(await trigger.poll()).toEqual([]);
		expect(await trigger.poll()).toEqual([]);
		engine.credentials.stored.restUrl = 'nowhere';
		await expect(trigger.poll()).rejects.toThrow(/'fileX REST URL' is not a plain http or https URL/);
	});

	it('stops at the end of its budget, and touches no state', async () => {
		const trigger = await watching();
		requestUpload(sandbox, '0001/focus/in/a');
		const before = trigger.state;
		sandbox.faults.add({ where: 'rest.tracking', effect: 'delay', times: 1 });
		await expect(trigger.poll(250)).rejects.toMatchObject({
			message: expect.stringMatching(/^The poll took longer than/),
			failure: { cause: 'temporarily-unavailable' },
		});
		expect(trigger.state).toBe(before);
		expect(fired(await trigger.poll())).toEqual(['a requested']);
	});

	it('sends a wrong password once, not once a poll', async () => {
		engine.credentials.stored.password = 'wrong-in-tracking-trigger';
		const trigger = activate();
		for (let poll = 0; poll < 4; poll++) {
			await expect(trigger.poll()).rejects.toThrow(/Authorization of 'demo'/);
		}
		expect(sandbox.log.count('fip', 'token')).toBe(1);
		expect(sandbox.log.count('sftp', 'login')).toBe(0);
	});

	describe('tested by hand', () => {
		it('shows the newest changes and touches no state', async () => {
			const id = randomUUID();
			await activate({}, 'trigger', id).poll();
			plant(sandbox, 12, (index) => ({
				name: `f${index}`,
				submittedAt: new Date(Date.now() - 60_000 + index * 1000),
				statusAt: new Date(Date.now() - 60_000 + index * 1000),
			}));
			const manual = activate({}, 'manual', id);
			const before = manual.state;
			const records = await manual.poll();
			expect(fired(records)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((index) => `f${index} requested`));
			expect(records[0]).toMatchObject({ eventId: expect.any(String), path: '0001/focus/in/f11' });
			expect(manual.state).toBe(before);
		});

		it('says why there is nothing', async () => {
			const test = async (parameters: object) => await activate(parameters, 'manual').poll();
			await expect(test({})).rejects.toThrow('fileX tracks no submission of this account at the moment');
			await upload('a.csv');
			await upload('b.pdf');
			await expect(test({ options: { application: 'crd' } })).rejects.toMatchObject({
				message: "No submission matches the filters in 'Options': fileX tracks 2",
				description: expect.stringMatching(/^The connection works\./),
			});
			await expect(test({ events: ['rejected'] })).rejects.toThrow(
				"No submission has had an event of 'Fire On': fileX tracks 2, and 2 of them match",
			);
			await expect(test({ events: ['rejected'], options: { namePattern: '*.pdf' } })).rejects.toThrow(
				"No submission has had an event of 'Fire On': fileX tracks 2, and 1 of them match the filters in 'Options'",
			);
		});

		it('reports every failure', async () => {
			sandbox.faults.add({ where: 'rest.tracking', effect: 'fail', times: 2 });
			const manual = activate({}, 'manual');
			await expect(manual.poll()).rejects.toThrow(/could not answer/);
			await expect(manual.poll()).rejects.toThrow(/could not answer/);
		});
	});
});
