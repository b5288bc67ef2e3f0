import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties, INodeType } from 'n8n-workflow';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { example } from '../../scripts/n8n/example';
import { credentialFields, loginOf } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine, type NodeRun, testNode } from '../support/engine';
import { type OddEntry, startOddServer } from '../support/odd-sftp-server';
import { arrive, requestUpload } from '../support/submissions';

// Before n8n reads it, when it first looks at a path.
process.env.N8N_RESTRICT_FILE_ACCESS_TO = tmpdir();

/** Puts out what n8n makes of its fields. */
class Echo implements INodeType {
	description = testNode('echo', {
		properties: ['text', 'subject'].map((name): INodeProperties => ({
			displayName: name,
			name,
			type: 'string',
			default: '',
		})),
	});

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const [text, subject] = [this.getNodeParameter('text', 0), this.getNodeParameter('subject', 0)];
		return [[{ json: { text, subject } }]];
	}
}

const REPORTS = ['0001', 'crd', 'reports'];
const FILING = '0001/focus/in';

let sandbox: Sandbox;
let engine: Engine;

beforeEach(async () => {
	sandbox = await startSandbox();
	engine = await Engine.start(credentialFields(sandbox.info));
});
afterEach(async () => await sandbox.close());

type OnError = 'continueRegularOutput' | 'continueErrorOutput';

const reconcile = async (
	parameters: object,
	items?: IDataObject[],
	{ onError, by = engine }: { onError?: OnError; by?: Engine } = {},
): Promise<NodeRun> => await by.run({ type: 'fileXReconcile', parameters: parameters as never, onError }, items);

const publish = async (name: string, time: string, content: string | Buffer = 'content', space = REPORTS) =>
	await sandbox.store.publish([...space, name], Readable.from([Buffer.from(content)]), new Date(time));

/** Moves the sandbox's clock. */
function setClock(time: string): void {
	sandbox.settings.change({ clockOffsetSeconds: (Date.parse(time) - Date.now()) / 1000 });
}

/** Status and file names of an output's items. */
const told = (items: NodeRun['items']) =>
	items.map(({ json }) => [json.status, (json.files as IDataObject[]).map(({ name }) => name)]);

const expected = (parameters: object = {}, options: object = {}) => ({
	operation: 'expectedFiles',
	application: byName('crd'),
	subSpace: byName('reports'),
	namePattern: '={{ $json.pattern }}',
	dueTime: '17:00',
	options: { asOf: '2026-03-03T18:00:00', ...options },
	...parameters,
});

describe.each(['rest', 's3', 'sftp'])('fileX Reconcile, Check Expected Files, over %s', (accessMethod) => {
	it('says of each expectation what became of it, in its output', async () => {
		setClock('2026-03-03T23:00:00Z');
		await publish('crd_20260303_1.csv', '2026-03-03T21:00:00Z');
		await publish('crd_20260302_1.csv', '2026-03-02T21:00:00Z');
		await publish('late_20260303.csv', '2026-03-03T22:12:01Z');
		await publish('twice_20260303_1.csv', '2026-03-03T20:00:00Z');
		await publish('twice_20260303_2.csv', '2026-03-03T20:00:00Z');
		await publish('empty_20260303.csv', '2026-03-03T20:00:00Z', '');
		const patterns = [
			'crd_{yyyyMMdd}_*.csv',
			'late_{yyyyMMdd}.csv',
			'gone_{yyyyMMdd}.csv',
			'twice_*',
			'empty_{yyyyMMdd}.csv',
		];
		const { items, others, error } = await reconcile(
			expected({ accessMethod }, { atMost: 1 }),
			patterns.map((pattern) => ({ pattern })),
		);
		expect(error?.message).toBeUndefined();
		expect(told(items)).toEqual([['arrived', ['crd_20260303_1.csv']]]);
		expect(told(others[0]!)).toEqual([
			['late', ['late_20260303.csv']],
			['missing', []],
			['too many', ['twice_20260303_1.csv', 'twice_20260303_2.csv']],
			['too small', ['empty_20260303.csv']],
		]);
		expect(others[0]!.map(({ pairedItem }) => pairedItem)).toEqual([1, 2, 3, 4].map((item) => ({ item })));
		expect(items[0]!.json).toEqual({
			status: 'arrived',
			message: "1 file of 'crd_20260303_*.csv' for 2026-03-03 arrived in time (due 2026-03-03 17:00 America/New_York)",
			isException: false,
			isLate: false,
			lateByMinutes: 0,
			direction: 'delivered',
			orgId: '0001',
			application: 'crd',
			subSpace: 'reports',
			pattern: 'crd_{yyyyMMdd}_*.csv',
			expected: 'crd_20260303_*.csv',
			businessDate: '2026-03-03',
			dueAt: '2026-03-03T22:00:00.000Z',
			countedFrom: null,
			checkedAt: '2026-03-03T23:00:00.000Z',
			count: 1,
			files: [
				{
					name: 'crd_20260303_1.csv',
					path: '0001/crd/reports/crd_20260303_1.csv',
					size: 7,
					lastModified: '2026-03-03T21:00:00.000Z',
				},
			],
		});
		expect(others[0]![0]!.json).toMatchObject({ isLate: true, lateByMinutes: 13, isException: true });
		expect(others[0]![1]!.json).toMatchObject({ isLate: true, lateByMinutes: 60, count: 0 });
		expect(others[0]![2]!.json).toMatchObject({ countedFrom: '2026-03-03T05:00:00.000Z', count: 2 });
	});

	it('lists each sub-space once, however many expectations there are', async () => {
		sandbox.log.clear();
		await reconcile(
			expected({ accessMethod }),
			Array.from({ length: 20 }, (_, index) => ({ pattern: `${index}_{yyyyMMdd}.csv` })),
		);
		const listings = sandbox.log
			.all()
			.filter(({ request }) => /files\/0001\/crd\/reports|list-type=2|^list /i.test(request));
		expect(listings.length).toBeLessThanOrEqual(1);
	});

	it('fails where the sub-space cannot be seen, and never takes that for missing', async () => {
		const parameters = expected({ accessMethod, subSpace: byName('nowhere') });
		const { error, items, others } = await reconcile(parameters, [{ pattern: '*' }]);
		expect(error?.message).toMatch(/There is no sub-space 'nowhere'|not entitled|no such/i);
		expect([items, others.flat()]).toEqual([[], []]);
		const continued = await reconcile(parameters, [{ pattern: '*' }], { onError: 'continueRegularOutput' });
		expect(continued.items).toEqual([]);
		expect(continued.others[0]).toMatchObject([{ json: { error: error!.message }, pairedItem: { item: 0 } }]);
	});
});

