import type { IDataObject } from 'n8n-workflow';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields } from '../support/accounts';
import { Engine, type NodeRun } from '../support/engine';
import { arrive, plant, requestUpload } from '../support/submissions';

const UNKNOWN = '343dab32-516b-4e04-b60e-2526fa72e879';
const PATH = '0001/focus/in/a.zip';

let sandbox: Sandbox;
let engine: Engine;

beforeAll(async () => {
	sandbox = await startSandbox();
	engine = await Engine.start(credentialFields(sandbox.info));
});
afterEach(() => {
	jest.restoreAllMocks();
	sandbox.faults.clear();
	sandbox.database.exec('DELETE FROM submissions');
	sandbox.log.clear();
});
afterAll(async () => await sandbox.close());

const run = async (
	parameters: object,
	items?: IDataObject[],
	onError?: 'continueRegularOutput' | 'continueErrorOutput',
): Promise<NodeRun> => await engine.run({ type: 'fileXTrack', parameters: parameters as never, onError }, items);

async function receivedUpload(): Promise<string> {
	const id = requestUpload(sandbox, PATH);
	await arrive(sandbox, PATH, id, 'four');
	return id;
}

describe('fileX Track, Get', () => {
	it('gives the submission of each item, paired', async () => {
		const ids = [requestUpload(sandbox, PATH), await receivedUpload()];
		const { items } = await run(
			{ operation: 'get' },
			ids.map((trackingId) => ({ trackingId })),
		);
		expect(items).toMatchObject([
			{ json: { trackingId: ids[0], status: 'Request Received', path: PATH }, pairedItem: { item: 0 } },
			{
				json: { trackingId: ids[1], status: 'Received by FINRA', size: 4, downstreamStatus: 'RECEIVED' },
				pairedItem: { item: 1 },
			},
		]);
		expect(items[1]!.json.archivePath).toMatch(/^0001\/focus\/in_arcv\/\d{17}_a\.zip$/);
	});

	it('gives an archive path that fileX Download takes', async () => {
		const { items } = await run({ operation: 'get', trackingId: await receivedUpload() });
		const filePath = items[0]!.json.archivePath as string;
		const download = await engine.run({
			type: 'fileXDownload',
			parameters: { selectBy: 'path', filePath, binaryPropertyName: 'data' },
		});
		expect(download.items[0]!.json).toMatchObject({ size: 4, originalName: 'a.zip' });
	});

	it("gives fileX's own XML", async () => {
		const trackingId = requestUpload(sandbox, PATH);
		const { items } = await run({ operation: 'get', trackingId, output: 'xml' });
		expect(items).toMatchObject([
			{ json: { trackingId, xml: expect.stringMatching(/^<\?xml.*<fileName>a\.zip</s) }, pairedItem: { item: 0 } },
		]);
	});

	it.each([
		[
			'an id that is not one',
			'abc',
			"'Tracking ID' must be a UUID, but it is 'abc' [item 0]",
			/'trackingId' that fileX assigned/,
		],
		[
			'an id that no item has',
			'={{ $json.trackingId }}',
			"'Tracking ID' is empty [item 0]",
			/'trackingId' that fileX assigned/,
		],
		[
			'an unknown id',
			UNKNOWN,
			`fileX tracks no submission '${UNKNOWN}' (HTTP 404) [item 0]`,
			/^Field: 'Tracking ID'\. .*90 days.*HTTPS REST/,
		],
	])('refuses %s, naming the field and what to do', async (_name, trackingId, message, description) => {
		const { error, items } = await run({ operation: 'get', trackingId });
		expect(error).toMatchObject({ message, description: expect.stringMatching(description) });
		expect(items).toEqual([]);
	});

	it('continues with the other items where the node is set to', async () => {
		const items = [{ trackingId: UNKNOWN }, { trackingId: requestUpload(sandbox, PATH) }, { trackingId: 'x' }];
		const regular = await run({ operation: 'get' }, items, 'continueRegularOutput');
		expect(regular.error).toBeUndefined();
		expect(regular.items).toMatchObject([
			{ json: { error: expect.stringContaining('tracks no submission') }, pairedItem: { item: 0 } },
			{ json: { trackingId: items[1]!.trackingId }, pairedItem: { item: 1 } },
			{ json: { error: expect.stringContaining('UUID') }, pairedItem: { item: 2 } },
		]);
		const split = await run({ operation: 'get' }, items, 'continueErrorOutput');
		expect(split.items).toMatchObject([{ json: { trackingId: items[1]!.trackingId } }]);
		expect(split.others).toMatchObject([
			[{ json: { error: expect.any(String) } }, { json: { error: expect.any(String) } }],
		]);
	});
});

