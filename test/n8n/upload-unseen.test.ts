import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine, fileItem, type NodeRun } from '../support/engine';
import { type ForeignAnswer, type Interloper, type Rule, startInterloper } from '../support/interloper';
import { requestUpload } from '../support/submissions';

const MINUTE = 60;

/** As fileX refuses it. */
const NOT_ENTITLED: ForeignAnswer = {
	status: 401,
	headers: { 'Content-Type': 'application/json' },
	body: '{"message":"Unauthorized"}',
};
const PAGE: ForeignAnswer = { status: 404 };

describe('fileX Upload, where a part of fileX cannot be seen', () => {
	let sandbox: Sandbox;
	let engine: Engine;
	let rest: Interloper;
	let s3: Interloper;

	beforeEach(async () => {
		sandbox = await startSandbox();
		[rest, s3] = await Promise.all([startInterloper(sandbox.info.rest), startInterloper(sandbox.info.s3)]);
		sandbox.s3Keys.baseUrl = s3.url;
		engine = await Engine.start(credentialFields(sandbox.info, { restUrl: rest.url, s3Url: s3.url }));
	});
	afterEach(async () => {
		await Promise.all([rest.close(), s3.close()]);
		await sandbox.close();
	});

	const upload = async (content: string, parameters: object = {}): Promise<NodeRun> =>
		await engine.runOn(
			{
				type: 'fileXUpload',
				parameters: {
					application: byName('focus'),
					subSpace: byName('in'),
					binaryPropertyName: 'data',
					ifAlreadyFiled: 'fail',
					options: { settleTime: 0 },
					...parameters,
				} as never,
				onError: 'continueRegularOutput',
			},
			[await fileItem('a.zip', Buffer.from(content))],
		);
	const outcomeOf = ({ items: [item] }: NodeRun): unknown =>
		item!.json.outcome ?? (item!.json.details as { outcome?: string } | undefined)?.outcome;
	const pass = (seconds: number) =>
		sandbox.settings.change({ clockOffsetSeconds: sandbox.settings.get().clockOffsetSeconds + seconds });
	const arrived = () => sandbox.submissions.arrivals().length;

	it.each([['rest'], ['s3'], ['sftp']])(
		'files a file once over %s that is picked up after 40 minutes, though the account does not see the upload sub-space',
		async (accessMethod) => {
			sandbox.settings.change({ processingSeconds: 40 * MINUTE });
			rest.rules.push({ matches: /^GET \/files\/0001\/focus\/in$/, answer: NOT_ENTITLED });
			const outcomes = [outcomeOf(await upload('x', { accessMethod }))];
			for (const minutes of [3, 10, 28]) {
				pass(minutes * MINUTE);
				outcomes.push(outcomeOf(await upload('x', { accessMethod })));
			}
			// What nothing registers at fileX, this process remembers.
			const meanwhile = accessMethod === 'rest' ? 'held' : 'duplicate';
			expect(outcomes).toEqual(['accepted', meanwhile, meanwhile, 'duplicate']);
			expect(arrived()).toBe(1);
		},
		60_000,
	);

	it.each([
		['s3', 'reset' as const],
		['s3', PAGE],
		['s3', { status: 200 }],
		['sftp', 'reset' as const],
		['sftp', PAGE],
		['sftp', { status: 503 }],
	])(
		'asks tracking again over %s before it sends, while a request of another sender over REST is alive: %j',
		async (accessMethod, answer) => {
			requestUpload(sandbox, '0001/focus/in/a.zip');
			rest.rules.push({ matches: /^GET \/tracking/, answer, times: 1 });
			expect(outcomeOf(await upload('x', { accessMethod }))).toBe('held');
			rest.rules.push({ matches: /^GET \/tracking/, answer });
			expect(outcomeOf(await upload('x', { accessMethod }))).toBe('held');
			expect(arrived()).toBe(0);
		},
		60_000,
	);

	it.each([['rest'], ['s3'], ['sftp']])(
		'does not send a correction over %s while a file of the name lies in the upload sub-space',
		async (accessMethod) => {
			sandbox.settings.change({ processingSeconds: 3600 });
			expect(outcomeOf(await upload('first', { accessMethod }))).toBe('accepted');
			pass(11 * MINUTE);
			const { items } = await upload('a correction', { accessMethod });
			expect(items[0]!.json.error).toMatch(/held back: a file of that name has been in the sub-space/);
			expect(arrived()).toBe(1);
			pass(3600);
			expect(outcomeOf(await upload('a correction', { accessMethod }))).toBe('accepted');
		},
		60_000,
	);

	it.each<[string, ForeignAnswer]>([
		['a page', { status: 200 }],
		['a page with an entity tag', { status: 200, headers: { ETag: '"5f3e-60a"', 'Content-Type': 'text/html' } }],
		['one byte, as long as the file', { status: 200, headers: { ETag: '"5f3e-60a"' }, body: '?' }],
		['a page that says it is not there', PAGE],
		['a redirect', { status: 302, headers: { Location: 'https://login.example.com' } }],
		['a reset', 'reset'],
	])(
		'does not file a file again where %s comes in place of the archived copy',
		async (_name, answer) => {
			expect(outcomeOf(await upload('x'))).toBe('accepted');
			s3.rules.push({ matches: /^GET/, answer });
			const { items } = await upload('x');
			expect(items[0]!.json.error).toMatch(/whose content this account cannot compare/);
			// Over S3 Direct this process remembers what it has filed: the first upload is another process's here.
			expect(outcomeOf(await upload('y', { accessMethod: 's3' }))).toBe('duplicate');
			expect(arrived()).toBe(1);
		},
		60_000,
	);

	const JSON_OF = (body: object, headers: Record<string, string> = {}): Rule['answer'] => ({
		status: 200,
		headers: { 'Content-Type': 'application/json', ...headers },
		body: JSON.stringify(body),
	});

	it.each([['rest'], ['s3']])(
		'does not take listings that a cache has kept for those of now (%s)',
		async (accessMethod) => {
			sandbox.settings.change({ processingSeconds: 3600 });
			const empty = (name: string) => JSON_OF({ name, type: 'DIR', children: [] }, { Age: '300', 'X-Cache': 'HIT' });
			expect(outcomeOf(await upload('x', { accessMethod }))).toBe('accepted');
			// What this process remembers must not be what saves it.
			rest.rules.push(
				{ matches: /^GET \/files\/0001\/focus\/in$/, answer: empty('in') },
				{ matches: /^GET \/files\/0001\/focus\/in_arcv$/, answer: empty('in_arcv') },
			);
			pass(10 * MINUTE);
			expect(outcomeOf(await upload('y', { accessMethod }))).toBe('held');
			expect(arrived()).toBe(1);
		},
		60_000,
	);

	it('sends no filing to whoever answers an upload request without having signed for it', async () => {
		rest.rules.push({ matches: /^PUT \/files/, answer: JSON_OF({ error: 'blocked', url: `${s3.url}/explain` }) });
		for (const ifAlreadyFiled of ['fail', 'allow'])
			expect(outcomeOf(await upload('x', { ifAlreadyFiled }))).toBe('rejected');
		expect(sandbox.log.count('s3', /^PUT/)).toBe(0);
	});

	it('does not let Validate Only pass where a real run would be held', async () => {
		rest.rules.push({ matches: /^GET \/tracking/, answer: PAGE });
		expect(outcomeOf(await upload('x', { options: { validateOnly: true } }))).toBe('held');
	});

	it('refuses a path that leads elsewhere than the rest of the step', async () => {
		for (const subSpace of ['0002/focus/in', '0001/crd/in', `${rest.url}/files/0002/focus/in`]) {
			const { items } = await upload('x', { subSpace: byName(subSpace) });
			expect(items[0]!.json.error).toMatch(/^'Sub-Space' is the path '.*', which is not in '0001\/focus'/);
		}
		expect(
			outcomeOf(await upload('x', { subSpace: byName('0001/focus/in'), application: byName('/0001/focus') })),
		).toBe('accepted');
		expect(arrived()).toBe(1);
	});

	it('shows no token that a service repeats', async () => {
		rest.rules.push({
			matches: /^GET \/files/,
			answer: {
				status: 400,
				headers: { 'Content-Type': 'application/json' },
				body: '{"message":"invalid_token: sK3yTok3nABCDEFGHIJKLMNOPQRSTUVWX"}',
			},
		});
		const { everything } = await engine.run({
			type: 'fileXList',
			parameters: { operation: 'files', accessMethod: 'rest', application: byName('crd'), subSpace: byName('reports') },
		});
		expect(everything).toMatch(/malformed/);
		expect(everything).not.toMatch(/sK3yTok3n/);
	});

	it.each([200, 403, 404])(
		'does not say that a sub-space is not there, or not allowed, where a page says so (%i)',
		async (status) => {
			rest.rules.push({ matches: /^GET \/files\/0001\/crd\/reports$/, answer: { status } });
			const { error } = await engine.run({
				type: 'fileXList',
				parameters: {
					operation: 'files',
					accessMethod: 'rest',
					application: byName('crd'),
					subSpace: byName('reports'),
				},
			});
			expect(error?.message).toMatch(
				status === 200
					? /^fileX answered with something other than a listing/
					: /^Something between this machine and fileX answered for '0001\/crd\/reports'/,
			);
			expect(error?.message).toContain(`HTTP ${status}, text/html, server gateway`);
			expect(error?.message).not.toMatch(/Please log in/);
		},
	);
});
