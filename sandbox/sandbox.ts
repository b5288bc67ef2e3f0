import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clock } from './clock';
import { consoleHandler } from './console/handler';
import type { SandboxContext } from './context';
import { Faults } from './faults';
import { fipHandler } from './fip/fip';
import { Tokens } from './fip/tokens';
import { type Handler, listen, type ListenOptions } from './http';
import type { SandboxInfo } from './info';
import { type LogEntry, RequestLog } from './log';
import { restHandler } from './rest/rest';
import { S3Keys } from './s3/keys';
import { s3Handler } from './s3/s3';
import { Settings, type SettingValues } from './settings';
import type { AlgorithmSet } from './sftp/algorithms';
import { listenSftp } from './sftp/server';
import { ContentFolder } from './state/content';
import { lockFolder, openDatabase } from './state/database';
import { Store } from './state/store';
import { Submissions } from './submissions/submissions';
import { tlsIdentity } from './tls';
import { Accounts, demoAccounts, type SandboxAccount } from './world/accounts';
import { createSpaces, seed } from './world/seed';

export interface SandboxOptions {
	/** Where to listen; 127.0.0.1 unless asked otherwise. */
	host?: string;
	/** Where the console and the control endpoint listen; 127.0.0.1 unless asked otherwise. */
	controlHost?: string;
	/** Ports; 0 means a free one. */
	ports?: Partial<Record<'rest' | 'fip' | 's3' | 'sftp' | 'control', number>>;
	/** Where files, records and keys are kept; a temporary folder, removed at the end, where absent. */
	dataDir?: string;
	accounts?: SandboxAccount[];
	/** Plausible files in every download sub-space, and submissions of the past; none unless asked for. */
	seeded?: boolean;
	/** HTTPS with a self-signed certificate of its own. */
	tls?: boolean;
	algorithms?: AlgorithmSet;
	/** Changed before anything listens. */
	settings?: Partial<SettingValues>;
}

export interface Sandbox extends SandboxContext {
	info: SandboxInfo;
	close(): Promise<void>;
}

/** Starts a local fileX. Where that fails, nothing of it is left. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const endings: Array<() => Promise<void>> = [];
	const close = async () => {
		for (let end = endings.pop(); end; end = endings.pop()) await end();
	};
	try {
		const { context, info } = await start(options, endings);
		return { ...context, info, close };
	} catch (error) {
		await close();
		throw error;
	}
}

/** @param endings takes how to end what was started, the latest last */
async function start(
	options: SandboxOptions,
	endings: Array<() => Promise<void>>,
): Promise<{ context: SandboxContext; info: SandboxInfo }> {
	const { host = '127.0.0.1', controlHost = '127.0.0.1', ports = {}, accounts = demoAccounts() } = options;
	const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'filex-sandbox-')));
	if (options.dataDir === undefined) endings.push(async () => await rm(dataDir, { recursive: true, force: true }));
	mkdirSync(dataDir, { recursive: true, mode: 0o700 });
	const unlock = lockFolder(dataDir);
	endings.push(async () => unlock());
	const context = createContext(dataDir, accounts);
	endings.push(async () => context.database.close());
	context.settings.change(options.settings ?? {});
	createSpaces(context);
	if (options.seeded) await seed(context);

	const tls = options.tls ? await tlsIdentity(dataDir, host) : undefined;
	const serve = async (
		service: LogEntry['service'],
		handler: Handler,
		more: Partial<ListenOptions> = {},
	): Promise<string> => {
		const note = (request: string, outcome: string) => context.log.add({ service, request, outcome });
		const port = ports[service === 'console' ? 'control' : service] ?? 0;
		const listening = await listen({ host, port, tls, note, ...more }, handler);
		endings.push(listening.close);
		return listening.url;
	};
	const rest = await serve('rest', restHandler(context));
	const fip = await serve('fip', fipHandler(context));
	const s3 = await serve('s3', s3Handler(context), { continues: true });
	context.s3Keys.baseUrl = s3;
	const sftp = await listenSftp(context, {
		dataDir,
		host,
		port: ports.sftp ?? 0,
		algorithms: options.algorithms ?? 'all',
	});
	endings.push(sftp.close);
	const info: SandboxInfo = {
		rest,
		fip,
		s3,
		sftp: { host, port: sftp.port, hostKeys: sftp.hostKeys },
		accounts: accounts.map(({ username, password, orgId, purpose }) => ({ username, password, orgId, purpose })),
		control: '',
		dataDir,
		pid: process.pid,
		...(tls && { certificate: tls.cert }),
	};
	info.control = await serve('console', consoleHandler(context, info, controlHost), {
		host: controlHost,
		tls: undefined,
	});
	return { context, info };
}

function createContext(dataDir: string, people: SandboxAccount[]): SandboxContext {
	const database = openDatabase(dataDir);
	const settings = new Settings(database);
	const clock = new Clock(settings);
	const contents = new ContentFolder(dataDir);
	const store = new Store(database, contents, clock);
	const accounts = new Accounts(database, settings, people);
	store.sweep();
	return {
		database,
		settings,
		clock,
		contents,
		store,
		accounts,
		submissions: new Submissions(database, store, settings, clock),
		tokens: new Tokens(database, settings, clock, accounts),
		s3Keys: new S3Keys(database, settings, clock),
		log: new RequestLog(),
		faults: new Faults(),
	};
}
