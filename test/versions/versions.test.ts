import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Release } from '../../scripts/n8n/cache';
import { tail } from '../../scripts/n8n/child';
import { example } from '../../scripts/n8n/example';
import { printedProgress } from '../../scripts/n8n/progress';
import { type Rig, startRig, type WorkflowFile } from '../../scripts/n8n/rig';
import { until } from '../../scripts/n8n/until';
import { ROOT } from '../../scripts/run';
import { byName } from '../support/by-name';
import { control } from '../support/control';
import { filing } from '../support/filing';
import { inOrder, node, ours, webhook } from '../support/workflow';
import { startWebhookSink, type WebhookSink } from '../support/sinks';

/** The oldest that is supported, one between, and the newest: not all releases can be installed any more. `FILEX_VERSIONS=1.123` for one of them. */
const RELEASES: Release[] = [
	{ n8n: '1.123.81', node: 22 },
	{ n8n: '2.20.12', node: 22 },
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
	let hook: WebhookSink;
	let rig: Rig;
	const seen: string[] = [];

	beforeAll(async () => {
		hook = await startWebhookSink();
		const pickup = await example('report-pickup', hook.url);
		rig = await startRig({
			release,
			workflows: [pickup, ...METHODS.map(roundTrip), failing(), listed()],
			published: [pickup.id, ...METHODS.map((method) => `round-${method}`), 'failing', 'listed'],
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
		await hook?.close();
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
			async () => (names.every((name) => hook.posts.some(({ text }) => text.includes(name))) ? true : undefined),
			{
				what: `the pickup of ${names.join(', ')}`,
				signal: over.signal,
				limit: POLL_LIMIT,
				details: () => `${JSON.stringify(hook.posts)}\n${tail(rig.n8n.log())}`,
			},
		);

	it('loads every node, and says nothing of it in its log', () => {
		expect(rig.n8n.log()).not.toMatch(/node_modules.n8n-nodes-finra-filex|NodeVersionSupportWarning/);
		holds('loads');
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

	it('runs the example, and goes on after a restart', async () => {
		await put('0001/crd/reports/before.csv', randomBytes(1000));
		await fired(['before.csv']);
		await rig.n8n.stop();
		await put('0001/crd/reports/while-down.csv', randomBytes(1000));
		rig.n8n = await rig.home.start(over.signal);
		await put('0001/crd/reports/after.csv', randomBytes(1000));
		await fired(['while-down.csv', 'after.csv']);
		for (const name of ['before.csv', 'while-down.csv', 'after.csv'])
			expect(hook.posts.filter(({ text }) => text.includes(name))).toHaveLength(1);
		holds('example, restart');
	});
});

const COLUMNS = ['loads', ...METHODS, 'error output', 'token renewed', 'example, restart'];

/** Puts what was seen into docs/compatibility.md, if all of them were tried. */
async function writeMatrix(): Promise<void> {
	if (process.env.FILEX_VERSIONS !== undefined || matrix.length < RELEASES.length) return;
	const rows = matrix.map(([n8n, node, ...seen]) => [
		n8n,
		node,
		...COLUMNS.map((column) => (seen.includes(column) ? 'yes' : 'no')),
	]);
	const head = [
		'n8n',
		'Node',
		...COLUMNS.map((column) => ({ rest: 'HTTPS REST', s3: 'S3 Direct', sftp: 'SFTP' })[column] ?? column),
	];
	const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
	const path = join(ROOT, 'docs', 'compatibility.md');
	const page = await readFile(path, 'utf8');
	await writeFile(
		path,
		page.replace(/(<!-- made by npm run test:versions -->\n)[^]*?(<!-- end -->)/, `$1\n${table}\n\n$2`),
	);
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
