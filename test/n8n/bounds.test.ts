import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { type AnswerBounds, findFileXError } from '../../filex';
import { n8nFileXHttp } from '../../nodes/shared/http';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields } from '../support/accounts';
import { byName } from '../support/by-name';
import { ENDLESS, type EndlessServer, startEndlessServer } from '../support/endless-server';
import { Engine, fileItem, testNode } from '../support/engine';

const TINY: AnswerBounds = { bytes: 2 ** 20, idle: 1000, overall: 2500 };

/** For answers that are too long: on a busy machine, their bytes must not lose a race against their time. */
const PATIENT: AnswerBounds = { ...TINY, idle: 60_000, overall: 60_000 };

/** Calls by n8n's own helpers, as our nodes do. */
class Caller implements INodeType {
	description = testNode('caller', { credentials: [{ name: 'fipApi' }] });

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { url, by } = this.getInputData()[0]!.json as { url: string; by: 'text' | 'stream' | 'authorized' };
		try {
			const { status, body } = await n8nFileXHttp(this, 1000)[by]({
				method: 'GET',
				url,
				bounds: /endless|bomb/.test(url) ? PATIENT : TINY,
			});
			if (typeof body === 'string') return [[{ json: { status, body } }]];
			const closed = new Promise<boolean>((resolve) => body.once('close', () => resolve(true)));
			body.on('error', () => {}).destroy(new Error('dropped'));
			return [[{ json: { dropped: await closed } }]];
		} catch (error) {
			const { kind, message, isForeign = false } = findFileXError(error)!;
			return [[{ json: { kind, message, isForeign } }]];
		}
	}
}

describe("an answer that does not come to its end, by n8n's helpers", () => {
	let sandbox: Sandbox;
	let server: EndlessServer;
	let engine: Engine;

	beforeAll(async () => {
		sandbox = await startSandbox();
		server = await startEndlessServer();
		engine = await Engine.start(credentialFields(sandbox.info));
		engine.add('test.caller', new Caller());
	});
	afterAll(async () => {
		await server.close();
		await sandbox.close();
	});
	beforeEach(() => sandbox.log.clear());

	const call = async (by: string, path: string, base = server.url) =>
		(await engine.run({ type: 'test.caller', parameters: {} }, [{ url: `${base}/${path}`, by }])).items[0]!.json;

	it.each(ENDLESS.flatMap((how) => ['text', 'authorized'].map((by) => [how, by] as const)))(
		'is broken off: %s, %s',
		async (how, by) => {
			const before = server.sent();
			const answer = await call(by, encodeURIComponent(how));
			expect(answer).toMatchObject(
				/endless|bomb/.test(how)
					? { kind: 'unexpected-answer', isForeign: true, message: expect.stringContaining('longer than 1 MiB') }
					: { kind: 'unavailable', ...(how === 'still' && { message: expect.stringContaining('stood still') }) },
			);
			expect(server.sent() - before).toBeLessThan(64 * 2 ** 20);
		},
	);

	it.each(['still', 'drip'])('is broken off where it is streamed, and dropped: %s', async (how) => {
		expect(await call('stream', how)).toMatchObject({ dropped: true });
	});

	it('leaves no connection behind', async () => {
		while ((await server.open()) > 0) await new Promise((resolve) => setImmediate(resolve));
	});

	// The first 401 n8n keeps for itself, unread: its connection stands until the peer ends it.
	it.each(ENDLESS.filter((how) => how !== 'silent' && how !== 'drip head'))(
		'is broken off where it is a 401, too, and costs one login at most: %s',
		async (how) => {
			await call('authorized', 'applications');
			expect(await call('authorized', `${encodeURIComponent(how)}?status=401`)).toMatchObject({
				kind: /endless|bomb/.test(how) ? 'unexpected-answer' : 'unavailable',
			});
			expect(sandbox.log.count('fip', 'token')).toBeLessThanOrEqual(1);
		},
	);

	it('that comes in time is read whole, with the token', async () => {
		expect(await call('authorized', 'files/0001', sandbox.info.rest)).toMatchObject({
			status: 200,
			body: expect.stringContaining('"crd"'),
		});
		expect(await call('text', 'health', sandbox.info.rest)).toMatchObject({ status: 200 });
	});
});

it.each([
	[
		'fileXTrack',
		{ operation: 'wait', trackingId: '343dab32-516b-4e04-b60e-2526fa72e879', timeLimit: 129_601 },
		"'Time Limit (Minutes)'",
	],
	[
		'fileXUpload',
		{
			application: byName('focus'),
			subSpace: byName('in'),
			binaryPropertyName: 'data',
			options: { settleTime: 604_801 },
		},
		"'Time to Settle (Seconds)'",
	],
])('a wait without an end is refused by the name of its field: %s', async (type, parameters, field) => {
	const sandbox = await startSandbox();
	try {
		const engine = await Engine.start(credentialFields(sandbox.info));
		const { error } = await engine.runOn({ type, parameters: parameters as never }, [
			await fileItem('a.zip', Buffer.from('x')),
		]);
		expect(error?.message).toContain(field);
		expect(sandbox.submissions.all()).toEqual([]);
	} finally {
		await sandbox.close();
	}
});
