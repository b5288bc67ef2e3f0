import { N8nApi, type Owner } from '../../scripts/n8n/api';
import { until } from '../../scripts/n8n/until';

/** In ms; for what n8n writes after its answer. */
const LIMIT = 60_000;

/** n8n's page of community packages, and its node panel, as its owner uses them. */
export class PackagesPage {
	private constructor(
		private readonly api: N8nApi,
		private readonly signal: AbortSignal,
	) {}

	static async signIn(url: string, owner: Owner, signal: AbortSignal): Promise<PackagesPage> {
		return new PackagesPage(await N8nApi.signIn(url, owner), signal);
	}

	/** The packages that the page lists. */
	async listed(): Promise<string[]> {
		const packages = await this.api.get<Array<{ packageName: string }>>('/rest/community-packages');
		return packages.map(({ packageName }) => packageName);
	}

	/** @param name with a version after `@`, or without */
	async install(name: string): Promise<void> {
		await this.api.post('/rest/community-packages', { name });
	}

	async uninstall(name: string): Promise<void> {
		await this.api.fetch(`/rest/community-packages?name=${encodeURIComponent(name)}`, { method: 'DELETE' });
	}

	/** The types of all nodes that the panel has. */
	async nodes(): Promise<string[]> {
		const ask = async () => (await (await this.api.fetch('/types/nodes.json')).json()) as Array<{ name: string }>;
		const whole = async () =>
			await ask().catch((error: Error) => {
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
}
