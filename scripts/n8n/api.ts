import { randomBytes } from 'node:crypto';
import { readExecution } from './execution';

/** The person who owns an n8n. */
export interface Owner {
	email: string;
	password: string;
}

export interface ExecutionSummary {
	id: string;
	status: 'new' | 'running' | 'success' | 'error' | 'crashed' | 'canceled' | 'waiting' | 'unknown';
}

/** The few calls of n8n's editor API that the demo and the editor test need, as its owner. */
export class N8nApi {
	private constructor(
		private readonly url: string,
		private readonly cookie: string,
		readonly owner: Owner,
	) {}

	/** Sets up a fresh n8n with an owner, as its first page does. */
	static async setUp(url: string): Promise<N8nApi> {
		// n8n asks for a capital letter and a digit.
		const owner = { email: 'demo@filex.example', password: `A1${randomBytes(9).toString('base64url')}` };
		const person = { ...owner, firstName: 'fileX', lastName: 'Demo' };
		return new N8nApi(url, await cookieOf(`${url}/rest/owner/setup`, person), owner);
	}

	/** Signs its owner in again, once it was started anew. */
	static async signIn(url: string, owner: Owner): Promise<N8nApi> {
		const login = { emailOrLdapLoginId: owner.email, password: owner.password };
		return new N8nApi(url, await cookieOf(`${url}/rest/login`, login), owner);
	}

	/** The newest executions of a workflow, running ones included. */
	async executions(workflowId: string): Promise<ExecutionSummary[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = await this.get<{ results: ExecutionSummary[] }>(`/rest/executions?filter=${filter}&limit=20`);
		return results;
	}

	/** What an execution's nodes put out. */
	async execution(id: string): Promise<ReturnType<typeof readExecution>> {
		const { data } = await this.get<{ data: string }>(`/rest/executions/${id}`);
		return readExecution(data);
	}

	/**
	 * Runs a saved workflow as the editor's button does, from one of its triggers; gives the execution's id.
	 *
	 * @param chatSessionId of a chat in the editor: then it waits for a message at `/webhook-test/{workflow}/{session}`
	 */
	async run(workflowId: string, trigger: string, chatSessionId?: string): Promise<string | undefined> {
		// n8n 1 takes the workflow from the request, later ones from their database.
		const workflowData = await this.get<object>(`/rest/workflows/${workflowId}`);
		const body = { workflowData, triggerToStartFrom: { name: trigger }, chatSessionId };
		return (await this.post<{ executionId?: string }>(`/rest/workflows/${workflowId}/run`, body)).executionId;
	}

	/** A file from n8n's binary store. */
	async binary(id: string): Promise<Buffer> {
		const response = await this.fetch(`/rest/binary-data?id=${encodeURIComponent(id)}&action=download`);
		return Buffer.from(await response.arrayBuffer());
	}

	/** What the editor is told when it tests a credential. */
	async testCredential(credential: object): Promise<{ status: string; message: string }> {
		return await this.post('/rest/credentials/test', { credentials: credential });
	}

	/** What the editor shows in a list of a resource locator. @param request as the editor sends it */
	async choices(request: object): Promise<Array<{ name: string; value: string }>> {
		const path = '/rest/dynamic-node-parameters/resource-locator-results';
		const { results } = await this.post<{ results: Array<{ name: string; value: string }> }>(path, request);
		return results;
	}

	async get<Data>(path: string): Promise<Data> {
		return await dataOf(await this.fetch(path));
	}

	async post<Data>(path: string, body: object): Promise<Data> {
		return await dataOf(await this.fetch(path, asJson(body)));
	}

	/** @throws Error where n8n refuses */
	async fetch(path: string, { headers, ...request }: RequestInit = {}): Promise<Response> {
		const response = await fetch(`${this.url}${path}`, { ...request, headers: { ...headers, Cookie: this.cookie } });
		return await check(response);
	}
}

function asJson(body: object): RequestInit {
	return { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

/** What n8n knows a person by who has signed in. */
async function cookieOf(url: string, login: object): Promise<string> {
	const { headers } = await check(await fetch(url, asJson(login)));
	return headers
		.getSetCookie()
		.map((line) => line.split(';')[0])
		.join('; ');
}

async function dataOf<Data>(response: Response): Promise<Data> {
	const { data } = (await response.json()) as { data: Data };
	return data;
}

async function check(response: Response): Promise<Response> {
	if (response.ok) return response;
	const { pathname } = new URL(response.url);
	throw new Error(`n8n answered ${response.status} to ${pathname}: ${(await response.text()).slice(0, 600)}`);
}