describe('fileX Reconcile, Check Expected Files', () => {
	const one = async (pattern: string, parameters: object = {}, options: object = {}): Promise<IDataObject> => {
		const { items, others, error } = await reconcile(expected(parameters, options), [{ pattern }]);
		if (error) throw error;
		return [...items, ...others.flat()][0]!.json;
	};

	it('checks now, where no other moment is given', async () => {
		const before = Date.now();
		const { status, checkedAt, businessDate, dueAt } = await one('gone_{yyyyMMdd}.csv', { options: {} });
		const now = Date.parse(checkedAt as string);
		expect(now).toBeGreaterThanOrEqual(before);
		expect(now).toBeLessThanOrEqual(Date.now());
		const today = new Date(now).toLocaleDateString('en-CA', { timeZone: 'America/New_York' });
		if (status === 'not a business day') expect([businessDate, dueAt]).toEqual([null, null]);
		else expect([businessDate, status]).toEqual([today, now >= Date.parse(dueAt as string) ? 'missing' : 'due later']);
	});

	it('is about the business day before, also over a weekend and a holiday', async () => {
		await publish('a_20260402.csv', '2026-04-03T01:00:00Z');
		expect(
			await one(
				'a_{yyyyMMdd}.csv',
				{ businessDate: 'previousDay', dueTime: '9:00 AM' },
				{ asOf: '2026-04-06T08:00:00' },
			),
		).toMatchObject({ status: 'arrived', businessDate: '2026-04-02', dueAt: '2026-04-06T13:00:00.000Z' });
	});

	it.each([
		['2026-03-02', undefined, '2026-03-02T22:00:00.000Z'],
		['2026-03-02T13:45:00', undefined, '2026-03-02T22:00:00.000Z'],
		['2026-03-02T00:00:00-05:00', 1, '2026-03-03T22:00:00.000Z'],
		["={{ DateTime.fromISO('2026-03-02T23:30:00', { zone: 'America/New_York' }) }}", 2, '2026-03-04T22:00:00.000Z'],
	])('is about a given date: %s', async (date, daysUntilDue, dueAt) => {
		await publish('a_20260302.csv', '2026-03-02T21:00:00Z');
		expect(
			await one('a_{yyyyMMdd}.csv', { businessDate: 'given', date }, { asOf: '2026-07-01T12:00:00', daysUntilDue }),
		).toMatchObject({ status: 'arrived', businessDate: '2026-03-02', dueAt });
	});

	it('expects nothing on a day that is closed, and says why', async () => {
		sandbox.log.clear();
		expect(await one('*', {}, { asOf: '2026-04-03T18:00:00' })).toMatchObject({
			status: 'not a business day',
			isException: false,
			message: '2026-04-03 is not a business day (Good Friday), so nothing is expected',
			businessDate: null,
			expected: null,
			dueAt: null,
			count: 0,
			files: [],
		});
		expect(await one('*', {}, { asOf: '2026-10-12T18:00:00' })).toMatchObject({ status: 'missing' });
		expect(await one('*', {}, { asOf: '2026-10-12T18:00:00', observeTradingHolidays: true })).toMatchObject({
			status: 'not a business day',
		});
		expect(
			await one('*', {}, { asOf: '2026-12-29T18:00:00', extraClosedDays: '2026-12-28 to 2027-01-02' }),
		).toMatchObject({
			status: 'not a business day',
			message: "2026-12-29 is not a business day (in 'Extra Closed Days'), so nothing is expected",
		});
	});

	it('takes the due time in another time zone, also in the hour that clocks skip or show twice', async () => {
		const at = async (timeZone: string, dueTime: string, date: string) =>
			(await one('x_{yyyyMMdd}', { businessDate: 'given', date, dueTime }, { timeZone })).dueAt;
		expect(await at('America/Chicago', '17:00', '2026-03-03')).toBe('2026-03-03T23:00:00.000Z');
		// In Cairo, clocks go from 00:00 to 01:00 on a Friday in April, and back on one in October, at its beginning.
		expect(await at('Africa/Cairo', '00:30', '2026-04-24')).toBe('2026-04-23T22:30:00.000Z');
		expect(await at('Africa/Cairo', '23:30', '2026-10-29')).toBe('2026-10-29T20:30:00.000Z');
	});

	it('counts a file without a date in its name for its own day only', async () => {
		await publish('daily.csv', '2026-03-02T22:30:00Z');
		expect(await one('daily.csv')).toMatchObject({
			status: 'missing',
			message: expect.stringContaining(
				'. Not counted: 1 file of that name, changed before 2026-03-03 00:00 America/New_York',
			),
		});
		expect(await one('daily.csv', {}, { countSince: '2026-03-02T00:00:00' })).toMatchObject({ status: 'arrived' });
		await publish('daily.csv', '2026-03-03T05:00:00Z');
		expect(await one('daily.csv')).toMatchObject({ status: 'arrived' });
	});

	it('sees nothing that came after the moment that is checked by', async () => {
		await publish('a_20260303.csv', '2026-03-03T23:30:00Z');
		expect(await one('a_{yyyyMMdd}.csv')).toMatchObject({ status: 'missing', checkedAt: '2026-03-03T23:00:00.000Z' });
		expect(await one('a_{yyyyMMdd}.csv', {}, { asOf: '2026-03-03T18:30:00' })).toMatchObject({ status: 'late' });
	});

	it('reports files that no expectation is about, once, with the first', async () => {
		setClock('2026-03-03T23:00:00Z');
		await publish('a_20260303.csv', '2026-03-03T20:00:00Z');
		await publish('a_20260227.csv', '2026-03-03T20:00:00Z');
		await publish('strange.csv', '2026-03-03T20:30:00Z');
		await publish('stranger.csv', '2026-03-02T23:00:00Z');
		await publish('old.csv', '2026-03-02T22:59:59Z');
		const patterns = [{ pattern: 'a_{yyyyMMdd}.csv' }, { pattern: 'b_{yyyyMMdd}.csv' }];
		const { items, others } = await reconcile(expected({}, { unexpectedFiles: true }), patterns);
		expect(told(items)).toEqual([['arrived', ['a_20260303.csv']]]);
		expect(told(others[0]!)).toEqual([
			['unexpected', ['stranger.csv']],
			['unexpected', ['strange.csv']],
			['missing', []],
		]);
		expect(others[0]![0]).toMatchObject({
			json: {
				message: "'stranger.csv' lies in '0001/crd/reports', and no expectation of this run is about it",
				isException: true,
				businessDate: null,
				count: 1,
				files: [{ path: '0001/crd/reports/stranger.csv', size: 7 }],
			},
			pairedItem: { item: 0 },
		});
		expect(Object.keys(others[0]![0]!.json)).toEqual(Object.keys(others[0]![2]!.json));
	});

	it('reports no unexpected files while an expectation cannot be read', async () => {
		setClock('2026-03-03T23:00:00Z');
		await publish('b.csv', '2026-03-03T20:00:00Z');
		const { others, hints } = await reconcile(
			expected({}, { unexpectedFiles: true }),
			[{ pattern: 'a_{yyyyMMdd}.csv' }, { pattern: 'b{.csv' }],
			{ onError: 'continueRegularOutput' },
		);
		expect(others[0]!.map(({ json }) => json.status ?? json.error)).toEqual([
			'missing',
			"'File Name Pattern' is 'b{.csv', which cannot be used: a '{' is not closed [item 1]",
		]);
		expect(hints).toEqual([
			"Unexpected files of '0001/crd/reports' are not reported, because item 1 cannot be read, and it may expect them",
		]);
	});

	it('does not call a file missing that a listing may have hidden', async () => {
		const entries: OddEntry[] = [
			{
				filename: 'a_20260303.csv',
				longname: 'a',
				attrs: { mode: 0o100_644, size: 5, atime: 1, mtime: 1_772_571_600 },
			},
			{ filename: 'sizeless.csv', longname: 'sizeless', attrs: { mode: 0o100_644 } },
		];
		const server = await startOddServer(Buffer.from('x'), { entries });
		const fields = { sftpHost: '127.0.0.1', sftpPort: server.port, hostKeys: '' };
		const odd = await Engine.start(credentialFields(sandbox.info, fields));
		const patterns = [{ pattern: 'a_{yyyyMMdd}.csv' }, { pattern: 'gone_{yyyyMMdd}.csv' }];
		const { items, others } = await reconcile(expected({ accessMethod: 'sftp' }), patterns, {
			by: odd,
			onError: 'continueRegularOutput',
		});
		await server.close();
		expect(told(items)).toEqual([['arrived', ['a_20260303.csv']]]);
		expect(others[0]!.map(({ json }) => json.error)).toEqual([
			expect.stringMatching(/^It cannot be determined whether 'gone_20260303\.csv' has arrived: .*'sizeless\.csv'/),
		]);
	});

	it.each([
		[
			'namePattern',
			{ namePattern: 'a_{YYYYMMDD}.csv' },
			{},
			/^'File Name Pattern' is 'a_\{YYYYMMDD\}\.csv', which cannot be used/,
		],
		['namePattern', { namePattern: '={{ "" }}' }, {}, /^'File Name Pattern' is empty/],
		['dueTime', { dueTime: '5pm' }, {}, /^'Due Time' is '5pm', which is not a time of day/],
		['date', { businessDate: 'given', date: '={{ "" }}' }, {}, /^'Date' is empty/],
		['date', { businessDate: 'given', date: '2026-02-30' }, {}, /^'Date' is not a date and time/],
		[
			'date',
			{ businessDate: 'given', date: '2026-03-02T00:00:00.000Z' },
			{},
			/^'Date' is midnight of 2026-03-02 in UTC, which is 2026-03-01 in America\/New_York/,
		],
		[
			'date',
			{ businessDate: 'given', date: '1970-01-01' },
			{},
			/^'Date' is '1970-01-01', which is not a day from 1990 to 2199/,
		],
		['timeZone', {}, { timeZone: 'EST' }, /^'Time Zone' is 'EST', which is not a time zone/],
		[
			'extraClosedDays',
			{},
			{ extraClosedDays: '12/24/2026' },
			/^'Extra Closed Days' has '12\/24\/2026', which is not a date/,
		],
		[
			'extraClosedDays',
			{},
			{ extraClosedDays: '2026-01-01 to 2026-12-31', asOf: '2026-03-03T12:00:00' },
			/^2026-03-03 is not a business day/,
		],
		[
			'atMost',
			{},
			{ atLeast: 3, atMost: 2 },
			/^'At Most \(Files\)' is 2, which is less than 'At Least \(Files\)' \(3\)/,
		],
		['asOf', {}, { asOf: '9999-01-01' }, /^'Check As Of' is in 9999, and not from 1990 to 2199/],
		[
			'subSpace',
			{ application: byName('focus'), subSpace: byName('in') },
			{},
			/^'Sub-Space' is 'in', an upload sub-space: FINRA delivers nothing there/,
		],
		[
			'subSpace',
			{ direction: 'filed', application: byName('focus'), subSpace: byName('in_arcv') },
			{},
			/^'Sub-Space' is 'in_arcv', which is an archive/,
		],
	])('refuses what does not fit by its name: %s (%j, %j)', async (_name, parameters, options, message) => {
		const { error, items } = await reconcile(expected(parameters, options), [{ pattern: '*' }]);
		expect(error?.message ?? items[0]!.json.message).toMatch(message);
	});
});

