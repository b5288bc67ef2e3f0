import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { mapLimit } from '../../filex';
import { startSandbox } from '../../sandbox/sandbox';
import { demoAccounts } from '../../sandbox/world/accounts';
import { credentialFields } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine, type NodeRun } from '../support/engine';
import {
	FOREIGN_ANSWERS,
	type ForeignAnswer,
	type Interloper,
	type Rule,
	startInterloper,
} from '../support/interloper';
import { itemsOf, notFiled, table, tally, type Tally } from './batch';

type Method = 'rest' | 's3' | 'sftp';

/** What a step asks for, and whom. */
interface Step {
	name: string;
	server: 'rest' | 'fip' | 's3';
	matches: RegExp;
	/** Whether it changes something, so that its answer can also be lost after that. */
	changes?: boolean;
}

const ALL: Step[] = [
	{ name: 'token', server: 'fip', matches: /^POST/ },
	{ name: 'tracking', server: 'rest', matches: /^GET \/tracking/ },
	{ name: 'upload sub-space', server: 'rest', matches: /^GET \/files\/0001\/focus\/in$/ },
	{ name: 'archive', server: 'rest', matches: /^GET \/files\/0001\/focus\/in_arcv$/ },
];

const STEPS: Record<Method, Step[]> = {
	rest: [
		...ALL,
		{ name: 'upload request', server: 'rest', matches: /^PUT \/files/, changes: true },
		{ name: 'upload', server: 's3', matches: /^PUT/, changes: true },
	],
	s3: [
		...ALL,
		{ name: 'S3 token', server: 'rest', matches: /^GET \/S3TransferTokens/ },
		{ name: 'upload', server: 's3', matches: /^PUT/, changes: true },
	],
	sftp: ALL.slice(0, 2),
};

/** The steps of a large file over S3 Direct. */
const PARTS: Step[] = [
	{ name: 'begin of parts', server: 's3', matches: /^POST .*[?&]uploads/, changes: true },
	{ name: 'part', server: 's3', matches: /^PUT .*[?&]partNumber=2/, changes: true },
	{ name: 'end of parts', server: 's3', matches: /^POST .*[?&]uploadId/, changes: true },
];

interface Case {
	method: Method;
	step: Step;
	answer: ForeignAnswer;
	forwards: boolean;
	/** Whether all answers of the step are foreign, or the first only. */
	isLasting: boolean;
	isLarge: boolean;
}

/** For large files: a page without and with an entity tag, one that says that nothing is there, and a reset. */
const FEW = FOREIGN_ANSWERS.filter(([name]) =>
	/^(a page|a page with an entity tag) \(200\)|^a page \(404\)|^a reset/.test(name),
);

function casesOf(method: Method, steps: Step[], isLarge = false): Case[] {
	return steps.flatMap((step) =>
		(isLarge ? FEW : FOREIGN_ANSWERS).flatMap(([, answer]) =>
			[false, ...(step.changes ? [true] : [])].flatMap((forwards) =>
				[true, false].map((isLasting) => ({ method, step, answer, forwards, isLasting, isLarge })),
			),
		),
	);
}

const PARALLEL = 12;
const MINUTES = 60_000;
const LARGE = 70_000_000;

const tables: string[] = [];
afterAll(() => process.stderr.write(`\n${tables.join('\n\n')}\n`));

async function run(
	{ method, step, answer, forwards, isLasting, isLarge }: Case,
	index: number,
): Promise<{ tally: Tally; said: string }> {
	// Ports come again, and the process remembers logins that were not answered there.
	const [first, ...others] = demoAccounts();
	const sandbox = await startSandbox({ accounts: [{ ...first!, password: randomUUID() }, ...others] });
	const servers: Record<Step['server'], Interloper> = {
		rest: await startInterloper(sandbox.info.rest),
		fip: await startInterloper(sandbox.info.fip),
		s3: await startInterloper(sandbox.info.s3),
	};
	try {
		sandbox.s3Keys.baseUrl = servers.s3.url;
		const engine = await Engine.start(
			credentialFields(sandbox.info, { restUrl: servers.rest.url, fipUrl: servers.fip.url, s3Url: servers.s3.url }),
		);
		// Of its own: ports come again, and the process remembers what it filed there under a name.
		const names = [`foreign-${method}-${isLarge ? 'parts' : 'whole'}-${index}.txt`];
		const [item] = await itemsOf(names);
		if (isLarge) item!.binary!.data = await largeBinary(names[0]!);
		const upload = async (): Promise<NodeRun> =>
			await engine.runOn(
				{
					type: 'fileXUpload',
					parameters: {
						accessMethod: method,
						application: byName('focus'),
						subSpace: byName('in'),
						binaryPropertyName: 'data',
						ifAlreadyFiled: 'skip',
						options: { settleTime: 1 },
					} as never,
				},
				[item!],
			);

		const rule: Rule = { matches: step.matches, answer, forwards, ...(isLasting ? {} : { times: 1 }) };
		servers[step.server].rules.push(rule);
		const before = await upload();
		const arrived = tally(sandbox, names, 'all').once + tally(sandbox, names, 'all').twice;
		const said = String(before.items[0]?.json.outcome ?? 'an error');
		const context = JSON.stringify({
			method,
			step: step.name,
			answer,
			forwards,
			isLasting,
			said,
			message: before.error?.message,
		});
		// What is reported as filed is there, the moment it is reported.
		if (before.items.length > 0) expect({ context, arrived }).toEqual({ context, arrived: 1 });
		expect({ context, isStruck: servers[step.server].struck > 0 }).toEqual({ context, isStruck: true });

		servers[step.server].rules = [];
		// What was under way runs out.
		sandbox.settings.change({ clockOffsetSeconds: sandbox.settings.get().clockOffsetSeconds + 2 * 3600 });
		const second = await upload();
		const result = tally(sandbox, names, notFiled(second));
		expect({ context, second: second.error?.message ?? second.items[0]?.json, ...result }).toMatchObject({
			twice: 0,
			lost: 0,
		});
		return { tally: result, said };
	} finally {
		await Promise.all(Object.values(servers).map(async (server) => await server.close()));
		await sandbox.close();
	}
}

