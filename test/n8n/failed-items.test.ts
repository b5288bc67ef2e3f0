import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExecuteContext, WorkflowExecute } from 'n8n-core';
import type { IDataObject, IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';
import { failedRecord } from '../../nodes/shared/failed-record';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine, fileItem } from '../support/engine';

/**
 * Whether n8n hands an item on by the error output ("Continue (using error output)"), by its JSON: read in
 * n8n-core 1.79, 1.122, 2.0, 2.8, 2.11, 2.20, 2.33.2 and 2.35.0; and in 2.34.4, 2.35.5, 2.36 and later.
 */
const RULES = {
	old: (json: IDataObject) =>
		Boolean(json.error) &&
		(Object.keys(json).length === 1 || (Boolean(json.message) && Object.keys(json).length === 2)),
	new: (json: IDataObject) =>
		Boolean(json.error) && Object.keys(json).every((key) => ['error', 'message', 'details'].includes(key)),
};

/** Contexts as n8n has had them: without streaming, with it in their own class, and in their base class (since 2.37). */
function contextOf(age: 'oldest' | 'old' | 'new', onError: INode['onError']): IExecuteFunctions {
	class Base {
		getNode() {
			return { onError };
		}
	}
	class Streaming extends Base {
		isStreaming() {
			return false;
		}
	}
	class Context extends Streaming {}
	return new { oldest: Base, old: Streaming, new: Context }[age]() as unknown as IExecuteFunctions;
}

describe('the JSON of an item that failed', () => {
	const details = { description: 'Do this.', outcome: 'held' };

	it.each(['oldest', 'old', 'new'] as const)(
		'is one of a failed item for an n8n that is %s, and loses nothing',
		(age) => {
			const record = failedRecord(contextOf(age, 'continueErrorOutput'), 'It failed', details);
			expect(RULES[age === 'new' ? 'new' : 'old'](record)).toBe(true);
			// An n8n that was taken for an older one routes it anyway.
			if (age !== 'new') expect(RULES.new(record)).toBe(true);
			expect(record).toMatchObject({ error: 'It failed', message: details });
			expect('details' in record).toBe(age === 'new');
		},
	);

	it.each(['oldest', 'old', 'new'] as const)(
		'has both fields where nothing is routed by it, in an n8n that is %s',
		(age) => {
			for (const onError of ['continueRegularOutput', undefined] as const) {
				expect(failedRecord(contextOf(age, onError), 'It failed', details)).toEqual({
					error: 'It failed',
					message: details,
					details,
				});
			}
		},
	);
});

describe("an item that failed, in n8n's engine", () => {
	let sandbox: Sandbox;
	let engine: Engine;

	beforeAll(async () => {
		sandbox = await startSandbox();
		engine = await Engine.start(credentialFields(sandbox.info));
	});
	afterEach(() => jest.restoreAllMocks());
	afterAll(async () => await sandbox.close());

	const failed = {
		error: expect.stringMatching(/holds a space/) as string,
		message: { outcome: 'rejected', description: expect.stringMatching(/letters, digits/) as string },
	};

	async function upload(onError: INode['onError']) {
		const items = [
			await fileItem('a b.zip', Buffer.from('x'), { order: 7 }),
			await fileItem('a.zip', Buffer.from('x'), { order: 8 }),
		];
		return await engine.runOn(
			{
				type: 'fileXUpload',
				parameters: { application: byName('focus'), subSpace: byName('in'), ifAlreadyFiled: 'allow' } as never,
				onError,
			},
			items,
		);
	}

	it('leaves by the error output, with all that is known of it', async () => {
		const { items, others } = await upload('continueErrorOutput');
		expect(items.map(({ json }) => json.fileName)).toEqual(['a.zip']);
		expect(others).toMatchObject([[{ json: { ...failed, details: failed.message, order: 7 } }]]);
	});

	it('leaves by the one output where there is one', async () => {
		const { items } = await upload('continueRegularOutput');
		expect(items.map(({ json }) => json)).toMatchObject([
			{ ...failed, details: failed.message },
			{ outcome: 'accepted' },
		]);
		expect(Object.keys(items[0]!.json).sort()).toEqual(['details', 'error', 'message']);
	});

	it('leaves by the error output of an n8n before 2.36, with all that is known of it', async () => {
		// Such an n8n's contexts stream by a method of their own class, and it routes by its own rule.
		Object.defineProperty(ExecuteContext.prototype, 'isStreaming', { value: () => false, configurable: true });
		const engineOf = WorkflowExecute.prototype as unknown as {
			handleNodeErrorOutput(workflow: unknown, data: unknown, outputs: INodeExecutionData[][], run: number): void;
		};
		jest.spyOn(engineOf, 'handleNodeErrorOutput').mockImplementation((_workflow, _data, outputs) => {
			const all = outputs[0]!.splice(0);
			outputs[0] = all.filter(({ json }) => !RULES.old(json));
			outputs[1] = all.filter(({ json }) => RULES.old(json));
		});
		try {
			const { items, others } = await upload('continueErrorOutput');
			expect(items.map(({ json }) => json.fileName)).toEqual(['a.zip']);
			expect(others).toMatchObject([[{ json: failed }]]);
		} finally {
			delete (ExecuteContext.prototype as { isStreaming?: unknown }).isStreaming;
		}
	});
});

describe('the examples', () => {
	const files = readdirSync(join(__dirname, '../../examples')).filter((name) => name.endsWith('.json'));
	const examples = files.map(
		(name) => JSON.parse(readFileSync(join(__dirname, '../../examples', name), 'utf8')) as Example,
	);

	it('report a submission only where its outcome says so, whichever output it comes from', () => {
		const uploads = examples.flatMap(({ nodes, connections }) =>
			nodes
				// One that validates only reports no submission.
				.filter(
					({ type, parameters }) => type.endsWith('.fileXUpload') && !/validateOnly/.test(JSON.stringify(parameters)),
				)
				.map(({ name }) => connections[name]!.main[0]!.map(({ node }) => nodes.find((each) => each.name === node)!)),
		);
		expect(uploads.length).toBeGreaterThan(0);
		for (const after of uploads) {
			expect(after.map(({ type }) => type)).toEqual(['n8n-nodes-base.if']);
			expect(JSON.stringify(after[0]!.parameters)).toContain("['accepted', 'skipped'].includes($json.outcome)");
		}
		expect(JSON.stringify(examples)).not.toContain('$json.details');
	});
});

interface Example {
	nodes: Array<Pick<INode, 'name' | 'type' | 'parameters'>>;
	connections: Record<string, { main: Array<Array<{ node: string }>> }>;
}
