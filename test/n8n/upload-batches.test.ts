import { randomBytes } from 'node:crypto';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine, fileItem, type NodeRun, type NodeUnderTest } from '../support/engine';
import { filing } from '../support/filing';

const BYTES = 65_536;

describe('a run of many files', () => {
	let sandbox: Sandbox;
	let engine: Engine;

	beforeEach(async () => {
		sandbox = await startSandbox();
		engine = await Engine.start(credentialFields(sandbox.info));
	});
	afterEach(async () => await sandbox.close());

	const upload = async (
		names: string[],
		parameters: object = {},
		more: Partial<NodeUnderTest> = {},
		content = randomBytes(BYTES),
	): Promise<NodeRun> =>
		await engine.runOn(
			{
				type: 'fileXUpload',
				parameters: {
					application: byName('focus'),
					subSpace: byName('in'),
					binaryPropertyName: 'data',
					...parameters,
				} as never,
				...more,
			},
			await Promise.all(names.map(async (name) => await fileItem(name, content))),
		);
	const names = (count: number) => Array.from({ length: count }, (_, index) => `f${index}.bin`);
	const requests = () => sandbox.log.all().filter(({ service }) => service === 'rest' || service === 's3');
	const arrived = () => sandbox.submissions.arrivals().map(({ name }) => name);

	it.each([50, 100])('of %i files over REST takes two requests for each, and seven for all', async (count) => {
		const { items, error } = await upload(names(count));
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => [json.outcome, json.status])).toEqual(
			names(count).map(() => ['accepted', 'Received by FINRA']),
		);
		expect(arrived().sort()).toEqual(names(count).sort());
		expect(requests().length).toBeLessThanOrEqual(2 * count + 7);
	});

	it('looks again only after the last upload was asked for, and sends nothing before that look', async () => {
		await upload(names(20));
		const order = requests().map(({ request }) =>
			/^PUT \/files/.test(request) ? 'ask' : /^PUT/.test(request) ? 'send' : /tracking/.test(request) ? 'look' : '',
		);
		expect(order.filter((what) => what === 'ask')).toHaveLength(20);
		const lastAsked = order.lastIndexOf('ask');
		const firstSent = order.indexOf('send');
		expect(order.indexOf('look')).toBeLessThan(order.indexOf('ask'));
		expect(order.slice(lastAsked, firstSent)).toContain('look');
		expect(order.slice(0, lastAsked)).not.toContain('send');
	});

	it.each(['rest', 's3', 'sftp'] as const)(
		'over %s submits each once, and skips them all the next time',
		async (accessMethod) => {
			const content = names(30);
			const items = await Promise.all(content.map(async (name) => await fileItem(name, Buffer.from(name))));
			const node = filing({ accessMethod, ifAlreadyFiled: 'skip' });
			const first = await engine.runOn(node, items);
			expect(first.items.map(({ json }) => json.outcome ?? json.error)).toEqual(content.map(() => 'accepted'));
			const second = await engine.runOn(node, items);
			expect(second.items.map(({ json }) => json.outcome ?? json.error)).toEqual(content.map(() => 'skipped'));
			expect(arrived().sort()).toEqual([...content].sort());
		},
	);

	it('asks for no upload where one of the files was filed before', async () => {
		const content = Buffer.from('filed');
		await upload(['f3.bin'], {}, {}, content);
		sandbox.log.clear();
		const { error } = await upload(names(10), {}, {}, content);
		expect(error?.message).toMatch(/f3\.bin/);
		expect(requests().filter(({ request }) => request.startsWith('PUT'))).toEqual([]);
	});

	it('begins to send no file once one of them has failed', async () => {
		sandbox.faults.add({ where: 'rest.upload', effect: 'page', status: 403, times: 3, path: '0001/focus/in/f5.bin' });
		const { error } = await upload(names(20));
		expect(error?.message).toMatch(/f5\.bin/);
		expect(arrived()).toEqual([]);
		// What was asked for in vain does not stand in the way of the next run.
		sandbox.faults.clear();
		expect((await upload(names(20))).items.map(({ json }) => json.outcome)).toEqual(names(20).map(() => 'accepted'));
	});

	it.each([
		{ where: 'rest.tracking', effect: 'page' },
		{ where: 'rest.list', effect: 'unavailable' },
		{ where: 'rest.upload', effect: 'drop' },
	] as const)(
		'submits each once where $where gives: $effect, once, in the second look or among the requests',
		async (fault) => {
			sandbox.faults.add({ ...fault, times: 1, after: 1 });
			const { items, error } = await upload(names(20), {}, { onError: 'continueRegularOutput' });
			expect(error).toBeUndefined();
			expect(items.map(({ json }) => json.outcome)).toEqual(names(20).map(() => 'accepted'));
			expect(arrived().sort()).toEqual(names(20).sort());
		},
	);

	it('submits the others where one of the files fails, and the run goes on', async () => {
		const { items } = await upload([...names(10), 'a b.bin'], {}, { onError: 'continueRegularOutput' });
		expect(items.map(({ json }) => json.outcome ?? 'failed')).toEqual([...names(10).map(() => 'accepted'), 'failed']);
	});

	it('submits one file of two with one name, and fails at the other, which is the same', async () => {
		const content = Buffer.from('the same');
		const { items } = await engine.runOn(
			filing({ ifAlreadyFiled: 'skip' }),
			await Promise.all(['x.bin', 'y.bin', 'x.bin'].map(async (name) => await fileItem(name, content))),
		);
		expect(items.map(({ json }) => json.outcome).sort()).toEqual(['accepted', 'accepted', 'skipped']);
		expect(arrived().sort()).toEqual(['x.bin', 'y.bin']);
	});
});
