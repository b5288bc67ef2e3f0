import { createHash, randomBytes } from 'node:crypto';
import type { Release } from '../../scripts/n8n/cache';
import { tail } from '../../scripts/n8n/child';
import { example } from '../../scripts/n8n/example';
import { printedProgress } from '../../scripts/n8n/progress';
import { ACCOUNT, type Rig, startRig, type WorkflowFile } from '../../scripts/n8n/rig';
import { type Slack, SLACK_CREDENTIAL, startSlack } from '../../scripts/n8n/slack';
import { until } from '../../scripts/n8n/until';
import { credentialFields, loginOf } from '../support/accounts';
import { byName } from '../support/by-name';
import { control } from '../support/control';
import { filing } from '../support/filing';
import { inOrder, node, ours, webhook } from '../support/workflow';
import { writeTable } from '../support/written-table';

/** The oldest that is supported, two between, and the newest: not all releases can be installed any more. `FILEX_VERSIONS=1.123` for one of them. */
const RELEASES: Release[] = [
	{ n8n: '1.123.81', node: 22 },
	{ n8n: '2.20.12', node: 22 },
	{ n8n: '2.35.0', node: 24 },
	{ n8n: '2.41.1', node: 24 },
].filter(({ n8n }) => n8n.startsWith(process.env.FILEX_VERSIONS ?? ''));

/** An install takes minutes. */
const PREPARATION_LIMIT = 30 * 60_000;

/** n8n polls once a minute. */
const POLL_LIMIT = 4 * 60_000;

const METHODS = ['rest', 's3', 'sftp'] as const;

/** The webhook answers with all items. */
const ALL = { responseData: 'allEntries' };

const REPORT = { path: '0001/crd/reports/report.csv', content: randomBytes(200_000) };

/** What was seen of each, for docs/compatibility.md. */
const matrix: string[][] = [];

