import type { Owner } from '../../scripts/n8n/api';
import { until } from '../../scripts/n8n/until';

/** In ms; for what n8n writes after its answer. */
const LIMIT = 60_000;

/** n8n's page of community packages, and its node panel, as its owner uses them. */
export class PackagesPage {
	private constructor(
		private readonly url: string,
		private readonly cookie: string,
		private readonly signal: AbortSignal,
	) {}

	static async signIn(url: string, { email, password }: Owner, signal: AbortSignal): Promise<PackagesPage> {
		const response = await fetch(`${url}/rest/login`, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ emailOrLdapLoginId: email, password }),
		});
		if (!response.ok) throw new Error(`n8n refused its owner: ${await response.text()}`);
		const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0]);
		return new PackagesPage(url, cookies.join('; '), signal);
	}

	/** The packages that the page lists. */
	async listed(): Promise<string[]> {
		const { data } = await this.ask<{ data: Array<{ packageName: string }> }>('GET', '/rest/community-packages');
		return data.map(({ packageName }) => packageName);
	}

	/** @param name with a version after `@`, or without */
	async install(name: string): Promise<void> {
		await this.ask('POST', '/rest/community-packages', { name });
	}

	async uninstall(name: string): Promise<void> {
		await this.ask('DELETE', `/rest/community-packages?name=${encodeURIComponent(name)}`);
	}

	/** The types of all nodes that the panel has. */
	async nodes(): Promise<string[]> {
		const whole = async () =>
			await this.ask<Array<{ name: string }>>('GET', '/types/nodes.json').catch((error: Error) => {
				// n8n 1 serves the list while it writes it.
				if (error instanceof SyntaxError) return undefined;
				throw error;
			});
		return (await until(whole, { what: 'The node panel', signal: this.signal, limit: LIMIT })).map(({ name }) => name);
	}

	/** Waits until the panel has a node, or has it no longer. */
	async shows(node: string, isThere: boolean): Promise<void> {
		const what = `The node panel ${isThere ? 'with' : 'without'} ${node}`;
		const ask = async () => ((await this.nodes()).includes(node) === isThere ? true : undefined);
		await until(ask, { what, signal: this.signal, limit: LIMIT });
	}

	private async ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
		const response = await fetch(this.url + path, {
			method,
			headers: { Cookie: this.cookie, ...(body && { 'Content-Type': 'application/json' }) },
			...(body && { body: JSON.stringify(body) }),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`n8n answered ${response.status} to ${method} ${path}: ${text.slice(0, 600)}`);
		return (text ? JSON.parse(text) : undefined) as Answer;
	}
}
