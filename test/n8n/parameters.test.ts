import { Readable } from 'node:stream';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { FileXDownload } from '../../nodes/FileXDownload/FileXDownload.node.ts';
import { FileXList } from '../../nodes/FileXList/FileXList.node.ts';
import { FileXReconcile } from '../../nodes/FileXReconcile/FileXReconcile.node.ts';
import { FileXS3Token } from '../../nodes/FileXS3Token/FileXS3Token.node.ts';
import { FileXSftpTrigger } from '../../nodes/FileXSftpTrigger/FileXSftpTrigger.node.ts';
import { FileXTrack } from '../../nodes/FileXTrack/FileXTrack.node.ts';
import { FileXTrackingTrigger } from '../../nodes/FileXTrackingTrigger/FileXTrackingTrigger.node.ts';
import { FileXUpload } from '../../nodes/FileXUpload/FileXUpload.node.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields, loginOf } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine, fileItem } from '../support/engine';
import { arrive, requestUpload } from '../support/submissions';

/** What an expression can give: the expression, and the value. */
const GIVEN = new Map<string, unknown>([
	['null', null],
	['undefined', undefined],
	['""', ''],
	['" "', ' '],
	['"false"', 'false'],
	['"true"', 'true'],
	['"NO"', 'NO'],
	['0', 0],
	['1', 1],
	['-1', -1],
	['1.5', 1.5],
	['"4"', '4'],
	['NaN', NaN],
	['Infinity', Infinity],
	['888888', 888888],
	['true', true],
	['false', false],
	['[]', []],
	['["accepted"]', ['accepted']],
	['"accepted, rejected"', 'accepted, rejected'],
	['{}', {}],
	['({ value: 7 })', { value: 7 }],
	['new Date(0)', new Date(0)],
	['$now', undefined],
	['"2026-02-30"', '2026-02-30'],
	['"2026-03-31 17:00:00"', '2026-03-31 17:00:00'],
	['"x".repeat(100000)', 'x'.repeat(100_000)],
]);
const HOSTILE = [...GIVEN.keys()];

/** Expressions that each type of field must refuse by its name. All others are taken, or mean the default. */
const REFUSED: Partial<Record<INodeProperties['type'], string[]>> = {
	string: [
		'"x".repeat(100000)',
		'NaN',
		'Infinity',
		'true',
		'false',
		'[]',
		'["accepted"]',
		'{}',
		'({ value: 7 })',
		'new Date(0)',
	],
	number: [
		'"false"',
		'"true"',
		'"NO"',
		'-1',
		'NaN',
		'Infinity',
		'true',
		'false',
		'[]',
		'["accepted"]',
		'{}',
		'({ value: 7 })',
		'new Date(0)',
		'$now',
		'"accepted, rejected"',
		'"2026-02-30"',
		'"2026-03-31 17:00:00"',
		'"x".repeat(100000)',
	],
	boolean: [
		'-1',
		'1.5',
		'"4"',
		'NaN',
		'Infinity',
		'888888',
		'[]',
		'["accepted"]',
		'{}',
		'({ value: 7 })',
		'new Date(0)',
		'$now',
		'"accepted, rejected"',
		'"2026-02-30"',
		'"2026-03-31 17:00:00"',
		'"x".repeat(100000)',
	],
	options: HOSTILE.slice(4),
	multiOptions: [
		'"false"',
		'"true"',
		'"NO"',
		'0',
		'1',
		'-1',
		'1.5',
		'"4"',
		'NaN',
		'Infinity',
		'888888',
		'true',
		'false',
		'{}',
		'({ value: 7 })',
		'new Date(0)',
		'$now',
		'"2026-02-30"',
		'"2026-03-31 17:00:00"',
		'"x".repeat(100000)',
	],
	dateTime: [
		'"false"',
		'"true"',
		'"NO"',
		'0',
		'1',
		'-1',
		'1.5',
		'"4"',
		'NaN',
		'Infinity',
		'888888',
		'true',
		'false',
		'[]',
		'["accepted"]',
		'{}',
		'({ value: 7 })',
		'"accepted, rejected"',
		'"2026-02-30"',
		'"x".repeat(100000)',
	],
	resourceLocator: [
		'NaN',
		'Infinity',
		'true',
		'false',
		'[]',
		'["accepted"]',
		'{}',
		'({ value: 7 })',
		'new Date(0)',
		'"x".repeat(100000)',
	],
	// Each of them is no receipt.
	json: HOSTILE,
	// n8n drops what is no object, before a node sees it.
	collection: [],
};

