import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxInfo } from '../../sandbox/info';
import { credentialFields } from '../../test/support/accounts';
import { isCached } from '../staged-cache';
import { N8nApi } from './api';
import { cachedRelease, n8nFolder, type Release, USUAL } from './cache';
import { N8nHome, type N8nServer } from './home';
import { installPack, packTarball } from './pack';
import type { Progress } from './progress';
import { startSandboxProcess } from './sandbox-process';
import { Teardown } from './teardown';

interface WorkflowNode {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: number[];
	parameters: object;
	credentials?: object;
}

/** A workflow as n8n exports it. */
export interface WorkflowFile {
	id: string;
	name: string;
	nodes: WorkflowNode[];
	connections: object;
	settings: object;
}

/** A sandbox, and an n8n that has the packed pack, an account at the sandbox, and some workflows. */
export interface Rig {
	sandbox: SandboxInfo;
	/** Where it can be started anew, once it has ended. */
	home: N8nHome;
	n8n: N8nServer;
	api: N8nApi;
	close(): Promise<void>;
}

export interface RigOptions {
	workflows: WorkflowFile[];
	/** Credentials beside the account at the sandbox. */
	credentials?(sandbox: SandboxInfo): Array<{ id: string; name: string; type: string; data: object }>;
	/** Workflows that are active from the start. */
	published: string[];
	/** The folder on disk that workflows may use; n8n's default where absent. */
	files?: string;
	/** Which n8n; the usual one where absent. */
	release?: Release;
	/** Settings of n8n. */
	settings?: NodeJS.ProcessEnv;
	progress: Progress;
	/** Ends the preparation; what was started by then is ended too. */
	signal: AbortSignal;
}

/** The credential that examples/ name. */
const CREDENTIAL = { id: 'finraFipAccount', name: 'FINRA FIP account', type: 'fipApi' };

/** How a node of a workflow names it. */
export const ACCOUNT = { fipApi: { id: CREDENTIAL.id, name: CREDENTIAL.name } };

/** Builds the whole path as a user would have it. */
export async function startRig({
	workflows,
	credentials = () => [],
	published,
	files,
	settings,
	release = USUAL,
	progress,
	signal,
}: RigOptions): Promise<Rig> {
	const teardown = new Teardown();
	try {
		const folder = await mkdtemp(join(tmpdir(), 'filex-rig-'));
		teardown.add(folder, async () => await rm(folder, { recursive: true, force: true, maxRetries: 5 }));
		const tarball = await progress.during('Build and pack', async () => await packTarball(folder, signal));
		const getting = isCached(n8nFolder(release))
			? `n8n ${release.n8n} from ${n8nFolder(release)}`
			: `Install n8n ${release.n8n} into ${n8nFolder(release)} (once: some 4 minutes, 3 GB)`;
		const home = new N8nHome(
			await progress.during(getting, async () => await cachedRelease(release, signal)),
			folder,
			files,
			settings,
		);
		await progress.during('Install the tarball as n8n does', async () => await installPack(folder, tarball, signal));

		const sandbox = await progress.during(
			'Start the sandbox',
			async () => await startSandboxProcess(join(folder, 'sandbox'), teardown, signal),
		);
		await progress.during('Import the credential and the workflow', async () => {
			await home.import(
				'credentials',
				[{ ...CREDENTIAL, data: credentialFields(sandbox) }, ...credentials(sandbox)],
				signal,
			);
			await home.import('workflow', workflows, signal);
			for (const id of published) await home.publish(id, signal);
		});
		const n8n = await progress.during('Start n8n', async () => await home.start(signal));
		teardown.add(n8n, async () => await n8n.stop());
		return { sandbox, home, n8n, api: await N8nApi.setUp(n8n.url), close: async () => await teardown.run() };
	} catch (error) {
		await teardown.run();
		throw error;
	}
}
