import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

// Before n8n-core reads its settings.
const home = mkdtempSync(join(tmpdir(), 'filex-n8n-'));
const removeHome = () => rmSync(home, { recursive: true, force: true });
// Jest ends its workers without an 'exit'.
if (typeof afterAll === 'function') afterAll(removeHome);
else process.on('exit', removeHome);
process.env.N8N_USER_FOLDER = home;
process.env.N8N_ENCRYPTION_KEY = 'test';
process.env.N8N_DEFAULT_BINARY_DATA_MODE = 'filesystem';

import { Container } from '@n8n/di';
import {
	BinaryDataService,
	PollContext,
	PollTriggerExecutor,
	WorkflowExecute,
	ExecutionLifecycleHooks,
	LoadOptionsContext,
} from 'n8n-core';
import {
	ICredentialsHelper,
	NodeHelpers,
	Workflow,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type IDataObject,
	type IExecuteFunctions,
	type IHttpRequestHelper,
	type IHttpRequestOptions,
	type INode,
	type INodeExecutionData,
	type INodeListSearchResult,
	type INodeParameters,
	type INodeType,
	type INodeTypeDescription,
	type INodeTypes,
	type IRun,
	type IConnections,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { FipApi } from '../../credentials/FipApi.credentials';
import { FileXDownload } from '../../nodes/FileXDownload/FileXDownload.node.ts';
import { FileXList } from '../../nodes/FileXList/FileXList.node.ts';
import { FileXReconcile } from '../../nodes/FileXReconcile/FileXReconcile.node.ts';
import { FileXS3Token } from '../../nodes/FileXS3Token/FileXS3Token.node.ts';
import { FileXSftpTrigger } from '../../nodes/FileXSftpTrigger/FileXSftpTrigger.node.ts';
import { FileXTrack } from '../../nodes/FileXTrack/FileXTrack.node.ts';
import { FileXTrackingTrigger } from '../../nodes/FileXTrackingTrigger/FileXTrackingTrigger.node.ts';
import { FileXUpload } from '../../nodes/FileXUpload/FileXUpload.node.ts';

const PACKAGE = 'n8n-nodes-finra-filex';

/** The description of a node that a test brings along. @param more what sets it apart */
export function testNode(name: string, more: Partial<INodeTypeDescription> = {}): INodeTypeDescription {
	return {
		displayName: name,
		name,
		group: ['transform'],
		version: 1,
		description: 'Serves a test',
		defaults: { name },
		usableAsTool: true,
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
		...more,
	};
}

/** Hands on the items that a test begins with. */
class Source implements INodeType {
	description = testNode('source', { inputs: [] });

	/** n8n calls it with a context of its own for `this`. */
	readonly execute: () => Promise<INodeExecutionData[][]>;

	constructor(items: INodeExecutionData[]) {
		this.execute = async () => [items];
	}
}

/** Stands for an agent: calls the tool that is connected to it, with what the model says. */
class Agent implements INodeType {
	description = testNode('agent', { inputs: ['main', { type: 'ai_tool' }] });

	readonly execute: (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>;

	constructor(args: IDataObject) {
		this.execute = async function () {
			const [tool] = (await this.getInputConnectionData('ai_tool', 0)) as Array<{
				invoke(args: object): Promise<string>;
			}>;
			return [[{ json: { answer: await tool!.invoke(args) } }]];
		};
	}
}

class NodeTypes implements INodeTypes {
	/** By their full names. */
	readonly types: Record<string, INodeType> = {
		[`${PACKAGE}.fileXDownload`]: new FileXDownload(),
		[`${PACKAGE}.fileXList`]: new FileXList(),
		[`${PACKAGE}.fileXReconcile`]: new FileXReconcile(),
		[`${PACKAGE}.fileXS3Token`]: new FileXS3Token(),
		[`${PACKAGE}.fileXSftpTrigger`]: new FileXSftpTrigger(),
		[`${PACKAGE}.fileXTrack`]: new FileXTrack(),
		[`${PACKAGE}.fileXTrackingTrigger`]: new FileXTrackingTrigger(),
		[`${PACKAGE}.fileXUpload`]: new FileXUpload(),
	};

	getByName(type: string): INodeType {
		return this.types[type]!;
	}

	getByNameAndVersion(type: string): INodeType {
		return NodeHelpers.getVersionedNodeType(this.types[type]!);
	}

	getKnownTypes(): IDataObject {
		return {};
	}
}

/** n8n's credential handling as its server does it, but for the database: one stored credential. */
class Credentials extends ICredentialsHelper {
	readonly type: ICredentialType = new FipApi();
	stored: ICredentialDataDecryptedObject;

	constructor(fields: ICredentialDataDecryptedObject) {
		super();
		const defaults = Object.fromEntries(this.type.properties.map(({ name, default: value }) => [name, value]));
		this.stored = { ...(defaults as ICredentialDataDecryptedObject), ...fields };
	}

	getParentTypes(): string[] {
		return [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		_type: string,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.type;
		return typeof authenticate === 'function' ? await authenticate(credentials, request) : request;
	}

	async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		_type: string,
		_node: INode,
		expired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const field = this.type.properties.find(({ typeOptions }) => typeOptions?.expirable)!.name;
		if (credentials[field] !== '' && !expired) return undefined;
		const output = await this.runPreAuthentication(helpers, credentials);
		this.stored = { ...this.stored, ...output };
		return Object.assign(credentials, output);
	}

	async runPreAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<ICredentialDataDecryptedObject> {
		return (await this.type.preAuthentication!.call(helpers, credentials)) as ICredentialDataDecryptedObject;
	}

	async getCredentials(): Promise<never> {
		throw new Error('not used');
	}

	async getDecrypted(): Promise<ICredentialDataDecryptedObject> {
		return { ...this.stored };
	}

	async updateCredentials(): Promise<void> {}

	async updateCredentialsOauthTokenData(): Promise<void> {}

	getCredentialsProperties() {
		return this.type.properties;
	}
}

export interface NodeUnderTest {
	/** E.g. `fileXList`; with its package where that is another one. */
	type: string;
	/** 1 where absent. */
	typeVersion?: number;
	parameters: INodeParameters;
	onError?: INode['onError'];
	retryOnFail?: boolean;
	maxTries?: number;
	/** ms */
	waitBetweenTries?: number;
}

/** n8n's real engine with this pack's nodes, the real binary store, and one stored credential. */
export class Engine {
	readonly credentials: Credentials;
	private readonly nodeTypes = new NodeTypes();

	private constructor(fields: object) {
		this.credentials = new Credentials(fields as ICredentialDataDecryptedObject);
	}

	static async start(fields: object): Promise<Engine> {
		await Container.get(BinaryDataService).init();
		return new Engine(fields);
	}

	/** n8n's binary store. */
	static binaryData(): BinaryDataService {
		return Container.get(BinaryDataService);
	}

	/** Adds a node of another package, to be compared with ours; it gets the same credential fields. */
	add(type: string, node: INodeType): void {
		this.nodeTypes.types[type] = node;
	}

	/** Runs one node on some records, as a workflow of its own. */
	async run(node: NodeUnderTest, records: IDataObject[] = [{}]): Promise<NodeRun> {
		return await this.runOn(
			node,
			records.map((json) => ({ json })),
		);
	}

	/** Runs one node on some items, as a workflow of its own. */
	async runOn(node: NodeUnderTest, items: INodeExecutionData[]): Promise<NodeRun> {
		this.nodeTypes.types.source = new Source(items);
		const workflow = this.workflow(node, [
			{ id: '0', name: 'Source', type: 'source', typeVersion: 1, position: [0, 0], parameters: {} },
		]);
		const run = await this.runWorkflow(workflow);
		const taskData = run.data.resultData.runData.Node?.at(-1);
		return {
			items: taskData?.data?.main?.[0] ?? [],
			hints: (taskData?.hints ?? []).map(({ message }) => message),
			others: (taskData?.data?.main ?? []).slice(1).map((items) => items ?? []),
			error: (taskData?.error ?? run.data.resultData.error) as NodeRun['error'],
			get everything() {
				return JSON.stringify(run);
			},
		};
	}

	/** From its node 'Source' on. */
	private async runWorkflow(workflow: Workflow): Promise<IRun> {
		const additionalData = this.additionalData();
		additionalData.hooks = new ExecutionLifecycleHooks('manual', '1', {
			id: 'w',
			name: 'w',
			active: false,
			createdAt: new Date(),
			updatedAt: new Date(),
			nodes: [],
			connections: {},
		} as never);
		return await new WorkflowExecute(additionalData, 'manual').run({
			workflow,
			startNode: workflow.getNode('Source')!,
		});
	}

	/** Lets an agent call a node as its tool, as n8n makes one of it. Gives the answer, or throws what the agent is told. */
	async callAsTool({ type, parameters, ...node }: NodeUnderTest, args: IDataObject): Promise<IDataObject[]> {
		const { types } = this.nodeTypes;
		const tool = this.toolOf(type, { inputs: [], outputs: ['ai_tool'] });
		types.agent = new Agent(args);
		types.source = new Source([{ json: {} }]);
		const own = { id: '2', typeVersion: 1, position: [0, 0] as [number, number], parameters: {} };
		const workflow = this.workflow({ type: tool, parameters, ...node }, [
			{ ...own, id: '0', name: 'Source', type: 'source' },
			{ ...own, name: 'Agent', type: 'agent' },
		]);
		workflow.setConnections({
			Source: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
			Node: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
		});
		const run = await this.runWorkflow(workflow);
		const { data, error } = run.data.resultData.runData.Agent!.at(-1)!;
		if (error) throw new Error(error.message);
		return JSON.parse(String(data!.main![0]![0]!.json.answer)) as IDataObject[];
	}

	/** Runs the tool that n8n makes of a node as its newer agents do: a node like others, whose item is what the model says. */
	async runAsTool({ type, ...node }: NodeUnderTest, args: IDataObject): Promise<NodeRun> {
		return await this.run({ ...node, type: this.toolOf(type) }, [args]);
	}

	/** Makes a tool of a node, as n8n does; gives its type. */
	private toolOf(type: string, more: object = {}): string {
		const { types } = this.nodeTypes;
		const whole = types[`${PACKAGE}.${type}`]!;
		types[`${PACKAGE}.${type}Tool`] = Object.assign(Object.create(whole) as INodeType, {
			description: { ...whole.description, name: `${type}Tool`, usableAsTool: undefined, ...more },
		});
		return `${type}Tool`;
	}

	/** An activated trigger: its polls run as n8n's scheduler runs them, with state that n8n would save. */
	activate(
		parameters: INodeParameters,
		mode: 'trigger' | 'manual' = 'trigger',
		id: string = randomUUID(),
		type = 'fileXSftpTrigger',
	): ActiveTrigger {
		const workflow = this.workflow({ type, parameters }, [], id);
		return new ActiveTrigger(workflow, this.additionalData(), mode);
	}

	/** What a resource locator's list offers. */
	async search(method: string, node: NodeUnderTest, filter?: string): Promise<INodeListSearchResult> {
		const workflow = this.workflow(node, []);
		const type = this.nodeTypes.getByNameAndVersion(`${PACKAGE}.${node.type}`);
		const additionalData = { ...this.additionalData(), currentNodeParameters: node.parameters };
		const context = new LoadOptionsContext(workflow, workflow.getNode('Node')!, additionalData, '/');
		return await type.methods!.listSearch![method]!.call(context, filter);
	}

	private workflow({ type, ...node }: NodeUnderTest, before: INode[], id: string = randomUUID()): Workflow {
		const nodes: INode[] = [
			...before,
			{
				id: '1',
				name: 'Node',
				type: type.includes('.') ? type : `${PACKAGE}.${type}`,
				typeVersion: 1,
				position: [200, 0],
				credentials: Object.fromEntries(['fipApi', 's3BucketApi', 'sftp'].map((name) => [name, { id: '1', name }])),
				...node,
			},
		];
		const connections: IConnections =
			before.length === 0 ? {} : { Source: { main: [[{ node: 'Node', type: 'main' as const, index: 0 }]] } };
		return new Workflow({
			id,
			nodes,
			connections,
			active: false,
			nodeTypes: this.nodeTypes,
			settings: { executionOrder: 'v1', timezone: 'America/New_York' },
		});
	}

	private additionalData(): IWorkflowExecuteAdditionalData {
		return {
			credentialsHelper: this.credentials,
			currentNodeExecutionIndex: 0,
			executionId: randomUUID(),
			variables: {},
			webhookWaitingBaseUrl: 'http://127.0.0.1/webhook-waiting',
			formWaitingBaseUrl: 'http://127.0.0.1/form-waiting',
		} as unknown as IWorkflowExecuteAdditionalData;
	}
}

export interface NodeRun {
	/** Of the first output. */
	items: INodeExecutionData[];
	/** What is shown beside the output. */
	hints: string[];
	/** Of the outputs after the first. */
	others: INodeExecutionData[][];
	error?: Error & {
		description?: string;
		httpCode?: string;
		failure?: { cause: string };
		context?: { itemIndex?: number };
	};
	/** The whole run as n8n would store and show it. */
	everything: string;
}

/** A trigger's life between activation and deactivation. */
export class ActiveTrigger {
	constructor(
		readonly workflow: Workflow,
		private readonly additionalData: IWorkflowExecuteAdditionalData,
		private readonly mode: 'trigger' | 'manual',
	) {}

	/** One poll through n8n's own poll executor; gives the emitted records, or throws what n8n would report. */
	async poll(budgetMs = 300_000): Promise<IDataObject[]> {
		let emitted: INodeExecutionData[][] = [];
		let failure: Error | undefined;
		const context = new PollContext(
			this.workflow,
			this.workflow.getNode('Node')!,
			this.additionalData,
			this.mode,
			this.mode === 'manual' ? 'manual' : 'activate',
			(data) => (emitted = data),
			(error) => (failure = error),
			undefined,
			undefined,
			undefined,
			() => budgetMs,
		);
		await Container.get(PollTriggerExecutor).create(
			this.workflow,
			this.workflow.getNode('Node')!,
			context,
			() => true,
		)();
		if (failure) throw failure;
		return emitted.flat().map(({ json }) => json);
	}

	/** The state as n8n saves it. */
	get state(): string {
		return JSON.stringify(this.workflow.staticData);
	}

	set state(saved: string) {
		this.workflow.staticData = JSON.parse(saved) as IDataObject;
	}
}

/** An item with a file in n8n's binary store, in the field `data`. */
export async function fileItem(
	fileName: string,
	content: Buffer | Readable,
	json: IDataObject = {},
): Promise<INodeExecutionData> {
	const location = { type: 'execution' as const, workflowId: 'w', executionId: randomUUID() };
	const data = await Container.get(BinaryDataService).store(location, content, {
		data: '',
		mimeType: 'application/octet-stream',
		fileName,
	});
	return { json, binary: { data } };
}

/** The bytes that a node put into n8n's binary store. */
export async function storedBytes({ binary }: INodeExecutionData, field = 'data'): Promise<Buffer> {
	return await Container.get(BinaryDataService).getAsBuffer(binary![field]!);
}
