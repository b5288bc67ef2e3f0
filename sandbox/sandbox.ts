import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxContext } from './context';
import { controlHandler } from './control';
import { Faults } from './faults';
import { fipHandler, Tokens } from './fip';
import { listen, stop } from './http';
import { RequestLog } from './log';
import { Presigner } from './presign';
import { restHandler } from './rest';
import { s3Handler } from './s3';
import { listenSftp } from './sftp';
import { Store } from './store';
import { buildWorld, demoAccounts, type SandboxAccount } from './world';

export interface SandboxOptions {
	/** Where to listen; 127.0.0.1 unless asked otherwise. */
	host?: string;
	/** Ports; 0 means a free one. */
	ports?: Partial<Record<'rest' | 'fip' | 's3' | 'sftp' | 'control', number>>;
	/** Where files and keys are kept; a temporary folder, removed at the end, where absent. */
	dataDir?: string;
	accounts?: SandboxAccount[];
	/** Lifetime of a pre-signed URL, in seconds; the guide's is 60. */
	urlLifetime?: number;
}

/** How to reach a running sandbox. */
export interface SandboxInfo {
	rest: string;
	fip: string;
	s3: string;
	sftp: { host: string; port: number; hostKeys: string[] };
	accounts: Array<Pick<SandboxAccount, 'username' | 'password' | 'orgId'>>;
	control: string;
	dataDir: string;
}

export interface Sandbox extends Pick<SandboxContext, 'store' | 'log' | 'faults' | 'tokens'> {
	info: SandboxInfo;
	close(): Promise<void>;
}

/** Starts a local fileX. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const { host = '127.0.0.1', ports = {}, accounts = demoAccounts(), urlLifetime = 60 } = options;
	const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'filex-sandbox-')));
	const context: SandboxContext = {
		store: new Store(dataDir),
		accounts,
		tokens: new Tokens(),
		log: new RequestLog(),
		faults: new Faults(),
		presigner: new Presigner(urlLifetime),
	};
	await buildWorld(context.store, accounts);
	const rest = await listen(host, ports.rest ?? 0, restHandler(context));
	const fip = await listen(host, ports.fip ?? 0, fipHandler(context));
	const s3 = await listen(host, ports.s3 ?? 0, s3Handler(context));
	const control = await listen(host, ports.control ?? 0, controlHandler(context));
	context.presigner.baseUrl = s3.url;
	const sftp = await listenSftp(context, dataDir, host, ports.sftp ?? 0);
	return {
		...context,
		info: {
			rest: rest.url,
			fip: fip.url,
			s3: s3.url,
			sftp: { host, port: sftp.port, hostKeys: sftp.hostKeys },
			accounts: accounts.map(({ username, password, orgId }) => ({ username, password, orgId })),
			control: control.url,
			dataDir,
		},
		async close() {
			await Promise.all([rest, fip, s3, control].map(async ({ server }) => await stop(server)));
			await sftp.close();
			if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
		},
	};
}
