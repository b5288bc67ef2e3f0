import { createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import ssh2, { type AuthContext, type Connection, type ParsedKey } from 'ssh2';
import type { SandboxContext } from '../context';
import { Pending } from '../pending';
import { listenOn } from '../port';
import type { SandboxAccount } from '../world/accounts';
import { algorithms, type AlgorithmSet } from './algorithms';
import { fingerprint, hostKeys } from './host-keys';
import { SftpSession } from './session';
import { turnAway } from './turn-away';

/** Milliseconds that clients have to hang up when the server ends. */
const PATIENCE = 1_000;

export interface SftpOptions {
	dataDir: string;
	host: string;
	/** 0 means a free one. */
	port: number;
	algorithms: AlgorithmSet;
}

export interface SftpListening {
	port: number;
	/** SHA-256 fingerprints. */
	hostKeys: string[];
	close(): Promise<void>;
}

/** fileX over SFTP: password and key login, `put`, `get`, `cd` and `ls` (guide, FAQ 1). */
export async function listenSftp(context: SandboxContext, options: SftpOptions): Promise<SftpListening> {
	const keys = hostKeys(options.dataDir);
	const connections = new Map<Connection, SandboxAccount | undefined>();
	const sockets = new Set<Socket>();
	const work = new Pending();
	const config = { hostKeys: keys, algorithms: algorithms(options.algorithms), ident: 'fileX-sandbox' };
	const ssh = new ssh2.Server(config, (connection) => {
		connections.set(connection, undefined);
		connection.on('close', () => connections.delete(connection));
		connection.on('error', (error) => noteMalformed(context, error));
		serve(connection, context, connections, work);
	});
	// Sockets of our own: ssh2 leaves Nagle's algorithm on, and tells no one of what is no SSH.
	const server = createServer({ noDelay: true }, (socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
		socket.once('data', (start) => {
			if (!start.toString('latin1').startsWith('SSH-'))
				context.log.add({ service: 'sftp', request: 'malformed', outcome: 'refused' });
		});
		(ssh as unknown as { injectSocket(socket: unknown): void }).injectSocket(socket);
	});
	const port = await listenOn(server, options.port, options.host);
	return {
		port,
		hostKeys: keys.map(fingerprint),
		async close() {
			for (const connection of connections.keys()) connection.end();
			const late = setTimeout(() => sockets.forEach((socket) => socket.destroy()), PATIENCE);
			await new Promise<void>((resolve) => server.close(() => resolve()));
			clearTimeout(late);
			await work.done();
		},
	};
}

/** What is no SSH is logged; a client that just vanishes is no fault of the sandbox. */
function noteMalformed({ log }: SandboxContext, error: Error & { level?: string; code?: string }): void {
	if (error.code === undefined)
		log.add({ service: 'sftp', request: 'malformed', outcome: `refused ${error.level ?? ''}`.trim() });
}

function serve(
	connection: Connection,
	context: SandboxContext,
	connections: Map<Connection, SandboxAccount | undefined>,
	work: Pending,
): void {
	const { log, faults, settings } = context;
	let account: SandboxAccount | undefined;

	async function onAuthentication(login: AuthContext): Promise<void> {
		if (login.method === 'none') return login.reject(['password', 'publickey']);
		const verdict = authenticate(login, context);
		if (verdict === 'ask') return login.accept();
		const note = (outcome: string) => log.add({ service: 'sftp', request: 'login', username: login.username, outcome });
		if (!verdict) {
			note('refused');
			return login.reject(['password', 'publickey']);
		}
		const fault = faults.strike('sftp.login');
		if (fault?.effect === 'delay') await wait((fault.seconds ?? 1) * 1000);
		if (fault?.effect === 'drop') {
			note('dropped');
			return void connection.end();
		}
		const open = [...connections.values()].filter((each) => each?.username === verdict.username).length;
		if (fault?.effect === 'too-many' || open >= settings.get().maxConnections) {
			note('too many connections');
			return turnAway(connection);
		}
		account = verdict;
		connections.set(connection, account);
		note('ok');
		login.accept();
	}

	connection.on('authentication', (login) => {
		onAuthentication(login).catch(() => login.reject());
	});
	connection.on('session', (accept) => {
		const session = accept();
		session.on('sftp', (acceptSftp) => {
			const sftp = acceptSftp();
			const files = new SftpSession(sftp, connection, account!, context, work);
			sftp.on('close', () => work.add(files.breakOff()));
		});
		for (const other of ['exec', 'shell', 'pty'] as const) {
			session.on(other, (_accept: unknown, reject?: () => void) => reject?.());
		}
	});
}

/** 'ask': a client offers a key without having signed yet. */
function authenticate(login: AuthContext, { accounts }: SandboxContext): SandboxAccount | 'ask' | undefined {
	if (login.method === 'password') return accounts.login(login.username, login.password);
	const account = accounts.find(login.username);
	if (login.method !== 'publickey' || !account || accounts.record(account.username).locked) return undefined;
	const key = account.publicKeys
		.map((each) => ssh2.utils.parseKey(each))
		.find((each): each is ParsedKey => !(each instanceof Error) && each.getPublicSSH().equals(login.key.data));
	if (!key) return undefined;
	if (!login.signature) return 'ask';
	return key.verify(login.blob!, login.signature, login.hashAlgo) === true ? account : undefined;
}
