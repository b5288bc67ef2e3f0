import { Readable } from 'node:stream';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields, loginOf } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine } from '../support/engine';

describe.each(['rest', 's3', 'sftp'])('fileX List over %s', (accessMethod) => {
	let sandbox: Sandbox;
	let engine: Engine;

	const list = (parameters: object, onError?: 'continueRegularOutput') => ({
		type: 'fileXList',
		parameters: {
			accessMethod,
			operation: 'files',
			application: byName('crd'),
			subSpace: byName('reports'),
			...parameters,
		} as never,
		onError,
	});

	beforeAll(async () => {
		sandbox = await startSandbox();
		engine = await Engine.start(credentialFields(sandbox.info));
		for (const [name, time] of [
			['b.csv', '2026-03-01T00:00:00Z'],
			['a.pdf', '2026-03-03T00:00:00Z'],
			['c.PDF', '2026-03-02T00:00:00Z'],
		] as const) {
			await sandbox.store.publish(['0001', 'crd', 'reports', name], Readable.from([name]), new Date(time));
		}
		await sandbox.store.publish(['0001', 'focus', 'in_arcv', '20260308013000000_first.zip'], Readable.from(['x']));
		await sandbox.store.publish(['888888', 'crd', 'reports', 'theirs.pdf'], Readable.from(['x']));
	});
	afterAll(async () => await sandbox.close());

	it('lists files newest first, with what the guide says of the place', async () => {
		const { items } = await engine.run(list({ returnAll: true }));
		expect(items.map(({ json }) => json.name)).toEqual(['a.pdf', 'c.PDF', 'b.csv']);
		expect(items[0]).toMatchObject({
			json: {
				orgId: '0001',
				application: 'crd',
				subSpace: 'reports',
				path: '0001/crd/reports/a.pdf',
				size: 5,
				lastModified: '2026-03-03T00:00:00.000Z',
				allowedAction: 'Download',
				retention: '30 calendar days',
				...(accessMethod === 'rest' && { writable: false }),
			},
			pairedItem: { item: 0 },
		});
	});

	it('refuses a limit that is not one', async () => {
		for (const limit of ['all', 0]) {
			const { error } = await engine.run(list({ limit }));
			expect(error?.message).toBe(`'Limit' must be a number of results, 1 or more, but it is '${limit}' [item 0]`);
		}
	});

	it('refuses an access method that is not one, naming the field', async () => {
		const { error } = await engine.run(list({ accessMethod: 'ftp' }));
		expect(error?.message).toBe("'Access Method' is 'ftp', which is not one of its choices");
	});

	it("limits, and filters by name and time in the workflow's time zone", async () => {
		expect((await engine.run(list({ limit: 1 }))).items).toHaveLength(1);
		const pdf = await engine.run(list({ options: { namePattern: '*.pdf' } }));
		expect(pdf.items.map(({ json }) => json.name)).toEqual(['a.pdf', 'c.PDF']);
		const between = { changedAfter: '2026-02-28T19:30:00', changedBefore: '2026-03-02T18:30:00' };
		expect((await engine.run(list({ options: between }))).items.map(({ json }) => json.name)).toEqual(['c.PDF']);
	});

	it("tells an archived file's original name and upload time", async () => {
		const { items } = await engine.run(list({ application: byName('focus'), subSpace: byName('in_arcv') }));
		expect(items[0]!.json).toMatchObject({ originalName: 'first.zip', uploadedAt: '2026-03-08T06:30:00.000Z' });
	});

	it('lists applications and sub-spaces', async () => {
		const applications = await engine.run(list({ operation: 'applications' }));
		expect(applications.items.map(({ json }) => json.application)).toContain('focus');
		const spaces = await engine.run(list({ operation: 'subSpaces', application: byName('focus') }));
		expect(spaces.items.map(({ json }) => [json.subSpace, json.allowedAction, json.archive])).toEqual([
			['in', 'Upload', false],
			['in_arcv', 'Download', true],
			['out', 'Download', false],
		]);
	});

	it('acts for another organization', async () => {
		const { items } = await engine.run(list({ options: { orgId: '888888' } }));
		expect(items.map(({ json }) => json.path)).toEqual(['888888/crd/reports/theirs.pdf']);
	});

	it('takes a pasted path for a sub-space', async () => {
		const { items } = await engine.run(list({ subSpace: byName('/0001/crd/reports/') }));
		expect(items).toHaveLength(3);
	});

	it("hands on fileX's own XML over REST, and says that the others have none", async () => {
		const options = { output: 'xml' };
		const { items, error } = await engine.run(list({ options }));
		if (accessMethod !== 'rest') {
			expect(error?.message).toBe("'Output' is fileX XML, which fileX gives over HTTPS REST only [item 0]");
			expect(error?.description).toMatch(/'Access Method'/);
			return;
		}
		expect(items).toMatchObject([
			{
				json: { path: '0001/crd/reports', xml: expect.stringMatching(/^<\?xml.*<name>b\.csv</s) },
				pairedItem: { item: 0 },
			},
		]);
		const paths = ['applications', 'subSpaces'].map(
			async (operation) => (await engine.run(list({ operation, options }))).items[0]!.json.path,
		);
		expect(await Promise.all(paths)).toEqual(['0001', '0001/crd']);
	});

	it('gives a live list for the editor', async () => {
		const node = list({});
		expect((await engine.search('applications', node, 'foc')).results).toEqual([
			{ name: 'focus – eFOCUS', value: 'focus' },
		]);
		expect((await engine.search('subSpaces', node)).results).toContainEqual({
			name: 'reports – Download, 30 calendar days',
			value: 'reports',
		});
		expect((await engine.search('files', node)).results[0]).toEqual({ name: 'a.pdf', value: 'a.pdf' });
	});

	it("lets the service's refusal through to the editor's list", async () => {
		await expect(engine.search('subSpaces', list({ application: byName('nosuch') }))).rejects.toMatchObject({
			message: "There is no application 'nosuch' in organization '0001' for this account",
		});
	});

	it('continues with the other items when one is refused and the node is set to continue', async () => {
		const node = list(
			{ application: { __rl: true, mode: 'name', value: '={{ $json.app }}' } },
			'continueRegularOutput',
		);
		const { items, error } = await engine.run(node, [{ app: 'nosuch' }, { app: 'crd' }]);
		expect(error).toBeUndefined();
		expect(items[0]).toMatchObject({ json: { error: expect.stringContaining("'nosuch'") }, pairedItem: { item: 0 } });
		expect(items.slice(1).map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }, { item: 1 }, { item: 1 }]);
	});

	describe('refuses, naming the field and what to do,', () => {
		it.each([
			[
				'an organization ID with letters',
				{ options: { orgId: '12ab' } },
				"'On Behalf of Organization ID' must hold digits only, but it is '12ab' [item 0]",
				/leading zeros/,
			],
			[
				'an application that does not exist',
				{ application: byName('nosuch') },
				/^There is no application 'nosuch'/,
				/^Field: 'Application'\. This account sees: acats/,
			],
			[
				'a sub-space that does not exist',
				{ subSpace: byName('report') },
				/^There is no sub-space 'report'/,
				/incoming_filings/,
			],
			[
				'an application name with a blank',
				{ application: byName('c rd') },
				/^'Application' may hold letters/,
				/section 9/,
			],
			[
				'a date that is not one',
				{ options: { changedAfter: 'soon' } },
				/^'Changed After' is not a date/,
				/2026-03-31T17:00:00/,
			],
			[
				'another organization without entitlement',
				{ options: { orgId: '4711' } },
				/not entitled to '4711\/crd\/reports'/,
				/SAA/,
			],
		])('%s', async (_name, parameters, message, description) => {
			const { error } = await engine.run(list(parameters));
			expect(error?.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
			expect(error?.description).toMatch(description);
		});

		it('a sub-space without entitlement', async () => {
			const limited = await Engine.start(credentialFields(sandbox.info, loginOf(sandbox.info, 'crdonly')));
			const { error } = await limited.run(list({ application: byName('focus'), subSpace: byName('out') }));
			expect(error?.message).toMatch(/^This account is not entitled to '0001\/focus\/out'/);
			expect(error?.description).toMatch(/Account Administrator/);
			expect(error?.failure).toEqual({ cause: 'configuration-invalid' });
		});
	});
});

