import type { Socket } from 'node:net';
import type { Client, ConnectConfig, SFTPWrapper } from 'ssh2';
import type SftpClient from 'ssh2-sftp-client';
import { fingerprint } from '../account/fingerprints';
import { type LoginGuard, loginGuard } from '../account/login-guard';
import { realmOf } from '../account/realm';
import type { Egress } from '../http/egress';
import { deadline } from '../util/deadline';
import type { KeyedSemaphore } from '../util/semaphore';
import { abortReason, sftpAddress } from './address';
import { ALGORITHMS } from './algorithms';
import { sftpConnections } from './connection-semaphore';
import { dial } from './dial';
import { useKeyObjects } from './key-objects';
import { connectError, type HandshakeTrace } from './login-errors';
import type { SftpAccount } from './sftp-account';

/** A slow but living server may need this long to shake hands (see `algorithms`). */
const LOGIN_TIMEOUT = 60_000;

/** How long a goodbye may take before the socket is torn down. */
const END_TIMEOUT = 3_000;

export interface SftpConnection {
	/** ssh2's own SFTP session. */
	readonly sftp: SFTPWrapper;
	/** The host key that the server showed, as a SHA-256 fingerprint. */
	readonly hostKey: string;
	/** Whether the connection still stands, as far as this side knows. */
	alive(): boolean;
	/** Breaks it off, without a goodbye: an upload that is under way is not completed. */
	destroy(): void;
	/** Says goodbye, or tears the socket down. Never fails. */
	end(): Promise<void>;
}

export interface SftpPorts {
	egress?: Egress;
	guard?: LoginGuard;
	semaphore?: KeyedSemaphore;
	/** Stops the waiting, the connecting and the connection itself. */
	signal?: AbortSignal;
	/** How long connecting and login may take, in ms. */
	loginTimeout?: number;
}

/**
 * Connects and logs in once: waits until it may hold a connection, never repeats a refused login, and sends no
 * secret to a server whose key is not a pinned one.
 */
export async function connectSftp(account: SftpAccount, ports: SftpPorts = {}): Promise<SftpConnection> {
	const { guard = loginGuard, semaphore = sftpConnections, signal } = ports;
	const address = sftpAddress(account);
	const release = await semaphore.acquire(`${account.username}@${address}`, account.maxSftpConnections, signal);
	try {
		const secret = account.privateKey ?? account.password;
		const connection = await guard.run(
			{ realm: realmOf(account.endpoints), service: 'SFTP', host: address, username: account.username, secret },
			async () => await logIn(account, ports),
		);
		return {
			...connection,
			async end() {
				await connection.end();
				release();
			},
		};
	} catch (error) {
		release();
		throw error;
	}
}

async function logIn(
	account: SftpAccount,
	{ egress, guard, signal, loginTimeout = LOGIN_TIMEOUT }: SftpPorts,
): Promise<SftpConnection> {
	const { client, ssh } = await newClient();
	const trace: HandshakeTrace = {};
	// Stays for good: an 'error' event without a listener would end the process.
	ssh.on('error', (error) => (trace.error ??= error));
	ssh.on('ready', () => (trace.loginTaken = true));
	ssh.on('close', () => (trace.closed = true));
	// The server needs a new password, which no program can choose; ssh2 would wait for one.
	(ssh as NodeJS.EventEmitter).on('change password', () => {
		trace.passwordExpired = true;
		ssh.destroy();
	});
	// Over the whole of it: ssh2's own limit ends with the login, before the SFTP session is open.
	const limit = deadline(loginTimeout, `The SFTP login at ${sftpAddress(account)}`, signal);
	const abort = () => ssh.destroy();
	limit.signal.addEventListener('abort', abort, { once: true });
	let socket: Socket | undefined;
	try {
		if (limit.signal.aborted) throw abortReason(limit.signal);
		socket = await dial(account, { egress, guard, signal: limit.signal });
		const sftp = (await client.connect(connectConfig(account, trace, socket))) as unknown as SFTPWrapper;
		useKeyObjects(ssh);
		signal?.addEventListener('abort', abort, { once: true });
		return {
			sftp,
			hostKey: trace.hostKey!,
			alive: () => !trace.closed,
			destroy() {
				// Its 'close' comes later, and no one may use it until then.
				trace.closed = true;
				ssh.destroy();
			},
			async end() {
				signal?.removeEventListener('abort', abort);
				await endOrDestroy(client, ssh);
			},
		};
	} catch (error) {
		ssh.destroy();
		// ssh2 has not taken it over where it cannot read the key.
		socket?.destroy();
		throw connectError(account, trace, limit.signal.aborted ? abortReason(limit.signal) : error);
	} finally {
		limit.clear();
	}
}

/** A client that is yet to connect, and ssh2's own client in it. Loaded when first needed. */
export async function newClient(): Promise<{ client: SftpClient; ssh: Client }> {
	const { default: Sftp } = await import('ssh2-sftp-client');
	// Its own default callbacks write to the console.
	const client = new (Sftp as unknown as new (name: string, callbacks: object) => SftpClient)('filex', {});
	return { client, ssh: (client as unknown as { client: Client }).client };
}

function connectConfig(account: SftpAccount, trace: HandshakeTrace, sock: Socket): ConnectConfig {
	const { endpoints, username, password, privateKey, passphrase, hostKeys } = account;
	return {
		...endpoints.sftp,
		sock,
		username,
		...(privateKey ? { privateKey, passphrase } : { password }),
		// One method, once, and no probing with 'none': each refusal counts towards a lock.
		authHandler: (left, partial, next) => {
			if (trace.loginSent) {
				trace.methodsLeft = left as unknown as string[] | null;
				trace.isPartial = partial;
				return next(false as unknown as 'none');
			}
			trace.loginSent = true;
			next(privateKey ? 'publickey' : 'password');
		},
		algorithms: ALGORITHMS,
		readyTimeout: 0,
		keepaliveInterval: 15_000,
		keepaliveCountMax: 4,
		hostVerifier: (key: Buffer) => {
			trace.hostKey = fingerprint(key);
			trace.wrongHostKey = hostKeys.length > 0 && !hostKeys.includes(trace.hostKey);
			return !trace.wrongHostKey;
		},
	};
}

async function endOrDestroy(client: SftpClient, ssh: Client): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const tooLong = new Promise((resolve) => (timer = setTimeout(resolve, END_TIMEOUT)));
	// A goodbye that fails leaves nothing to tell: the socket goes either way.
	await Promise.race([client.end().catch(() => {}), tooLong]);
	clearTimeout(timer);
	ssh.destroy();
}