let large: Buffer | undefined;

async function largeBinary(name: string) {
	large ??= randomBytes(LARGE);
	const { Container } = await import('@n8n/di');
	const { BinaryDataService } = await import('n8n-core');
	return await Container.get(BinaryDataService).store(
		{ type: 'execution', workflowId: 'w', executionId: name },
		large,
		{ fileName: name, mimeType: 'application/octet-stream', data: '' } as never,
	);
}

function sum(tallies: Tally[]): Tally {
	const total: Tally = { files: 0, once: 0, twice: 0, told: 0, lost: 0 };
	for (const each of tallies) for (const key of Object.keys(total) as Array<keyof Tally>) total[key] += each[key];
	return total;
}

describe('fileX Upload, where another answers in place of fileX, FIP or the storage, and then run again', () => {
	it.each<[string, Case[], number]>([
		['REST', casesOf('rest', STEPS.rest), PARALLEL],
		['S3 Direct', casesOf('s3', STEPS.s3), PARALLEL],
		['S3 Direct, in parts', casesOf('s3', PARTS, true).filter(({ isLasting }) => isLasting), 3],
		['SFTP', casesOf('sftp', STEPS.sftp), PARALLEL],
	])(
		'over %s: files each file once, and tells no file as filed that is not there',
		async (name, cases, parallel) => {
			const results = await mapLimit([...cases.entries()], parallel, async ([index, each]) => ({
				...each,
				...(await run(each, index)),
			}));
			const steps = [...new Set(results.map(({ step }) => step.name))];
			const rows = steps.map((step): [string, Tally, string] => {
				const of = results.filter((result) => result.step.name === step);
				return [
					`${name}: ${step}`,
					sum(of.map((result) => result.tally)),
					[...new Set(of.map(({ said }) => said))].sort().join(', '),
				];
			});
			tables.push(table('a foreign answer to', rows, ['told at first']));
			expect(sum(results.map((result) => result.tally))).toMatchObject({ twice: 0, lost: 0 });
			// After two logins without an answer the next one waits, and the step says so.
			const others = results.filter(({ step, isLasting }) => step.name !== 'token' || !isLasting);
			expect(sum(others.map((result) => result.tally))).toMatchObject({ once: others.length });
		},
		20 * MINUTES,
	);
});

describe("fileX Download into a bucket of the user's own, where another answers in place of the bucket", () => {
	const own = ['0001', 'crd', 'reports'];
	const incoming = ['0001', 'crd', 'incoming_filings'];

	it.each<[string, number, RegExp]>([
		['in one piece', 1000, /^PUT/],
		['at the begin of parts', LARGE, /^POST .*[?&]uploads/],
		['at a part', LARGE, /^PUT .*[?&]partNumber=2/],
		['at the end of parts', LARGE, /^POST .*[?&]uploadId/],
	])(
		'%s: tells no file as saved that is not there',
		async (_name, size, matches) => {
			const bytes = randomBytes(size);
			for (const [name, answer] of size === LARGE ? FEW : FOREIGN_ANSWERS) {
				const [sandbox, store] = await Promise.all([startSandbox(), startSandbox()]);
				const bucket = await startInterloper(store.info.s3);
				try {
					await sandbox.store.publish([...own, 'a.zip'], Readable.from([bytes]));
					const { credentials, region } = store.s3Keys.issue('demo', [own], [incoming]);
					const engine = await Engine.start({
						...credentialFields(sandbox.info),
						bucket: 'bucket-filex',
						region,
						endpoint: bucket.url,
						pathStyle: true,
						...credentials,
					});
					bucket.rules.push({ matches, answer });
					const { items, error } = await engine.run({
						type: 'fileXDownload',
						parameters: {
							accessMethod: 'rest',
							selectBy: 'path',
							filePath: '0001/crd/reports/a.zip',
							destination: 's3Bucket',
							bucketFolder: incoming.join('/'),
						} as never,
					});
					expect({
						name,
						saved: items.map(({ json }) => json.savedTo),
						stored: store.submissions.arrivals().length,
						isTold: error !== undefined,
					}).toEqual({ name, saved: [], stored: 0, isTold: true });
				} finally {
					await bucket.close();
					await Promise.all([sandbox.close(), store.close()]);
				}
			}
		},
		10 * MINUTES,
	);
});