describe('fileX List, Get Service Health', () => {
	it('reports a service that is well', async () => {
		const sandbox = await startSandbox();
		const engine = await Engine.start(credentialFields(sandbox.info));
		const { items } = await engine.run({ type: 'fileXList', parameters: { operation: 'health' } });
		expect(items[0]!.json).toMatchObject({
			healthy: true,
			httpStatus: 200,
			sftp: { reachable: true, hostKey: expect.stringMatching(/^SHA256:/), pinned: true },
		});
		expect(sandbox.info.sftp.hostKeys).toContain((items[0]!.json.sftp as { hostKey: string }).hostKey);
		expect(sandbox.log.count('sftp', 'login') + sandbox.log.count('fip', 'token')).toBe(0);
		await sandbox.close();
	});

	it('reports a service that does not answer', async () => {
		const sandbox = await startSandbox();
		const engine = await Engine.start(credentialFields(sandbox.info, { sftpPort: 1, restUrl: 'http://127.0.0.1:1' }));
		const { items } = await engine.run({ type: 'fileXList', parameters: { operation: 'health' } });
		expect(items[0]!.json).toMatchObject({
			healthy: false,
			httpStatus: null,
			sftp: { reachable: false, reason: expect.stringContaining('nothing listens there') },
		});
		await sandbox.close();
	});
});