describe('fileX Track, Get Many', () => {
	const day = (number: number) => new Date(`2026-03-0${number}T12:00:00Z`);

	beforeEach(() => {
		// So that March is within the last 90 days.
		sandbox.settings.change({
			clockOffsetSeconds: Math.round((Date.parse('2026-03-10T00:00:00Z') - Date.now()) / 1000),
		});
		const decided = { status: 'Received by FINRA', size: 4 } as const;
		const kinds = [
			{ name: 'asked.zip' },
			{ name: 'received.zip', ...decided, downstream: 'RECEIVED' },
			{ name: 'accepted.csv', ...decided, downstream: 'ACCEPTED', space: ['0001', 'crd', 'incoming'] },
			{ name: 'rejected.zip', ...decided, downstream: 'REJECTED', username: 'other' },
			{ name: 'partly.csv', ...decided, downstream: 'PARTIALLY_REJECTED', space: ['888888', 'focus', 'in'] },
		] as const;
		plant(sandbox, kinds.length, (index) => ({
			...kinds[index]!,
			space: [...((kinds[index] as { space?: string[] }).space ?? ['0001', 'focus', 'in'])],
			submittedAt: day(index + 1),
		}));
	});
	afterEach(() => sandbox.settings.change({ clockOffsetSeconds: 0 }));

	const names = async (parameters: object) =>
		(await run({ operation: 'getAll', ...parameters })).items.map(({ json }) => json.fileName);

	it('gives the newest first, all or up to a limit', async () => {
		expect(await names({ returnAll: true })).toEqual([
			'partly.csv',
			'rejected.zip',
			'accepted.csv',
			'received.zip',
			'asked.zip',
		]);
		expect(await names({ limit: 2 })).toEqual(['partly.csv', 'rejected.zip']);
		const { items } = await run({ operation: 'getAll', limit: 1 }, [{}, {}]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	});

	it.each<[object, string[]]>([
		[{ application: 'crd' }, ['accepted.csv']],
		[{ application: '/0001/crd/' }, ['accepted.csv']],
		[{ subSpace: 'incoming' }, ['accepted.csv']],
		[{ orgId: '888888' }, ['partly.csv']],
		[{ namePattern: '*.CSV' }, ['partly.csv', 'accepted.csv']],
		[{ userName: 'OTHER' }, ['rejected.zip']],
		[{ status: 'requested' }, ['asked.zip']],
		[{ status: 'received' }, ['partly.csv', 'rejected.zip', 'accepted.csv', 'received.zip']],
		[{ downstream: ['accepted'] }, ['accepted.csv']],
		[{ downstream: ['rejected', 'partiallyRejected'] }, ['partly.csv', 'rejected.zip']],
		[{ downstream: ['undecided'] }, ['received.zip', 'asked.zip']],
		// In the workflow's time zone, America/New_York.
		[{ submittedAfter: '2026-03-04T06:59:59' }, ['partly.csv', 'rejected.zip']],
		[{ submittedAfter: '2026-03-04T07:00:00' }, ['partly.csv']],
		[{ submittedBefore: '2026-03-02T12:00:00Z' }, ['asked.zip']],
	])('filters by %j', async (options, expected) => expect(await names({ options })).toEqual(expected));

	it.each([
		[{ orgId: '12ab' }, "'Organization ID' must hold digits only, but it is '12ab' [item 0]"],
		[{ application: 'c rd' }, "'Application' may hold letters, digits, '_' and '-' only, but it is 'c rd' [item 0]"],
		[{ submittedAfter: 'soon' }, "'Submitted After' is not a date and time [item 0]"],
	])('refuses %j', async (options, message) => {
		expect((await run({ operation: 'getAll', options })).error?.message).toBe(message);
	});

	it("gives fileX's own XML of all", async () => {
		const { items } = await run({ operation: 'getAll', output: 'xml' });
		expect(items).toHaveLength(1);
		expect(String(items[0]!.json.xml).match(/<trackingId>/g)).toHaveLength(5);
	});

	it('gives an item for each of 5,000', async () => {
		plant(sandbox, 4995, () => ({ submittedAt: day(1) }));
		expect(await names({ returnAll: true })).toHaveLength(5000);
		expect(await names({ limit: 3, options: { namePattern: '4*' } })).toHaveLength(3);
	});
});

describe('fileX Track, Wait', () => {
	/** Does something as soon as the node has asked for the first time. */
	function afterFirstLook(act: () => unknown): void {
		const { log } = sandbox;
		const add = log.add.bind(log);
		let looked = false;
		jest.spyOn(log, 'add').mockImplementation((entry) => {
			add(entry);
			if (looked || entry.request !== 'GET /tracking') return;
			looked = true;
			setImmediate(act);
		});
	}

	it('waits until FINRA has decided', async () => {
		const trackingId = await receivedUpload();
		afterFirstLook(() => sandbox.submissions.decide(trackingId, 'ACCEPTED'));
		const { items, others } = await run({ operation: 'wait', waitFor: 'accepted', timeLimit: 1 }, [{ trackingId }]);
		expect(items).toMatchObject([
			{ json: { trackingId, downstreamStatus: 'ACCEPTED', outcome: 'reached' }, pairedItem: { item: 0 } },
		]);
		expect(others).toEqual([]);
		expect(sandbox.log.count('rest', 'GET /tracking')).toBe(2);
	});

	it('outlives a service that is unavailable for a moment', async () => {
		const trackingId = await receivedUpload();
		sandbox.faults.add({ where: 'rest.tracking', effect: 'unavailable', times: 1 });
		const { items } = await run({ operation: 'wait', waitFor: 'received', timeLimit: 1 }, [{ trackingId }]);
		expect(items).toMatchObject([{ json: { outcome: 'reached' } }]);
		expect(sandbox.log.count('rest', 'GET /tracking', '503')).toBe(1);
	});

	it('fails when the time is up', async () => {
		const trackingId = await receivedUpload();
		const { error, items } = await run({ operation: 'wait', timeLimit: 0 }, [{ trackingId }]);
		expect(error).toMatchObject({
			message: `The time was up before submission '${trackingId}' was decided: it is 'Received by FINRA', RECEIVED [item 0]`,
			description: expect.stringMatching(/safe.*'Time Limit \(Minutes\)'.*'When Time Is Up'/),
		});
		expect(items).toEqual([]);
	});

	it('fails at once when FINRA decided otherwise', async () => {
		const trackingId = await receivedUpload();
		sandbox.submissions.decide(trackingId, 'REJECTED');
		const { error } = await run({ operation: 'wait', waitFor: 'accepted' }, [{ trackingId }]);
		expect(error).toMatchObject({
			message: `FINRA decided otherwise: submission '${trackingId}' is REJECTED, not ACCEPTED [item 0]`,
			description: 'FINRA needs the whole file again, corrected.',
		});
	});

	it('hands on by the second output what was not reached, and by the first what was', async () => {
		const ids = [await receivedUpload(), await receivedUpload(), requestUpload(sandbox, PATH)];
		sandbox.submissions.decide(ids[0]!, 'REJECTED');
		sandbox.submissions.decide(ids[1]!, 'ACCEPTED');
		const { items, others, error } = await run(
			{ operation: 'wait', waitFor: 'accepted', timeLimit: 0.001, whenTimeIsUp: 'output' },
			ids.map((trackingId) => ({ trackingId })),
		);
		expect(error).toBeUndefined();
		expect(items).toMatchObject([{ json: { trackingId: ids[1], outcome: 'reached' }, pairedItem: { item: 1 } }]);
		expect(others).toMatchObject([
			[
				{
					json: {
						trackingId: ids[0],
						downstreamStatus: 'REJECTED',
						outcome: 'otherDecision',
						reason: expect.stringContaining('is REJECTED, not ACCEPTED'),
					},
					pairedItem: { item: 0 },
				},
				{
					json: {
						trackingId: ids[2],
						status: 'Request Received',
						outcome: 'timeLimit',
						reason: expect.stringContaining("it is 'Request Received'"),
					},
					pairedItem: { item: 2 },
				},
			],
		]);
	});

	it('keeps errors apart from the second output', async () => {
		const ids = [UNKNOWN, requestUpload(sandbox, PATH)];
		const parameters = { operation: 'wait', waitFor: 'received', timeLimit: 0, whenTimeIsUp: 'output' };
		const { items, others } = await run(
			parameters,
			ids.map((trackingId) => ({ trackingId })),
			'continueErrorOutput',
		);
		expect(items).toEqual([]);
		expect(others).toMatchObject([
			[{ json: { trackingId: ids[1], outcome: 'timeLimit' }, pairedItem: { item: 1 } }],
			[{ json: { error: expect.stringContaining('tracks no submission') } }],
		]);
	});

	it('says so by the second output when fileX never answered', async () => {
		const trackingId = requestUpload(sandbox, PATH);
		sandbox.faults.add({ where: 'rest.tracking', effect: 'fail', times: 9 });
		const { others } = await run({ operation: 'wait', timeLimit: 0, whenTimeIsUp: 'output' }, [{ trackingId }]);
		expect(others).toMatchObject([
			[
				{
					json: {
						trackingId,
						outcome: 'timeLimit',
						reason: expect.stringContaining('could not be reached at the end'),
					},
				},
			],
		]);
	});

	it('does not let items wait on when the run has failed already', async () => {
		const trackingId = requestUpload(sandbox, PATH);
		const { error } = await run({ operation: 'wait', timeLimit: 60 }, [{ trackingId }, { trackingId: 'x' }]);
		expect(error?.message).toBe("'Tracking ID' must be a UUID, but it is 'x' [item 1]");
	});

	it('continues with the other items where the node is set to', async () => {
		const trackingId = await receivedUpload();
		const { items } = await run(
			{ operation: 'wait', waitFor: 'received' },
			[{ trackingId: UNKNOWN }, { trackingId }],
			'continueRegularOutput',
		);
		expect(items).toMatchObject([
			{ json: { error: expect.stringContaining('tracks no submission') }, pairedItem: { item: 0 } },
			{ json: { outcome: 'reached' }, pairedItem: { item: 1 } },
		]);
	});

	it.each(['soon', -1])('refuses the time limit %j', async (timeLimit) => {
		const { error } = await run({ operation: 'wait', timeLimit, trackingId: UNKNOWN });
		expect(error?.message).toBe(
			`'Time Limit (Minutes)' must be a number of minutes from 0 to 129600, but it is '${timeLimit}' [item 0]`,
		);
	});
});
