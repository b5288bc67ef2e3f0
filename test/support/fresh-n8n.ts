import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { N8nApi, type Owner } from '../../scripts/n8n/api';
import { cachedRelease, n8nFolder, type N8nProgram, type Release, USUAL } from '../../scripts/n8n/cache';
import { N8nHome, type N8nServer } from '../../scripts/n8n/home';
import { packTarball } from '../../scripts/n8n/pack';
import { Teardown } from '../../scripts/n8n/teardown';
import { type AnsweringProxy, startAnsweringProxy } from './answering-proxy';
import { type NpmRegistry, startNpmRegistry } from './npm-registry';
import { PackagesPage } from './packages-page';
import { packTiny } from './tiny-package';

export const PACKAGE = 'n8n-nodes-finra-filex';

/** Some of its nodes. */
export const OUR_NODES = ['fileXDownload', 'fileXSftpTrigger', 'fileXUpload'].map((name) => `${PACKAGE}.${name}`);

/** An n8n that runs, and its owner's way in. */
export interface OpenN8n extends N8nServer {
	page: PackagesPage;
	/** The lines of its log that name our package. */
	saidOfUs(): string[];
}

/** An n8n without community packages, a registry that has ours, and a proxy that answers in the place of npm's. */
export class FreshN8n {
	private home?: N8nHome;
	private running?: N8nServer;
	private owner?: Owner;

	private constructor(
		private readonly release: Release,
		/** What starts it; may be another one, before the first start. */
		public program: N8nProgram,
		readonly folder: string,
		/** Our package, packed. */
		readonly tarball: string,
		readonly registry: NpmRegistry,
		private readonly proxy: AnsweringProxy,
		private readonly teardown: Teardown,
		private readonly signal: AbortSignal,
	) {}

	static async prepare(signal: AbortSignal, release: Release = USUAL): Promise<FreshN8n> {
		const teardown = new Teardown();
		try {
			const program = await cachedRelease(release, signal);
			const folder = await mkdtemp(join(tmpdir(), 'filex-fresh-'));
			teardown.add(folder, async () => await rm(folder, { recursive: true, force: true, maxRetries: 5 }));
			const tarball = await packTarball(folder, signal);
			const registry = await startNpmRegistry([tarball, await packTiny(folder)]);
			teardown.add(registry, async () => await registry.close());
			const proxy = await startAnsweringProxy(folder, registry.answer);
			teardown.add(proxy, async () => await proxy.close());
			return new FreshN8n(release, program, folder, tarball, registry, proxy, teardown, signal);
		} catch (error) {
			await teardown.run();
			throw error;
		}
	}

	/** Where n8n keeps community packages. */
	get nodes(): string {
		return join(this.folder, '.n8n', 'nodes');
	}

	/** Settings by which n8n meets the proxy wherever it goes. */
	get behindProxy(): NodeJS.ProcessEnv {
		return { HTTPS_PROXY: this.proxy.url, NODE_EXTRA_CA_CERTS: this.proxy.ca };
	}

	/** Starts it, with settings; the one before is ended. */
	async start(settings: NodeJS.ProcessEnv): Promise<OpenN8n> {
		await this.stop();
		this.home ??= new N8nHome(this.program, this.folder, undefined, {
			// Nothing of this machine's npm: neither its cache, which would keep the tests' packages, nor its CA.
			npm_config_cache: join(this.folder, 'npm-cache'),
			npm_config_userconfig: join(this.folder, 'npmrc'),
			npm_config_cafile: '',
			// `npm run` hands on where the machine's own settings are.
			npm_config_globalconfig: undefined,
			npm_config_prefix: undefined,
		});
		this.running = await this.home.start(this.signal, settings);
		this.owner ??= (await N8nApi.setUp(this.running.url)).owner;
		const { log } = this.running;
		return {
			...this.running,
			page: await PackagesPage.signIn(this.running.url, this.owner, this.signal),
			// The folder that n8n itself is installed in names it, too.
			saidOfUs: () =>
				log()
					.replaceAll(n8nFolder(this.release), '')
					.split('\n')
					.filter((line) => line.includes(PACKAGE)),
		};
	}

	async stop(): Promise<void> {
		await this.running?.stop();
	}

	async close(): Promise<void> {
		await this.stop();
		await this.teardown.run();
	}
}