describe.each(RELEASES)('the pack in n8n $n8n on Node $node', (release) => {
	const over = new AbortController();
	let slack: Slack;
	let rig: Rig;
	const seen: string[] = [];

	beforeAll(async () => {
		slack = await startSlack();
		const pickup = await example('report-pickup');
		rig = await startRig({
			release,
			workflows: [pickup, ...METHODS.map(roundTrip), failing(), listed(), token()],
			credentials: () => [SLACK_CREDENTIAL],
			settings: slack.settings,
			published: [pickup.id, ...METHODS.map((method) => `round-${method}`), 'failing', 'listed', 'token'],
			progress: printedProgress(process),
			signal: over.signal,
		});
		await put(REPORT.path, REPORT.content);
	}, PREPARATION_LIMIT);
	afterAll(async () => {
		over.abort();
		// The one that was started anew.
		await rig?.n8n.stop();
		await rig?.close();
		await slack?.close();
		matrix.push([release.n8n, String(release.node), ...seen]);
		await writeMatrix();
	});
	/** A column of the matrix, if what was tried held. */
	const holds = (what: string) => seen.push(what);

	const put = async (path: string, content: Buffer) =>
		await control(rig.sandbox, `files/${path}`, 'PUT', new Uint8Array(content));
	const call = async (path: string, body?: BodyInit): Promise<Array<Record<string, unknown>>> => {
		const ask = async () => await fetch(`${rig.n8n.url}/webhook/${path}`, { method: 'POST', body });
		// Where it is not there yet, nothing was run: n8n 1 is up before its workflows are.
		const answer = await until(
			async () => {
				const given = await ask();
				if (given.status !== 404) return given;
				await given.body?.cancel();
				return undefined;
			},
			{ what: path, signal: over.signal, limit: POLL_LIMIT, details: () => tail(rig.n8n.log()) },
		);
		const text = await answer.text();
		if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}\n${tail(rig.n8n.log())}`);
		return JSON.parse(text) as Array<Record<string, unknown>>;
	};
	const arrivals = async () =>
		JSON.parse(await control(rig.sandbox, 'arrivals')) as Array<{ name: string; sha256: string }>;
	const fired = async (names: string[]) =>
		await until(
			async () => (names.every((name) => slack.messages.some(({ text }) => text.includes(name))) ? true : undefined),
			{
				what: `the pickup of ${names.join(', ')}`,
				signal: over.signal,
				limit: POLL_LIMIT,
				details: () => `${JSON.stringify(slack.messages)}\n${tail(rig.n8n.log())}`,
			},
		);

	it('loads every node, and says nothing of it in its log', () => {
		expect(rig.n8n.log()).not.toMatch(/node_modules.n8n-nodes-finra-filex|NodeVersionSupportWarning/);
		holds('loads');
	});

	it('tests the credential, and says what worked', async () => {
		const data = credentialFields(rig.sandbox);
		const told = await rig.api.testCredential({ ...ACCOUNT.fipApi, type: 'fipApi', data });
		expect(told).toMatchObject({ status: 'OK' });
		const wrong = { ...data, ...loginOf(rig.sandbox, 'submitonly'), password: 'wrong' };
		expect(await rig.api.testCredential({ ...ACCOUNT.fipApi, type: 'fipApi', data: wrong })).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/refused/),
		});
		holds('credential test');
	});

	it('lists applications, sub-spaces and files in its fields', async () => {
		const ask = async (method: string, parameters: object = {}) =>
			await rig.api.choices({
				path: 'parameters.file',
				methodName: method,
				currentNodeParameters: parameters,
				credentials: ACCOUNT,
				nodeTypeAndVersion: { name: 'n8n-nodes-finra-filex.fileXDownload', version: 1 },
			});
		const application = byName('crd');
		const subSpace = byName('reports');
		expect((await ask('applications')).map(({ value }) => value)).toContain('crd');
		expect((await ask('subSpaces', { application })).map(({ value }) => value)).toContain('reports');
		expect((await ask('files', { application, subSpace })).map(({ name }) => name).join()).toContain('report.csv');
		holds('lists');
	});

	it.each(METHODS)('uploads, tracks, lists and downloads over %s', async (method) => {
		const name = `filing-${method}.bin`;
		const content = randomBytes(50_000);
		const form = new FormData();
		form.append('data', new File([content], name));
		const [downloaded] = await call(`round-${method}`, form);
		expect(downloaded).toMatchObject({
			path: REPORT.path,
			size: REPORT.content.length,
			sha256: createHash('sha256').update(REPORT.content).digest('hex'),
		});
		const sha256 = createHash('sha256').update(content).digest('hex');
		expect((await arrivals()).filter((each) => each.name === name)).toMatchObject([{ sha256 }]);
		holds(method);
	});

	it('gives a failed item out by the error output', async () => {
		expect(await call('failing')).toMatchObject([{ took: 'error output' }]);
		holds('error output');
	});

	it('renews a token that fileX no longer accepts', async () => {
		const fault = { where: 'rest.list', effect: 'revoked', times: 1 };
		await control(rig.sandbox, 'faults', 'POST', JSON.stringify(fault));
		expect((await call('listed')).map(({ name }) => name)).toContain('report.csv');
		holds('token renewed');
	});

	it("hides the secrets of an S3 token in n8n's executions where SECURITY.md says so", async () => {
		const [answer] = await call('token');
		const { secretAccessKey } = (answer as { credentials: { secretAccessKey: string } }).credentials;
		const { id } = await until(
			async () => (await rig.api.executions('token')).find(({ status }) => status === 'success'),
			{ what: 'the execution', signal: over.signal, limit: POLL_LIMIT },
		);
		const isHidden = !JSON.stringify(await rig.api.execution(id)).includes(secretAccessKey);
		// A change in n8n is to be told in SECURITY.md.
		expect(isHidden).toBe(release.n8n.startsWith('2.20.'));
		if (isHidden) holds('token hidden');
	});

	it('runs the example, and goes on after a restart', async () => {
		await put('0001/crd/reports/before.csv', randomBytes(1000));
		await fired(['before.csv']);
		await rig.n8n.stop();
		await put('0001/crd/reports/while-down.csv', randomBytes(1000));
		rig.n8n = await rig.home.start(over.signal);
		await put('0001/crd/reports/after.csv', randomBytes(1000));
		await fired(['while-down.csv', 'after.csv']);
		for (const name of ['before.csv', 'while-down.csv', 'after.csv'])
			expect(slack.messages.filter(({ text }) => text.includes(name))).toHaveLength(1);
		holds('example, restart');
	});
});

const COLUMNS = [
	'loads',
	'credential test',
	'lists',
	...METHODS,
	'error output',
	'token renewed',
	'token hidden',
	'example, restart',
];

const LABELS: Record<string, string> = { rest: 'HTTPS REST', s3: 'S3 Direct', sftp: 'SFTP' };

/** Puts what was seen into docs/compatibility.md, if all of them were tried. */
async function writeMatrix(): Promise<void> {
	if (process.env.FILEX_VERSIONS !== undefined || matrix.length < RELEASES.length) return;
	const rows = matrix.map(([n8n = '', node = '', ...seen]) => [
		n8n,
		node,
		...COLUMNS.map((column) => (seen.includes(column) ? 'yes' : 'no')),
	]);
	const head = ['n8n', 'Node', ...COLUMNS.map((column) => LABELS[column] ?? column)];
	await writeTable('compatibility.md', 'npm run test:versions', [head, ...rows]);
}

function roundTrip(accessMethod: (typeof METHODS)[number]): WorkflowFile {
	return inOrder(`round-${accessMethod}`, [
		webhook(`round-${accessMethod}`, ALL),
		ours('fileX Upload', filing({ accessMethod, options: { waitUntilReceived: 60 } }).parameters),
		ours('fileX Track', { operation: 'getAll', limit: 1 }),
		ours('fileX List', {
			accessMethod,
			operation: 'files',
			application: byName('crd'),
			subSpace: byName('reports'),
		}),
		ours('fileX Download', { accessMethod, selectBy: 'path', filePath: REPORT.path }),
	]);
}

function token(): WorkflowFile {
	return inOrder('token', [webhook('token', ALL), ours('fileX S3 Token', { application: byName('crd') })]);
}

function listed(): WorkflowFile {
	return inOrder('listed', [
		webhook('listed', ALL),
		ours('fileX List', { operation: 'files', application: byName('crd'), subSpace: byName('reports') }),
	]);
}

/** A file that is not there leaves by the second output. */
function failing(): WorkflowFile {
	const set = (name: string, took: string) =>
		node(
			name,
			'n8n-nodes-base.set',
			{ mode: 'raw', jsonOutput: JSON.stringify({ took }), options: {} },
			{ typeVersion: 3.4 },
		);
	const download = ours(
		'fileX Download',
		{ selectBy: 'path', filePath: '0001/crd/reports/none.csv' },
		{ onError: 'continueErrorOutput' },
	);
	return inOrder(
		'failing',
		[webhook('failing', ALL), download, set('Well', 'first output'), set('Failed', 'error output')],
		{
			'fileX Download': {
				main: [[{ node: 'Well', type: 'main', index: 0 }], [{ node: 'Failed', type: 'main', index: 0 }]],
			},
			Well: { main: [] },
		},
	);
}