describe('fileX Reconcile, Check Expected Files that the firm files', () => {
	const filed = (parameters: object = {}, options: object = {}) =>
		expected({ direction: 'filed', application: byName('focus'), subSpace: byName('in'), ...parameters }, options);

	const one = async (
		pattern: string,
		parameters: object = {},
		options: object = {},
		by = engine,
	): Promise<[IDataObject, 'As Expected' | 'Exceptions']> => {
		const { items, others, error } = await reconcile(filed(parameters, options), [{ pattern }], { by });
		if (error) throw error;
		return items[0] ? [items[0].json, 'As Expected'] : [others[0]![0]!.json, 'Exceptions'];
	};

	/** Files over REST. */
	async function file(name: string, at: string, decision?: 'ACCEPTED' | 'REJECTED' | 'PARTIALLY_REJECTED', text = 'x') {
		setClock(at);
		const trackingId = requestUpload(sandbox, `${FILING}/${name}`);
		await arrive(sandbox, `${FILING}/${name}`, trackingId, text);
		if (decision) sandbox.submissions.decide(trackingId, decision);
		return trackingId;
	}

	/** Files over SFTP or S3 Direct, which tracking does not know. */
	async function fileUntracked(name: string, at: string) {
		setClock(at);
		const content = await sandbox.contents.receive(Readable.from([Buffer.from('x')]));
		await sandbox.submissions.receive(`${FILING}/${name}`.split('/'), content, { method: 'sftp', username: 'demo' });
	}

	it('says what FINRA decided', async () => {
		const accepted = await file('a_20260303.zip', '2026-03-03T20:00:00Z', 'ACCEPTED');
		await file('b_20260303.zip', '2026-03-03T20:00:00Z', 'REJECTED');
		await file('c_20260303.zip', '2026-03-03T20:00:00Z', 'PARTIALLY_REJECTED');
		await file('d_20260303.zip', '2026-03-03T20:00:00Z');
		await file('e_20260303.zip', '2026-03-03T22:30:00Z', 'ACCEPTED');
		requestUpload(sandbox, `${FILING}/f_20260303.zip`);
		const { items, others } = await reconcile(
			filed(),
			['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => ({ pattern: `${letter}_{yyyyMMdd}.zip` })),
		);
		expect(items.map(({ json }) => json.status)).toEqual(['accepted']);
		expect(others[0]!.map(({ json }) => [json.status, json.isLate])).toEqual([
			['rejected', true],
			['rejected', true],
			['undecided', false],
			['accepted', true],
			['not filed', true],
		]);
		expect(items[0]!.json).toMatchObject({
			direction: 'filed',
			application: 'focus',
			subSpace: 'in',
			count: 1,
			checkedAgainst: ['tracking', 'archive'],
			submissions: [
				{
					fileName: 'a_20260303.zip',
					trackingId: accepted,
					archivePath: expect.stringMatching(/^0001\/focus\/in_arcv\/20260303150000\d{3}_a_20260303\.zip$/),
					submittedAt: expect.stringMatching(/^2026-03-03T20:00:00/),
					userName: 'demo',
					size: 1,
					status: 'Received by FINRA',
					downstreamStatus: 'ACCEPTED',
					decision: 'accepted',
				},
			],
		});
		expect(items[0]!.json).not.toHaveProperty('files');
		expect(others[0]![4]!.json.message).toMatch(/1 upload of that name began, and no file has arrived by it$/);
	});

	it('finds what was filed over SFTP in the archive, whose decision is never told', async () => {
		await fileUntracked('a_20260303.zip', '2026-03-03T20:00:00Z');
		expect(await one('a_{yyyyMMdd}.zip')).toMatchObject([
			{ status: 'undecided', submissions: [{ trackingId: null, decision: 'undecided', userName: null }] },
			'As Expected',
		]);
		await fileUntracked('b_20260303.zip', '2026-03-03T22:30:00Z');
		expect(await one('b_{yyyyMMdd}.zip')).toMatchObject([{ status: 'undecided', isLate: true }, 'Exceptions']);
	});

	it('knows two filings of one file', async () => {
		await file('a_20260303.zip', '2026-03-03T20:00:00Z', 'ACCEPTED');
		await file('a_20260303.zip', '2026-03-03T20:10:00Z', 'ACCEPTED');
		expect(await one('a_{yyyyMMdd}.zip', {}, { atMost: 1 })).toMatchObject([
			{ status: 'too many', count: 2 },
			'Exceptions',
		]);
	});

	it('fails where tracking gives no answer, and takes that for nothing else', async () => {
		await file('a_20260303.zip', '2026-03-03T20:00:00Z', 'ACCEPTED');
		sandbox.faults.add({ where: 'rest.tracking', effect: 'fail', times: 99 } as never);
		const { error, items, others } = await reconcile(filed(), [{ pattern: 'gone_{yyyyMMdd}.zip' }]);
		expect(error).toBeDefined();
		expect([items, others.flat()]).toEqual([[], []]);
	});

	it('does without tracking where the user says so', async () => {
		await file('a_20260303.zip', '2026-03-03T20:00:00Z', 'ACCEPTED');
		sandbox.faults.add({ where: 'rest.tracking', effect: 'fail', times: 99 } as never);
		expect(await one('a_{yyyyMMdd}.zip', { accessMethod: 'sftp' }, { withoutTracking: true })).toMatchObject([
			{ status: 'undecided', checkedAgainst: ['archive'] },
			'As Expected',
		]);
	});

	it('goes by tracking where the account may not see the archive, but does not say that nothing was filed', async () => {
		await file('a_20260303.zip', '2026-03-03T20:00:00Z', 'ACCEPTED');
		const submitter = await Engine.start(credentialFields(sandbox.info, loginOf(sandbox.info, 'submitonly')));
		expect(await one('a_{yyyyMMdd}.zip', {}, {}, submitter)).toMatchObject([
			{ status: 'accepted', checkedAgainst: ['tracking'] },
			'As Expected',
		]);
		expect(await one('b_{yyyyMMdd}.zip', {}, { asOf: '2026-03-03T12:00:00' }, submitter)).toMatchObject([
			{ status: 'due later' },
			'As Expected',
		]);
		await expect(one('b_{yyyyMMdd}.zip', {}, {}, submitter)).rejects.toMatchObject({
			message: expect.stringMatching(/^It cannot be determined whether 'b_20260303\.zip' was filed: /),
		});
	});
});

describe('fileX Reconcile, Compare Listings', () => {
	const compare = (parameters: object = {}, options: object = {}) => ({
		operation: 'compareListings',
		application: byName('crd'),
		subSpace: byName('reports'),
		options,
		...parameters,
	});
	const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');
	const shown = ({ items, others }: NodeRun) => ({
		same: items.map(({ json }) => json.name),
		exceptions: (others[0] ?? []).map(({ json }) => [json.name, json.status, json.differences]),
	});

	const EACH = [
		['same.csv', 'content'],
		['longer.csv', 'content that is longer'],
		['other.csv', 'CONTENT'],
	] as const;

	beforeEach(async () => {
		for (const name of ['same.csv', 'longer.csv', 'other.csv', 'theirs.csv'])
			await publish(name, '2026-03-03T20:00:00Z');
	});

	it.each(['rest', 's3', 'sftp'])(
		'compares input items over %s, with their content where it is asked for',
		async (accessMethod) => {
			const items = [...EACH, ['ours.csv', 'x'] as const].map(([name, content]) => ({
				name,
				size: content.length,
				sha256: sha256(content).toUpperCase(),
			}));
			const sizes = await reconcile(compare({ accessMethod }), items);
			expect(sizes.error?.message).toBeUndefined();
			expect(shown(sizes)).toEqual({
				same: ['same.csv', 'other.csv'],
				exceptions: [
					['theirs.csv', 'only at fileX', []],
					['longer.csv', 'different', ['size']],
					['ours.csv', 'only here', []],
				],
			});
			expect(sizes.others[0]!.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 3 }]);
			const contents = await reconcile(compare({ accessMethod }, { compareContent: true }), items);
			expect(shown(contents)).toEqual({
				same: ['same.csv'],
				exceptions: [
					['theirs.csv', 'only at fileX', []],
					['longer.csv', 'different', ['size']],
					['other.csv', 'different', ['sha256']],
					['ours.csv', 'only here', []],
				],
			});
			expect(contents.items[0]!.json).toEqual({
				status: 'same',
				message: "'same.csv' has the same content at fileX and here",
				isException: false,
				name: 'same.csv',
				path: '0001/crd/reports/same.csv',
				here: null,
				orgId: '0001',
				application: 'crd',
				subSpace: 'reports',
				sizeAtFileX: 7,
				sizeHere: 7,
				sha256AtFileX: sha256('content'),
				sha256Here: sha256('content'),
				lastModified: '2026-03-03T20:00:00.000Z',
				copies: 1,
				compared: ['size', 'sha256'],
				differences: [],
				checkedAt: expect.stringMatching(/Z$/),
			});
		},
	);

	it('reads no content that it need not', async () => {
		sandbox.log.clear();
		await reconcile(compare({}, { compareContent: true }), [
			{ name: 'longer.csv', size: 1, sha256: sha256('x') },
			{ name: 'same.csv', size: 7 },
			{ name: 'ours.csv', size: 7, sha256: sha256('x') },
		]);
		expect(sandbox.log.all().filter(({ request }) => /reports\/.+csv/.test(request))).toEqual([]);
	});

	it('takes an empty item for an empty list', async () => {
		expect(shown(await reconcile(compare(), [{}]))).toEqual({
			same: [],
			exceptions: ['longer.csv', 'other.csv', 'same.csv', 'theirs.csv'].map((name) => [name, 'only at fileX', []]),
		});
	});

	it('compares each sub-space of the items with its own list', async () => {
		await publish('a.csv', '2026-03-03T20:00:00Z', 'x', ['0001', 'focus', 'out']);
		const items = [
			{ name: 'a.csv', size: 1, app: 'focus', space: 'out' },
			{ name: 'same.csv', size: 7, app: 'crd', space: 'reports' },
		];
		const parameters = { application: byName('={{ $json.app }}'), subSpace: byName('={{ $json.space }}') };
		const run = await reconcile(compare(parameters), items);
		expect(shown(run).same).toEqual(['a.csv', 'same.csv']);
		expect(run.others[0]!.map(({ json, pairedItem }) => [json.name, pairedItem])).toEqual(
			['longer.csv', 'other.csv', 'theirs.csv'].map((name) => [name, { item: 1 }]),
		);
	});

	it.each([
		[
			'twice',
			[{ name: 'a', size: 1 }, { name: 'b' }, { name: 'a', size: 2 }],
			"'a' is listed twice: in item 0 and in item 2",
		],
		['without a name', [{ name: 'a' }, { size: 1 }], "'File Name' is empty in item 1"],
		['with a hash that is none', [{ name: 'a', sha256: 'abc' }], "'SHA-256' is 'abc', which is not a SHA-256"],
		[
			'with a size that is none',
			[{ name: 'a', size: 'big' }],
			"'Size (Bytes)' must be a number of bytes, 0 or more, but it is 'big'",
		],
	])('compares nothing where a file is listed %s', async (_name, items, message) => {
		const { error } = await reconcile(compare(), items);
		expect(error?.message).toBe(message);
		// The whole list failed: its items must not look as expected.
		const continued = await reconcile(compare(), items, { onError: 'continueRegularOutput' });
		expect(continued.items).toEqual([]);
		expect(continued.others[0]!.map(({ json }) => json.error)).toEqual(items.map(() => message));
		const split = await reconcile(compare(), items, { onError: 'continueErrorOutput' });
		expect([split.items, split.others[0]]).toEqual([[], []]);
		expect(split.others[1]).toHaveLength(items.length);
	});

	it('leaves out names that do not fit, and old files that are only at fileX', async () => {
		await publish('old.csv', '2026-03-01T20:00:00Z');
		await publish('old.pdf', '2026-03-03T20:00:00Z');
		const items = [{ name: 'same.csv', size: 7 }, { name: 'ours.pdf' }, { name: 'old.csv', size: 7 }];
		const options = { namePattern: '*.csv', changedAfter: '2026-03-02T00:00:00' };
		expect(shown(await reconcile(compare({}, options), items))).toMatchObject({
			same: ['same.csv', 'old.csv'],
			exceptions: [['longer.csv'], ['other.csv'], ['theirs.csv']].map((each) => expect.arrayContaining(each)),
		});
	});

	it('goes by the original names in an archive', async () => {
		const path = `${FILING}/a.zip`;
		await arrive(sandbox, path, requestUpload(sandbox, path), 'one');
		await arrive(sandbox, path, requestUpload(sandbox, path), 'three');
		const { items } = await reconcile(compare({ application: byName('focus'), subSpace: byName('in_arcv') }), [
			{ name: 'a.zip', size: 5 },
		]);
		expect(items[0]!.json).toMatchObject({
			name: 'a.zip',
			copies: 2,
			path: expect.stringMatching(/in_arcv\/\d{17}_a\.zip$/),
		});
	});

	describe('with a folder', () => {
		let folder: string;
		beforeEach(async () => {
			folder = await mkdtemp(join(tmpdir(), 'filex-reconcile-'));
			for (const [name, content] of [...EACH, ['ours.csv', 'x'], ['.hidden', 'x']] as const)
				await writeFile(join(folder, name), content);
			await mkdir(join(folder, 'theirs.csv'));
			await symlink(join(folder, 'ours.csv'), join(folder, 'link.csv'));
		});
		afterEach(async () => await rm(folder, { recursive: true, force: true }));

		it('compares sizes, and contents where it is asked for', async () => {
			const parameters = () => ({ compareWith: 'disk', folder });
			const sizes = await reconcile(compare(parameters()));
			expect(sizes.error?.message).toBeUndefined();
			expect(shown(sizes).same.sort()).toEqual(['other.csv', 'same.csv']);
			expect(shown(sizes).exceptions.sort()).toEqual([
				['longer.csv', 'different', ['size']],
				['ours.csv', 'only here', []],
				['theirs.csv', 'only at fileX', []],
			]);
			const contents = await reconcile(compare(parameters(), { compareContent: true }));
			expect(shown(contents).same).toEqual(['same.csv']);
			expect(contents.items[0]!.json).toMatchObject({
				here: join(folder, 'same.csv'),
				sha256Here: sha256('content'),
				sha256AtFileX: sha256('content'),
			});
			expect(shown(contents).exceptions).toContainEqual(['other.csv', 'different', ['sha256']]);
		});

		it.each([
			['is a file', () => join(folder, 'same.csv'), /which 'Folder' names, is not a folder/],
			['is not there', () => join(folder, 'nowhere'), /which 'Folder' names, cannot be used: it does not exist/],
			['is not allowed', () => '/etc', /^n8n does not let workflows use '\/etc', which 'Folder' names/],
			['is empty', () => '={{ "" }}', /^'Folder' is empty/],
		])('refuses one that %s', async (_name, path, message) => {
			const { error } = await reconcile(compare({ compareWith: 'disk', folder: path() }));
			expect(error?.message).toMatch(message);
		});
	});

	describe('with a bucket', () => {
		let store: Sandbox;
		let own: Engine;
		const PREFIX = '0001/crd/reports';

		beforeEach(async () => {
			store = await startSandbox();
			const { credentials, region } = store.s3Keys.issue('demo', [REPORTS], []);
			const bucket = { bucket: 'bucket-filex', region, endpoint: store.info.s3, pathStyle: true, ...credentials };
			own = await Engine.start({ ...credentialFields(sandbox.info), ...bucket });
			for (const [name, content] of [...EACH, ['ours.csv', 'x']] as const)
				await store.store.publish([...REPORTS, name], Readable.from([Buffer.from(content)]));
		});
		afterEach(async () => await store.close());

		it('compares sizes, and contents where it is asked for', async () => {
			const parameters = { compareWith: 's3Bucket', bucketFolder: `/${PREFIX}/` };
			const sizes = await reconcile(compare(parameters), [{}], { by: own });
			expect(sizes.error?.message).toBeUndefined();
			expect(shown(sizes).same.sort()).toEqual(['other.csv', 'same.csv']);
			expect(shown(sizes).exceptions.sort()).toEqual([
				['longer.csv', 'different', ['size']],
				['ours.csv', 'only here', []],
				['theirs.csv', 'only at fileX', []],
			]);
			const contents = await reconcile(compare(parameters, { compareContent: true }), [{}], { by: own });
			expect(shown(contents).same).toEqual(['same.csv']);
			expect(contents.items[0]!.json).toMatchObject({
				here: `s3://bucket-filex/${PREFIX}/same.csv`,
				sha256Here: sha256('content'),
			});
		});

		it('says so where the keys may not list it', async () => {
			const { error } = await reconcile(compare({ compareWith: 's3Bucket', bucketFolder: 'elsewhere' }), [{}], {
				by: own,
			});
			expect(error?.message).toBe(
				"The keys of the S3 Bucket credential may not do this with 's3://bucket-filex/elsewhere/' (HTTP 403 AccessDenied) [item 0]",
			);
			expect(error?.description).toMatch(/s3:ListBucket to list them/);
		});
	});

	it('hashes a large file without keeping it', async () => {
		const content = randomBytes(20_000_001);
		await publish('large.bin', '2026-03-03T20:00:00Z', content);
		const items = [
			{ name: 'large.bin', size: content.length, sha256: createHash('sha256').update(content).digest('hex') },
		];
		const { items: same } = await reconcile(compare({}, { compareContent: true, namePattern: 'large.bin' }), items);
		expect(same[0]!.json).toMatchObject({ status: 'same', compared: ['size', 'sha256'] });
	});
});

