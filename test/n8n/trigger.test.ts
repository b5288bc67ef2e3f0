import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { sftpConnections } from '../../filex/sftp/connection-semaphore';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields, loginOf } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine } from '../support/engine';
import { later } from '../support/later';

describe('fileX SFTP Trigger', () => {
	let sandbox: Sandbox;
	let engine: Engine;

	const settings = (parameters: object = {}) =>
		({
			watch: 'subSpace',
			application: byName('crd'),
			subSpace: byName('reports'),
			coldStart: 'fromNow',
			...parameters,
		}) as never;

	async function publish(
		name: string,
		{ seconds = 0, space = ['0001', 'crd', 'reports'], content = name } = {},
	): Promise<void> {
		await sandbox.store.publish(
			[...space, name],
			Readable.from([content]),
			new Date(1_767_225_600_000 + seconds * 1000),
		);
	}

	const names = (records: Array<{ name?: unknown }>) => records.map(({ name }) => name);

	beforeEach(async () => {
		sandbox = await startSandbox();
		engine = await Engine.start(credentialFields(sandbox.info));
	});
	afterEach(async () => {
		jest.restoreAllMocks();
		await sandbox.close();
	});

	it('fires for a file that lands after activation, with what Download needs and a stable event ID', async () => {
		await publish('old.pdf');
		const trigger = engine.activate(settings());
		expect(await trigger.poll()).toEqual([]);
		await publish('new.pdf', { seconds: 1 });
		const [record] = await trigger.poll();
		expect(record).toMatchObject({
			eventId: expect.stringMatching(/^[0-9a-f]{32}$/),
			path: '0001/crd/reports/new.pdf',
			size: 7,
			lastModified: '2026-01-01T00:00:01.000Z',
			allowedAction: 'Download',
		});
		expect(await trigger.poll()).toEqual([]);
		const other = engine.activate(settings({ coldStart: 'existing' }));
		expect((await other.poll()).at(-1)?.eventId).toBe(record!.eventId);
	});

	it('shares its login with others of the account: 20 that poll at once make one', async () => {
		const triggers = Array.from({ length: 20 }, () => engine.activate(settings()));
		await Promise.all(triggers.map(async (trigger) => await trigger.poll()));
		await publish('new.pdf', { seconds: 1 });
		sandbox.log.clear();
		const fired = await Promise.all(triggers.map(async (trigger) => await trigger.poll()));
		expect(fired.map(names)).toEqual(Array(20).fill(['new.pdf']));
		expect(sandbox.log.count('sftp', 'login')).toBe(1);
		expect(sandbox.log.count('sftp', /^OPENDIR/)).toBeLessThanOrEqual(2);
	});

	it('shares its login with those that watch other sub-spaces', async () => {
		await publish('a.pdf', { space: ['0001', 'focus', 'out'] });
		const triggers = [{}, { application: byName('focus'), subSpace: byName('out') }].map((place) =>
			engine.activate(settings({ ...place, coldStart: 'existing' })),
		);
		const fired = await Promise.all(triggers.map(async (trigger) => await trigger.poll()));
		expect(fired.map(names)).toEqual([[], ['a.pdf']]);
		expect(sandbox.log.count('sftp', 'login')).toBe(1);
	});

	it.each([
		['fromNow', 0],
		['existing', 1000],
	])('with 1,000 files on first activation and "%s" fires for %i', async (coldStart, fired) => {
		await Promise.all(Array.from({ length: 1000 }, async (_, index) => await publish(`f${index}`, { seconds: index })));
		const trigger = engine.activate(settings({ coldStart, options: { filesPerPoll: 5000 } }));
		expect(await trigger.poll()).toHaveLength(fired);
		expect(await trigger.poll()).toEqual([]);
		await publish('next', { seconds: 5000 });
		expect(names(await trigger.poll())).toEqual(['next']);
	});

	it('loses no file with an old or an equal timestamp, and fires again for one published again', async () => {
		await publish('first', { seconds: 100 });
		const trigger = engine.activate(settings());
		await trigger.poll();
		await publish('older', { seconds: -999_999 });
		await publish('equal-b', { seconds: 100 });
		await publish('equal-a', { seconds: 100 });
		expect(names(await trigger.poll())).toEqual(['older', 'equal-a', 'equal-b']);
		await publish('first', { seconds: 200, content: 'changed' });
		expect(names(await trigger.poll())).toEqual(['first']);
	});

	it('gives 25 files as 10, 10 and 5', async () => {
		const trigger = engine.activate(settings({ options: { filesPerPoll: 10 } }));
		await trigger.poll();
		for (let index = 0; index < 25; index++)
			await publish(`f${String(index).padStart(2, '0')}`, { seconds: 25 - index });
		const polls = [await trigger.poll(), await trigger.poll(), await trigger.poll(), await trigger.poll()];
		expect(polls.map((records) => records.length)).toEqual([10, 10, 5, 0]);
		expect(new Set(polls.flat().map(({ name }) => name)).size).toBe(25);
		expect(polls[0]![0]!.name).toBe('f24');
	});

	it('keeps what it knows through a failed and an empty listing', async () => {
		await publish('old');
		const trigger = engine.activate(settings());
		await trigger.poll();
		sandbox.faults.add({ where: 'sftp.list', effect: 'fail', times: 1 });
		await expect(trigger.poll()).rejects.toThrow(/could not answer/);
		sandbox.faults.add({ where: 'sftp.list', effect: 'empty', times: 1 });
		expect(await trigger.poll()).toEqual([]);
		sandbox.faults.add({ where: 'sftp.list', effect: 'cut', times: 1 });
		await expect(trigger.poll()).rejects.toMatchObject({
			failure: { cause: 'temporarily-unavailable', retryAfterMs: 60_000 },
		});
		await publish('new', { seconds: 1 });
		expect(names(await trigger.poll())).toEqual(['new']);
	});

	it('fires again, and loses nothing, when n8n forgets the last state', async () => {
		const trigger = engine.activate(settings());
		await trigger.poll();
		const saved = trigger.state;
		await publish('a');
		expect(names(await trigger.poll())).toEqual(['a']);
		trigger.state = saved;
		await publish('b', { seconds: 1 });
		later(30_000);
		expect(names(await trigger.poll())).toEqual(['a', 'b']);
		expect(await trigger.poll()).toEqual([]);
	});

	it.each(['fromNow', 'existing'])(
		'fires once where n8n begins a poll before it has saved what the last gave out, with "%s"',
		async (coldStart) => {
			const trigger = engine.activate(settings({ coldStart }));
			if (coldStart === 'fromNow') await trigger.poll();
			const before = trigger.state;
			await publish('a');
			expect(names(await trigger.poll())).toEqual(['a']);
			const saved = trigger.state;
			await publish('b', { seconds: 1 });
			for (let poll = 0; poll < 3; poll++) {
				trigger.state = before;
				expect(await trigger.poll()).toEqual([]);
			}
			trigger.state = saved;
			expect(names(await trigger.poll())).toEqual(['b']);
		},
	);

	it('begins to watch another place at once, though n8n has yet to save what the last poll gave out', async () => {
		const id = randomUUID();
		const trigger = engine.activate(settings(), 'trigger', id);
		await trigger.poll();
		const before = trigger.state;
		await publish('a');
		expect(await trigger.poll()).toHaveLength(1);
		const moved = engine.activate(settings({ application: byName('focus'), subSpace: byName('out') }), 'trigger', id);
		moved.state = before;
		sandbox.log.clear();
		expect(await moved.poll()).toEqual([]);
		expect(sandbox.log.count('sftp', /^OPENDIR/)).toBeGreaterThan(0);
	});

	it('runs one of two polls at a time, and fires once', async () => {
		const trigger = engine.activate(settings());
		await trigger.poll();
		await publish('a');
		sandbox.log.clear();
		const both = await Promise.all([trigger.poll(), trigger.poll()]);
		expect(both.flat()).toHaveLength(1);
		expect(sandbox.log.count('sftp', 'login')).toBe(1);
	});

	it('does not begin to watch on a listing that fails, and says so every time', async () => {
		await publish('old');
		const trigger = engine.activate(settings());
		sandbox.faults.add({ where: 'sftp.list', effect: 'fail', times: 2 });
		await expect(trigger.poll()).rejects.toThrow(/could not answer/);
		await expect(trigger.poll()).rejects.toThrow(/could not answer/);
		expect(await trigger.poll()).toEqual([]);
		await publish('new', { seconds: 1 });
		expect(names(await trigger.poll())).toEqual(['new']);
	});

	it('reports an outage once, and again when its cause changes', async () => {
		const trigger = engine.activate(settings());
		await trigger.poll();
		sandbox.faults.add({ where: 'sftp.list', effect: 'fail', times: 3 });
		await expect(trigger.poll()).rejects.toThrow(/could not answer/);
		expect(await trigger.poll()).toEqual([]);
		expect(await trigger.poll()).toEqual([]);
		engine.credentials.stored.hostKeys = `SHA256:${'A'.repeat(43)}`;
		await expect(trigger.poll()).rejects.toThrow(/not the pinned one/);
	});

	it('sends a wrong password once, not once a poll', async () => {
		engine.credentials.stored.password = 'wrong-in-trigger';
		const trigger = engine.activate(settings());
		for (let poll = 0; poll < 4; poll++) {
			await expect(trigger.poll()).rejects.toThrow(/Authorization of 'demo'/);
		}
		expect(sandbox.log.count('sftp', 'login')).toBe(1);
		expect(sandbox.log.count('fip', 'token')).toBe(0);
	});

	it('watches all download sub-spaces of an application, and none that the firm uploads into', async () => {
		const trigger = engine.activate(settings({ watch: 'application', application: byName('crd') }));
		await trigger.poll();
		await publish('r', { space: ['0001', 'crd', 'results'] });
		await publish('own', { space: ['0001', 'crd', 'incoming_filings'] });
		await publish('20260101000000000_own', { space: ['0001', 'crd', 'incoming_filings_arcv'] });
		await publish('p', { space: ['0001', 'crd', 'reports'], seconds: 1 });
		expect((await trigger.poll()).map(({ path }) => path)).toEqual(['0001/crd/results/r', '0001/crd/reports/p']);
	});

	it('watches the whole organization, a sub-space that appears later included', async () => {
		const trigger = engine.activate(settings({ watch: 'organization' }));
		await trigger.poll();
		await sandbox.store.createSpace(['0001', 'tradejrnl', 'options']);
		await publish('journal', { space: ['0001', 'tradejrnl', 'options'] });
		await publish('focus', { space: ['0001', 'focus', 'out'], seconds: 1 });
		expect(names(await trigger.poll())).toEqual(['journal', 'focus']);
	});

	it('refuses to watch an application that the account may not open, or that delivers nothing', async () => {
		Object.assign(engine.credentials.stored, loginOf(sandbox.info, 'crdonly'));
		const foreign = engine.activate(settings({ watch: 'application', application: byName('focus') }));
		await expect(foreign.poll()).rejects.toThrow("not entitled to '0001/focus'");
		const organization = engine.activate(settings({ watch: 'organization', options: { orgId: '888888' } }));
		await expect(organization.poll()).rejects.toThrow("not entitled to '888888'");
		Object.assign(engine.credentials.stored, loginOf(sandbox.info, 'demo'));
		const uploads = engine.activate(settings({ watch: 'application', application: byName('acats') }));
		await expect(uploads.poll()).rejects.toThrow("There is no download sub-space in application 'acats'");
	});

	it('loses nothing when n8n does not keep what the poll at activation left', async () => {
		await publish('old');
		const trigger = engine.activate(settings());
		const before = trigger.state;
		await trigger.poll();
		trigger.state = before;
		await publish('new', { seconds: 1 });
		expect(names(await trigger.poll())).toEqual(['new']);
		trigger.state = before;
		later(30_000);
		expect(names(await trigger.poll())).toEqual(['new']);
	});

	it('loses nothing when the node is renamed, by whose name n8n keeps the state', async () => {
		const trigger = engine.activate(settings());
		await trigger.poll();
		await trigger.poll();
		await publish('landed meanwhile');
		trigger.state = '{}';
		expect(names(await trigger.poll())).toEqual(['landed meanwhile']);
		expect(await trigger.poll()).toEqual([]);
	});

	it('begins to watch at once when it is set to another place while a poll is under way', async () => {
		const id = randomUUID();
		const trigger = engine.activate(settings(), 'trigger', id);
		const moved = engine.activate(settings({ application: byName('focus'), subSpace: byName('out') }), 'trigger', id);
		expect(await Promise.all([trigger.poll(), moved.poll()])).toEqual([[], []]);
		await sandbox.store.publish(['0001', 'focus', 'out', 'new.pdf'], Readable.from(['x']));
		expect(names(await moved.poll())).toEqual(['new.pdf']);
		const lost = engine.activate(settings({ subSpace: byName('nosuch') }), 'trigger', id);
		const polls = await Promise.allSettled([moved.poll(), lost.poll()]);
		expect(polls[1]).toMatchObject({
			status: 'rejected',
			reason: { message: expect.stringContaining("There is no sub-space 'nosuch'") as string },
		});
	});

	it.each([
		[{ filesPerPoll: 'many' }, "'Files per Poll' must be a number of files, 1 or more, but it is 'many'"],
		[{ filesPerPoll: 0 }, "'Files per Poll' must be a number of files, 1 or more, but it is '0'"],
	])('does not begin to watch with %j', async (options, message) => {
		await expect(engine.activate(settings({ options })).poll()).rejects.toThrow(message);
	});

	it('skips a poll quietly while other steps hold the connection', async () => {
		const trigger = engine.activate(settings());
		await trigger.poll();
		const { host, port } = sandbox.info.sftp;
		const release = await sftpConnections.acquire(`demo@${host}:${port}`, 1);
		await publish('a');
		expect(await trigger.poll(200)).toEqual([]);
		release();
		expect(names(await trigger.poll())).toEqual(['a']);
	});

	it('keeps watching the other sub-spaces when one fails, and says so', async () => {
		const trigger = engine.activate(settings({ watch: 'application', application: byName('crd') }));
		await trigger.poll();
		await publish('a', { space: ['0001', 'crd', 'results'] });
		await publish('b');
		sandbox.faults.add({ where: 'sftp.list', effect: 'fail', times: 1, path: '0001/crd/reports' });
		expect(names(await trigger.poll())).toEqual(['a']);
		sandbox.faults.add({ where: 'sftp.list', effect: 'fail', times: 1, path: '0001/crd/reports' });
		await expect(trigger.poll()).rejects.toThrow(/^Part of what is watched could not be listed/);
		expect(names(await trigger.poll())).toEqual(['b']);
	});

	it('watches another organization', async () => {
		const trigger = engine.activate(settings({ options: { orgId: '888888' } }));
		await trigger.poll();
		await publish('theirs', { space: ['888888', 'crd', 'reports'] });
		expect((await trigger.poll())[0]!.path).toBe('888888/crd/reports/theirs');
	});

	it('fires for files that fit the pattern only', async () => {
		const trigger = engine.activate(settings({ options: { namePattern: '*.pdf' } }));
		await trigger.poll();
		await publish('a.csv');
		await publish('b.pdf');
		expect(names(await trigger.poll())).toEqual(['b.pdf']);
	});

	it('waits until a file is unchanged when told to', async () => {
		const trigger = engine.activate(settings({ options: { settle: true } }));
		await trigger.poll();
		await publish('growing', { content: 'a' });
		expect(await trigger.poll()).toEqual([]);
		await publish('growing', { content: 'ab' });
		expect(await trigger.poll()).toEqual([]);
		expect(names(await trigger.poll())).toEqual(['growing']);
	});

	it('fires for an unchanged file though every other poll cannot see its sub-space', async () => {
		const trigger = engine.activate(
			settings({ watch: 'application', application: byName('crd'), options: { settle: true } }),
		);
		await trigger.poll();
		await publish('waiting');
		expect(await trigger.poll()).toEqual([]);
		await publish('elsewhere', { space: ['0001', 'crd', 'results'] });
		sandbox.faults.add({ where: 'sftp.list', effect: 'fail', times: 1, path: '0001/crd/reports' });
		await expect(trigger.poll()).rejects.toThrow(/^Part of what is watched could not be listed/);
		expect(names(await trigger.poll())).toEqual(['waiting', 'elsewhere']);
	});

	it('is edited and published again while fileX is away: an armed trigger is not blocked, and continues', async () => {
		const id = randomUUID();
		const trigger = engine.activate(settings(), 'trigger', id);
		await trigger.poll();
		sandbox.faults.add({ where: 'sftp.list', effect: 'fail', times: 3 });
		await expect(trigger.poll()).rejects.toThrow(/could not answer/);
		await publish('landed meanwhile.pdf');
		// n8n publishes a trigger only if its first poll does not throw.
		const edited = engine.activate(settings({ options: { namePattern: '*.pdf', filesPerPoll: 5 } }), 'trigger', id);
		edited.state = trigger.state;
		expect(await edited.poll()).toEqual([]);
		const elsewhere = engine.activate(settings({ subSpace: byName('results') }), 'trigger', id);
		elsewhere.state = trigger.state;
		await expect(elsewhere.poll()).rejects.toThrow(/could not answer/);
		expect(names(await edited.poll())).toEqual(['landed meanwhile.pdf']);
	});

	it('refuses a sub-space that is not there or not entitled, naming it', async () => {
		await expect(engine.activate(settings({ subSpace: byName('report') })).poll()).rejects.toThrow(
			"There is no sub-space 'report'",
		);
		Object.assign(engine.credentials.stored, loginOf(sandbox.info, 'crdonly'));
		const other = settings({ application: byName('focus'), subSpace: byName('out') });
		await expect(engine.activate(other).poll()).rejects.toThrow("not entitled to '0001/focus/out'");
	});

	describe('tested by hand', () => {
		it('shows the newest files and touches no state', async () => {
			for (let index = 0; index < 12; index++) await publish(`f${index}`, { seconds: index });
			const id = randomUUID();
			const active = engine.activate(settings(), 'trigger', id);
			await active.poll();
			const manual = engine.activate(settings(), 'manual', id);
			const before = manual.state;
			expect(names(await manual.poll())).toEqual(['f11', 'f10', 'f9', 'f8', 'f7', 'f6', 'f5', 'f4', 'f3', 'f2']);
			expect(manual.state).toBe(before);
		});

		it('says why there is nothing', async () => {
			await expect(engine.activate(settings(), 'manual').poll()).rejects.toThrow(
				"There is no file in '0001/crd/reports' at the moment",
			);
			await publish('a.csv');
			const filtered = engine.activate(settings({ options: { namePattern: '*.pdf' } }), 'manual');
			await expect(filtered.poll()).rejects.toThrow(
				"None of the 1 files in '0001/crd/reports' matches 'File Name Pattern' '*.pdf'",
			);
		});
	});
});