/** What no user should read: a crash of ours. */
const CRASH =
	/is not a function|cannot read|is not iterable|undefined|\[object|unexpected token|reading '|Convert|circular/i;

/** A reader's refusal, whatever the field. */
const REFUSAL =
	/must be (a text|true or false|one)|which is not one of its choices|, which is no (event|decision)|is not a date and time|is longer than 4096/;

type Base = Record<string, unknown>;

const REPORTS = ['0001', 'crd', 'reports'];

/** In n8n's home, which is the one place that its workflows may use. */
const FOLDER = join(process.env.N8N_USER_FOLDER!, '.n8n-files');

/** Each node with fields that work. */
const NODES: Array<{ type: string; properties: INodeProperties[]; base: Base }> = [
	{
		type: 'fileXDownload',
		properties: new FileXDownload().description.properties,
		base: {
			folder: FOLDER,
			filePath: '0001/crd/reports/a.pdf',
			application: byName('crd'),
			subSpace: byName('reports'),
			file: byName('a.pdf'),
		},
	},
	{
		type: 'fileXList',
		properties: new FileXList().description.properties,
		base: { application: byName('crd'), subSpace: byName('reports') },
	},
	{
		type: 'fileXReconcile',
		properties: new FileXReconcile().description.properties,
		base: {
			application: byName('crd'),
			subSpace: byName('reports'),
			namePattern: '*.pdf',
			date: '2026-03-31',
			folder: FOLDER,
			bucketFolder: REPORTS.join('/'),
			fileName: 'a.pdf',
			fileSize: 1,
			sha256: '0'.repeat(64),
		},
	},
	{ type: 'fileXS3Token', properties: new FileXS3Token().description.properties, base: { application: byName('crd') } },
	{ type: 'fileXTrack', properties: new FileXTrack().description.properties, base: { timeLimit: 0 } },
	{
		type: 'fileXUpload',
		properties: new FileXUpload().description.properties,
		base: {
			application: byName('focus'),
			subSpace: byName('in'),
			ifAlreadyFiled: 'allow',
			filePath: FOLDER,
			bucketKey: [...REPORTS, 'b.pdf'].join('/'),
		},
	},
	{
		type: 'fileXSftpTrigger',
		properties: new FileXSftpTrigger().description.properties,
		base: { application: byName('crd'), subSpace: byName('reports') },
	},
	{ type: 'fileXTrackingTrigger', properties: new FileXTrackingTrigger().description.properties, base: {} },
];

/** One field of one node, with the other fields set so that it shows. */
interface Field {
	type: string;
	property: INodeProperties;
	parameters: (value: unknown) => Base;
}

function fieldsOf({ type, properties, base }: (typeof NODES)[number]): Field[] {
	return properties
		.filter((property) => property.type !== 'notice')
		.flatMap((property) => {
			const around = { ...base, ...shown(property) };
			const field: Field = { type, property, parameters: (value) => ({ ...around, [property.name]: value }) };
			if (property.type !== 'collection') return [field];
			// What only an agent's tool has is not there where the node is a step.
			const ofSteps = (property.options as INodeProperties[]).filter((each) => !each.displayOptions?.show?.['@tool']);
			const options = ofSteps.map((option): Field => ({
				type,
				property: option,
				parameters: (value) => ({ ...around, ...shown(option), [property.name]: { [option.name]: value } }),
			}));
			return [field, ...options];
		});
}

function shown({ displayOptions, name }: INodeProperties): Base {
	const entries = Object.entries({
		...displayOptions?.show,
		...(['guardDays', 'registerOverRest'].includes(name) && { ifAlreadyFiled: ['fail'] }),
	});
	return Object.fromEntries(
		entries
			.filter(([key]) => key !== '@tool')
			.map(([key, values]) => [key.replace('/', ''), key === 'events' ? values : (values as unknown[])[0]]),
	);
}

const FIELDS = NODES.flatMap(fieldsOf);

describe('what an expression gives for a field', () => {
	let sandbox: Sandbox;
	let store: Sandbox;
	let engine: Engine;
	let item: INodeExecutionData;

	beforeAll(async () => {
		[sandbox, store] = await Promise.all([startSandbox(), startSandbox()]);
		const { credentials, region } = store.s3Keys.issue('demo', [REPORTS], [['0001', 'crd', 'incoming_filings']]);
		engine = await Engine.start({
			...credentialFields(sandbox.info),
			bucket: 'bucket-filex',
			region,
			endpoint: store.info.s3,
			pathStyle: true,
			...credentials,
		});
		await sandbox.store.publish([...REPORTS, 'a.pdf'], Readable.from(['x']));
		mkdirSync(FOLDER, { recursive: true });
		await store.store.publish([...REPORTS, 'b.pdf'], Readable.from(['x']));
		const trackingId = requestUpload(sandbox, '0001/focus/in/there.zip');
		await arrive(sandbox, '0001/focus/in/there.zip', trackingId);
		sandbox.submissions.decide(trackingId, 'ACCEPTED');
		item = await fileItem('a.zip', Buffer.from('x'), { trackingId });
	});
	afterAll(async () => {
		await Promise.all([sandbox.close(), store.close()]);
	});

	/** What went wrong, as a user reads it; '' where nothing did. */
	async function outcome(type: string, parameters: Base): Promise<string> {
		if (type.endsWith('Trigger')) {
			return await engine
				.activate(parameters as never, 'trigger', undefined, type)
				.poll()
				.then(
					() => '',
					(error: Error & { description?: string }) => `${error.message} | ${error.description ?? ''}`,
				);
		}
		const { error } = await engine.runOn({ type, parameters: parameters as never }, [item]);
		return error ? `${error.message} | ${error.description ?? ''}` : '';
	}

	it('knows every field', () => expect(FIELDS.length).toBeGreaterThan(70));

	describe.each(NODES.map(({ type }) => type))('%s', (node) => {
		it.each(FIELDS.filter(({ type }) => type === node).map((field) => [field.property.displayName, field] as const))(
			"'%s' is taken, means the default, or is refused by its name",
			async (label, { type, property, parameters }) => {
				const isLocator = property.type === 'resourceLocator';
				for (const expression of property.noDataExpression
					? HOSTILE.filter((each) => each !== '$now')
					: property.type === 'collection'
						? ['null', '""', '{}', '"false"', '0', '1', 'true', '[]']
						: HOSTILE) {
					// n8n does not work out an expression in a field that is said to take none; its value may still be anything.
					const value: unknown = property.noDataExpression ? GIVEN.get(expression) : `={{ ${expression} }}`;
					const said = await outcome(type, parameters(isLocator ? byName(value) : value));
					const told = `${expression}: ${said.slice(0, 300)}`;
					expect(told.replaceAll(expression, '')).not.toMatch(CRASH);
					expect(said.length).toBeLessThan(1500);
					if (REFUSED[property.type]!.includes(expression)) expect(told).toContain(`'${label}'`);
					// What else goes wrong is not for what the field holds, but for a number out of its range, and luxon's date in
					// place of a text, which n8n makes a text of in options only.
					else if (property.type !== 'number' && expression !== '$now') expect(told).not.toMatch(REFUSAL);
				}
			},
			60_000,
		);
	});

	it.each([
		['"false"', 'accepted'],
		['"no"', 'accepted'],
		['0', 'accepted'],
		['"true"', 'validated'],
		['1', 'validated'],
	])("'Validate Only' %s ends as %s", async (expression, expected) => {
		const { items } = await engine.runOn(
			{
				type: 'fileXUpload',
				parameters: {
					application: byName('focus'),
					subSpace: byName('in'),
					ifAlreadyFiled: 'allow',
					options: { validateOnly: `={{ ${expression} }}` },
				} as never,
			},
			[item],
		);
		expect(items[0]!.json.outcome).toBe(expected);
	});

	it('\'Allow Empty Files\' "false" files nothing', async () => {
		const before = sandbox.submissions.arrivals().length;
		const { error } = await engine.runOn(
			{
				type: 'fileXUpload',
				parameters: {
					application: byName('focus'),
					subSpace: byName('in'),
					ifAlreadyFiled: 'allow',
					options: { allowEmpty: '={{ "false" }}' },
				} as never,
			},
			[await fileItem('empty.zip', Buffer.from(''))],
		);
		expect(error?.message).toBe("'empty.zip' is empty (0 bytes), so it was not submitted [item 0]");
		expect(sandbox.submissions.arrivals()).toHaveLength(before);
	});

	it('a number is taken for an organization, in a step and in the credential', async () => {
		const list = {
			type: 'fileXList',
			parameters: { operation: 'applications', options: { orgId: '={{ 888888 }}' } } as never,
		};
		expect((await engine.runOn(list, [item])).items[0]!.json.orgId).toBe('888888');
		const other = await Engine.start(credentialFields(sandbox.info, { orgId: 888888 }));
		expect(
			(await other.run({ type: 'fileXList', parameters: { operation: 'applications' } as never })).items[0]!.json.orgId,
		).toBe('888888');
	});

	describe.each(['rest', 's3', 'sftp'])(
		'over %s, an organization that has lost its leading zeros is reported as that',
		(accessMethod) => {
			const crd = { application: byName('crd'), subSpace: byName('reports') };
			const steps: Array<[string, string, Base]> = [
				['List Applications', 'fileXList', { operation: 'applications' }],
				['List Sub-Spaces', 'fileXList', { operation: 'subSpaces', ...crd }],
				['List Files', 'fileXList', { operation: 'files', ...crd }],
				['Download by parts', 'fileXDownload', { selectBy: 'parts', ...crd, file: byName('a.pdf') }],
				['Upload', 'fileXUpload', { application: byName('focus'), subSpace: byName('in') }],
				['S3 Token', 'fileXS3Token', { application: byName('crd') }],
				['SFTP Trigger', 'fileXSftpTrigger', crd],
			];
			const lost = /Leading zeros count in an organization ID: check whether '1' has lost some/;

			it.each(steps)('by %s', async (_step, type, parameters) => {
				const said = await outcome(type, { accessMethod, ...parameters, options: { orgId: '={{ 1 }}' } });
				expect(said).toMatch(lost);
				expect(said).toMatch(/^This account is not entitled to '1/);
			});

			it('by a path, and by the credential', async () => {
				expect(await outcome('fileXDownload', { accessMethod, filePath: '1/crd/reports/a.pdf' })).toMatch(lost);
				const { orgId } = engine.credentials.stored;
				engine.credentials.stored.orgId = 1;
				expect(await outcome('fileXList', { accessMethod, operation: 'applications' })).toMatch(lost);
				engine.credentials.stored.orgId = orgId!;
			});
		},
	);

	it('nothing is said of leading zeros where the organization has them', async () => {
		const { username, password } = loginOf(sandbox.info, 'crdonly');
		const other = await Engine.start(credentialFields(sandbox.info, { username, password }));
		const { error } = await other.run({
			type: 'fileXList',
			parameters: { operation: 'subSpaces', application: byName('focus') } as never,
		});
		expect(error?.message).toMatch(/^This account is not entitled to '0001/);
		expect(error?.description).not.toMatch(/zeros/);
	});

	it('a file on disk and a folder are read as texts', async () => {
		expect(
			await outcome('fileXUpload', {
				application: byName('focus'),
				subSpace: byName('in'),
				source: 'disk',
				filePath: '={{ [] }}',
			}),
		).toMatch(/^'Path on Disk' must be a text, but it is a list/);
	});
});