describe('fileX Reconcile', () => {
	it('runs in examples/missing-report-alert.json as it is, whose messages say what happened', async () => {
		const { nodes } = await example('missing-report-alert');
		const named = (name: string) => nodes.find((node) => node.name === name)!;
		const { parameters, onError } = named('fileX Reconcile') as unknown as { parameters: object; onError: OnError };
		const missing = await reconcile({ ...parameters, options: { asOf: '2026-03-03T17:05:00' } }, [{}], { onError });
		const unseen = await reconcile(
			{ ...parameters, subSpace: byName('nowhere'), options: { asOf: '2026-03-03T17:05:00' } },
			[{}],
			{ onError },
		);
		expect([missing.items, unseen.items]).toEqual([[], []]);
		engine.add('test.echo', new Echo());
		const texts = async (step: string, items: NodeRun['items']) => {
			const { text, subject = '' } = named(step).parameters as { text: string; subject?: string };
			return (await engine.runOn({ type: 'test.echo', parameters: { text, subject } }, items)).items[0]!.json;
		};
		expect((await texts('Tell: Exception', missing.others[0]!)).text).toBe(
			"fileX missing: No file of 'report_20260303*.csv' for 2026-03-03 has arrived. It was due 2026-03-03 17:00 America/New_York, 5 minutes ago",
		);
		expect((await texts('Tell: Exception', unseen.others[0]!)).text).toMatch(
			/^fileX check failed: There is no sub-space 'nowhere'/,
		);
		expect(await texts('Mail: Exception', missing.others[0]!)).toEqual({
			subject: 'fileX missing: report_20260303*.csv',
			text: expect.stringMatching(
				/\n\nPlace: 0001\/crd\/reports\nDue: 2026-03-03T22:00:00\.000Z\nChecked: 2026-03-03T22:05:00\.000Z\nLate by: 5 minutes\nFiles: none$/,
			),
		});
		expect((await texts('Mail: Exception', unseen.others[0]!)).text).toMatch(/\n\n.*This account sees: /);
	});

	it('tells an AI agent all in its one output, exceptions too', async () => {
		await publish('a_20260303.csv', '2026-03-03T20:00:00Z');
		const answers = async (pattern: string) =>
			await engine.callAsTool(
				{
					type: 'fileXReconcile',
					parameters: expected({ namePattern: "={{ $fromAI('pattern') }}" }, { unexpectedFiles: true }) as never,
				},
				{ pattern },
			);
		expect(await answers('a_{yyyyMMdd}.csv')).toMatchObject([{ status: 'arrived', isException: false }]);
		expect((await answers('b_{yyyyMMdd}.csv')).map(({ status, isException }) => [status, isException])).toEqual([
			['missing', true],
			['unexpected', true],
		]);
	});

	it.each([
		['Folder', { compareWith: 'disk', folder: "={{ $fromAI('folder') }}" }],
		['Key Prefix', { compareWith: 's3Bucket', bucketFolder: '={{ $json.folder }}' }],
	])("does not take '%s' from an AI agent", async (field, parameters) => {
		const place = { operation: 'compareListings', application: byName('crd'), subSpace: byName('reports') };
		await expect(
			engine.callAsTool(
				{ type: 'fileXReconcile', parameters: { ...place, ...parameters } as never },
				{ folder: '/etc' },
			),
		).rejects.toThrow(`An agent's tool may not take '${field}' from the agent`);
	});

	it('hands no input on as expected, where not even the login succeeds', async () => {
		const stranger = await Engine.start(credentialFields(sandbox.info, { orgId: 'none' }));
		const { items, others, error } = await reconcile(expected(), [{ pattern: '*' }, { pattern: '*' }], {
			by: stranger,
			onError: 'continueRegularOutput',
		});
		expect([error, items]).toEqual([undefined, []]);
		expect(others[0]).toMatchObject([
			{ json: { error: expect.stringContaining("'Organization ID'") }, pairedItem: { item: 0 } },
			{ json: { error: expect.stringContaining("'Organization ID'") }, pairedItem: { item: 1 } },
		]);
	});
});
