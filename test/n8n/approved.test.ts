import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { BULK, type Receipt } from '../../filex';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine, fileItem, type NodeRun } from '../support/engine';
import { filing } from '../support/filing';

const METHODS = ['rest', 's3', 'sftp'] as const;

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

// Each run that is refused would be printed.
process.env.N8N_LOG_LEVEL = 'silent';
// Before n8n reads it.
process.env.N8N_RESTRICT_FILE_ACCESS_TO = tmpdir();

/** What someone approved is submitted, and nothing else. */
describe('fileX Upload with an expected SHA-256', () => {
	let sandbox: Sandbox;
	let engine: Engine;
	let folder: string;

	beforeEach(async () => {
		sandbox = await startSandbox();
		engine = await Engine.start(credentialFields(sandbox.info));
		folder = await mkdtemp(join(tmpdir(), 'filex-approved-'));
	});
	afterEach(async () => {
		await rm(folder, { recursive: true });
		await sandbox.close();
	});

	const arrived = () => sandbox.submissions.arrivals().map(({ sha256: hash }) => hash);
	const upload = async (content: Buffer, parameters: object): Promise<NodeRun> =>
		await engine.runOn(filing(parameters), [await fileItem('a.zip', content)]);

	it.each(METHODS)(
		'submits over %s what a validation put out, and refuses what changed meanwhile',
		async (accessMethod) => {
			const content = randomBytes(30_000);
			const { items } = await upload(content, { accessMethod, options: { validateOnly: true } });
			const expectedSha256 = String(items[0]!.json.sha256);
			expect(expectedSha256).toBe(sha256(content));
			const changed = Buffer.from(content);
			changed[29_999]! ^= 1;
			const { error } = await upload(changed, { accessMethod, expectedSha256 });
			expect(error?.message).toContain(`has the SHA-256 ${sha256(changed)}, and not the expected ${expectedSha256}`);
			expect(error?.description).toMatch(/Nothing was submitted.*approved/);
			expect([arrived(), sandbox.submissions.all()]).toEqual([[], []]);
			expect(
				(await upload(content, { accessMethod, expectedSha256: ` ${expectedSha256.toUpperCase()} ` })).error,
			).toBeUndefined();
			expect(arrived()).toEqual([expectedSha256]);
		},
	);

	it.each<[string, number]>([
		['a small file', 30_000],
		['a file in the transfer thread', 300_000],
	])(
		'submits nothing of %s that changes after it was looked at, whatever its time of change says',
		async (_what, size) => {
			const usual = { ...BULK.from };
			if (size > 100_000) for (const method of METHODS) BULK.from[method] = 1;
			const path = join(folder, 'a.zip');
			try {
				for (const accessMethod of METHODS) {
					const [content, other] = [randomBytes(size), randomBytes(size)];
					const time = new Date('2026-01-02T03:04:05Z');
					await writeFile(path, content);
					await utimes(path, time, time);
					// After the content was hashed, and before it is sent.
					const asked = sandbox.log.count('rest', /./);
					let isOver = false;
					const run = engine
						.run({
							...filing({ source: 'disk', filePath: path, accessMethod, expectedSha256: sha256(content) }),
							onError: 'continueRegularOutput',
						})
						.finally(() => (isOver = true));
					while (!isOver && sandbox.log.count('rest', /./) === asked)
						await new Promise((resolve) => setImmediate(resolve));
					await writeFile(path, other);
					await utimes(path, time, time);
					const { error, details } = (await run).items[0]!.json as { error: string; details: { receipt: Receipt } };
					expect(error).toMatch(/and not the expected|changed while it was being submitted/);
					// A receipt of a filing that was refused states the content that was met, and not the one that was approved.
					if (error.includes('not the expected')) expect(details.receipt.sha256).toBe(sha256(other));
				}
				expect(arrived()).toEqual([]);
			} finally {
				Object.assign(BULK.from, usual);
			}
		},
	);

	it.each(['abc', 'g'.repeat(64), 888888, `${'a'.repeat(64)} a.zip`])(
		'refuses what is no SHA-256: %p',
		async (expectedSha256) => {
			const { error } = await upload(Buffer.from('x'), { expectedSha256 });
			expect(error?.message).toMatch(/'Expected SHA-256' is not a SHA-256/);
			expect(arrived()).toEqual([]);
		},
	);

	it.each(['', null])('takes any content where it is %p', async (expectedSha256) => {
		expect((await upload(Buffer.from('x'), { expectedSha256 })).error).toBeUndefined();
		expect(arrived()).toHaveLength(1);
	});

	it.each<[string, object]>([
		['Expected SHA-256', { expectedSha256: '={{ $json.renamed }}' }],
		['Expected SHA-256', { expectedSha256: '={{ null }}' }],
		['Expected SHA-256', { expectedSha256: "={{ ' ' }}" }],
		['Validate Only', { options: { validateOnly: '={{ $json.renamed }}' } }],
		['Register over HTTPS REST', { accessMethod: 's3', options: { registerOverRest: '={{ $json.renamed }}' } }],
	])("submits nothing where '%s' is an expression that returns nothing: %j", async (field, parameters) => {
		const { error } = await upload(Buffer.from('x'), parameters);
		expect(error?.message).toMatch(`'${field}' is an expression, and it returned nothing`);
		expect(arrived()).toEqual([]);
	});

	describe('as the tool of an agent', () => {
		const content = Buffer.from('what was approved');
		let path: string;
		beforeEach(async () => {
			path = join(folder, 'a.zip');
			await writeFile(path, content);
			const bucket = { bucket: 'of-no-matter', credentialsFrom: 'keys', accessKeyId: 'a', secretAccessKey: 'b' };
			Object.assign(engine.credentials.stored, { ...bucket, region: 'us-east-1', endpoint: sandbox.info.s3 });
		});
		const call = async (parameters: object, args: IDataObject = {}): Promise<IDataObject> =>
			(await engine.callAsTool(filing({ source: 'disk', filePath: path, ...parameters }), args))[0]!;

		const approved = sha256(content);

		it('submits what was approved, as the node or another node of the workflow says', async () => {
			const answer = await call({ expectedSha256: approved });
			expect(answer).toMatchObject({ outcome: 'accepted', sha256: approved });
			expect(arrived()).toEqual([approved]);
			const byNode = {
				expectedSha256: `={{ $('Source').first().json.none ?? '${approved}' }}`,
				ifAlreadyFiled: 'skip',
			};
			expect(await call(byNode)).toMatchObject({ outcome: 'skipped' });
		});

		it.each<[string, object, IDataObject, RegExp]>([
			['without a hash', {}, {}, /An agent's tool needs 'Expected SHA-256'/],
			['with another hash', { expectedSha256: 'a'.repeat(64) }, {}, /not the expected/],
			['with Allow', { ifAlreadyFiled: 'allow', expectedSha256: approved }, {}, /does not run with 'If Already Filed'/],
			...(
				[
					['hash', 'expectedSha256', 'Expected SHA-256'],
					['answer to duplicates', 'ifAlreadyFiled', 'If Already Filed'],
					['path', 'filePath', 'Path on Disk'],
					['name', 'fileName', 'File Name'],
				] as const
			).map(([what, name, label]): [string, object, IDataObject, RegExp] => [
				`with a ${what} of its own`,
				{ expectedSha256: approved, [name]: "={{ $fromAI('it') }}" },
				{ it: 'allow' },
				new RegExp(`may not take '${label}' from the agent`),
			]),
			[
				'with a path of its own by another way',
				{ filePath: '={{ $json.path }}', expectedSha256: approved },
				{ path: 'a' },
				/may not take 'Path on Disk'/,
			],
			[
				'with a key of its own',
				{ source: 's3Bucket', bucketKey: "={{ $json['key'] }}", expectedSha256: approved },
				{ key: 'a' },
				/may not take 'Object Key'/,
			],
			[
				'with a sub-space of its own',
				{ subSpace: byName("={{ $fromAI('where') }}"), expectedSha256: approved },
				{ where: 'in' },
				/may not take 'Sub-Space'/,
			],
			[
				'with an option of its own',
				{ options: { guardDays: "={{ $fromAI('days') }}" }, expectedSha256: approved },
				{ days: '1' },
				/may not take 'Options'/,
			],
			[
				'with all options of its own',
				{ options: "={{ $fromAI('options', '', 'json') }}" },
				{ options: { withoutExpectedSha256: true } },
				/'Options'|needs 'Expected SHA-256'/,
			],
		])('is refused %s', async (_what, parameters, args, message) => {
			await expect(call(parameters, args)).rejects.toThrow(message);
			expect(arrived()).toEqual([]);
		});

		it.each(['folder', 'destination', 'bucketFolder'])('downloads nothing to a %s of its own', async (name) => {
			const node = {
				type: 'fileXDownload',
				parameters: {
					destination: name === 'bucketFolder' ? 's3Bucket' : 'disk',
					folder,
					selectBy: 'path',
					filePath: '0001/crd/reports/a.pdf',
					[name]: "={{ $fromAI('it') }}",
				} as never,
			};
			await expect(engine.callAsTool(node, { it: 'disk' })).rejects.toThrow(/An agent's tool may not take/);
		});

		it.each([
			'$json',
			'$thisItem.json',
			'$input.item.json',
			"$evaluateExpression('{{ $' + 'json }}')",
			'$tool.parameters',
		])('takes no field from the item that the model fills, as %s', async (item) => {
			const run = async (filePath: string) =>
				await engine.runAsTool(filing({ source: 'disk', filePath, expectedSha256: approved }), { it: path });
			expect((await run(`={{ ${item}.it }}`)).error?.message).toMatch(/may not take 'Path on Disk'/);
			expect(arrived()).toEqual([]);
			expect((await run(path)).items).toMatchObject([{ json: { outcome: 'accepted' } }]);
		});

		it('needs no hash where the node itself says so', async () => {
			expect(await call({ options: { withoutExpectedSha256: true } })).toMatchObject({ outcome: 'accepted' });
		});

		it('takes a path from another node of the workflow', async () => {
			const filePath = `={{ $('Source').first().json.none ?? '${path}' }}`;
			expect(await call({ filePath, expectedSha256: sha256(content) })).toMatchObject({ outcome: 'accepted' });
		});
	});

	it('does not ask steps of a workflow for a hash', async () => {
		const { items } = await upload(Buffer.from('x'), { ifAlreadyFiled: 'allow' });
		expect(items).toMatchObject([{ json: { outcome: 'accepted' } }]);
	});
});
