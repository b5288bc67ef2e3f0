import { createRequire } from 'node:module';
import type { INodeExecutionData, INodeType } from 'n8n-workflow';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox';
import { cachedN8n } from '../../scripts/n8n/cache';
import { credentialFields } from '../support/accounts';
import { Engine, type NodeRun } from '../support/engine';
import { batch, hurry, itemsOf, notFiled, table, tally, uploadBatch, type Tally } from './batch';
import { FAULTS, nameOf } from './faults';

const MINUTES = 60_000;
const HTTP_REQUEST = 'n8n-nodes-base.httpRequest';

/** What a user would pick instead: n8n's own HTTP Request node, twice, with Retry On Fail. */
class TwoSteps {
	private constructor(
		private readonly engine: Engine,
		private readonly sandbox: Sandbox,
		private readonly typeVersion: number,
	) {}

	static async start(engine: Engine, sandbox: Sandbox): Promise<TwoSteps> {
		const n8n = await cachedN8n(new AbortController().signal);
		const path = createRequire(n8n).resolve('n8n-nodes-base/dist/nodes/HttpRequest/HttpRequest.node.js');
		const { HttpRequest } = createRequire(path)(path) as {
			HttpRequest: new () => INodeType & { description: { defaultVersion: number } };
		};
		const node = new HttpRequest();
		engine.add(HTTP_REQUEST, node);
		return new TwoSteps(engine, sandbox, node.description.defaultVersion);
	}

	async upload(names: string[]): Promise<NodeRun> {
		const token = await this.token();
		const files = await itemsOf(names);
		const request = {
			method: 'PUT',
			url: `=${this.sandbox.info.rest}/files/0001/focus/in/{{ $binary.data.fileName }}`,
			sendHeaders: true,
			headerParameters: { parameters: [{ name: 'Authorization', value: `Bearer ${token}` }] },
		};
		const urls = await this.step(request, files);
		if (urls.error) return urls;
		// What a Merge node by position does.
		const merged = urls.items.map(({ json }, index) => ({ json, binary: files[index]!.binary }));
		const send = {
			method: 'PUT',
			url: '={{ $json.url }}',
			sendHeaders: true,
			headerParameters: { parameters: [{ name: 'Content-Type', value: 'application/octet-stream' }] },
			sendBody: true,
			contentType: 'binaryData',
			inputDataFieldName: 'data',
		};
		return await this.step(send, merged);
	}

	private async step(parameters: object, items: INodeExecutionData[]): Promise<NodeRun> {
		return await this.engine.runOn(
			{
				type: HTTP_REQUEST,
				typeVersion: this.typeVersion,
				parameters: { authentication: 'none', options: {}, ...parameters } as never,
				retryOnFail: true,
				maxTries: 5,
				waitBetweenTries: 0,
			},
			items,
		);
	}

	private async token(): Promise<string> {
		const { username, password } = this.sandbox.info.accounts[0]!;
		const answer = await fetch(
			`${this.sandbox.info.fip}/fip/rest/ews/oauth2/access_token?grant_type=client_credentials`,
			{
				method: 'POST',
				headers: { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
			},
		);
		return ((await answer.json()) as { access_token: string }).access_token;
	}
}

describe("beside n8n's own HTTP Request node, in the same run", () => {
	let sandbox: Sandbox;
	let slowDown = () => {};

	beforeAll(async () => {
		sandbox = await startSandbox();
	});
	afterAll(async () => {
		slowDown();
		await sandbox?.close();
	});

	it(
		'doubles and losses under the same faults',
		async () => {
			const engine = await Engine.start(credentialFields(sandbox.info));
			const twoSteps = await TwoSteps.start(engine, sandbox);
			const rows: Array<[string, Tally, ...string[]]> = [];
			const sums = { ours: 0, theirs: 0 };
			for (const [index, fault] of FAULTS.filter(({ where }) => ['rest.upload', 's3.put'].includes(where)).entries()) {
				for (const who of ['HTTP Request', 'fileX Upload'] as const) {
					const names = batch(`peer${index}${who.replace(' ', '')}`, 5);
					sandbox.faults.add({ times: 1, after: 1, ...fault });
					if (who === 'fileX Upload') slowDown = hurry(sandbox);
					const run = who === 'fileX Upload' ? await uploadBatch(engine, names) : await twoSteps.upload(names);
					slowDown();
					sandbox.faults.clear();
					const result = tally(sandbox, names, who === 'fileX Upload' ? notFiled(run) : run.error ? 'all' : new Set());
					sums[who === 'fileX Upload' ? 'ours' : 'theirs'] += result.twice + result.lost;
					rows.push([nameOf(fault), result, who]);
				}
			}
			process.stderr.write(`\n${table('fault', rows, ['by'])}\n`);
			expect(sums.ours).toBe(0);
			// Else the comparison would tell nothing.
			expect(sums.theirs).toBeGreaterThan(0);
		},
		10 * MINUTES,
	);
});
