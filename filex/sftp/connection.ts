import type { Socket } from 'node:net';
import type { Client, SFTPWrapper } from 'ssh2';
import type SftpClient from 'ssh2-sftp-client';
import { loginGuard, type Logins } from '../account/login-guard';
import { FileXError } from '../errors';
import type { Egress } from '../http/egress';
import { originOf } from '../http/port';
import { deadline } from '../util/deadline';
import type { KeyedSemaphore } from '../util/semaphore';
import { abortReason, accountName, sftpAddress } from './address';
import type { AuthMethod } from './auth-methods';
import { newClient } from './client';
import { ConnectionUsers } from './connection-users';
import { sftpConnections } from './connection-semaphore';
import { dial } from './dial';
import { FlightWindow } from './flight-window';
import { hostKeyMismatch } from './host-key';
import { useKeyObjects } from './key-objects';
import { connectConfig, type LoginWay, passwordLogin } from './login';
import { connectError, type HandshakeTrace } from './login-errors';
import { algorithmsOfPinned, hostKeysOf } from './pinned-key';
import { readPrivateKey } from './private-key';
import type { SftpAccount } from './sftp-account';

/** A slow but living server may need this long to shake hands (see `algorithms`). */
const LOGIN_TIMEOUT = 60_000;

/** How long nothing may come until a keep-alive is sent, in ms. */
const SILENCE = 15_000;

/** More bytes than the answers to all keep-alives that are sent while nothing else comes in the time of one stall. */
const KEEP_ALIVES = 1024;

/** How long a goodbye may take before the socket is torn down. */
const END_TIMEOUT = 3_000;

export interface SftpConnection {
	/** ssh2's own SFTP session. */
	readonly sftp: SFTPWrapper;
	/** The host key that the server showed, as a SHA-256 fingerprint. */
	readonly hostKey: string;
	/** Whether the connection still stands, as far as this side knows. */
	alive(): boolean;
	/** How much has come over it, whatever it was for: it changes while data comes, and not by answers to keep-alives. */
	progress(): number;
	/** What its downloads may have asked for, and its uploads sent, without an answer. */
	readonly reads: FlightWindow;
	readonly writes: FlightWindow;
	/** Uploads that are under way on it. */
	readonly uploads: ConnectionUsers;
	/** Lets no new work begin on it, and breaks it off once its uploads have ended: a file that is open is not completed. */
	retire(): void;
	/** Breaks it off, without a goodbye: an upload that is under way is not completed. */
	destroy(): void;
	/** Says goodbye, or tears the socket down. Never fails. */
	end(): Promise<void>;
}

export interface SftpPorts {
	egress?: Egress;
	guard?: Logins;
	semaphore?: Pick<KeyedSemaphore, 'acquire'>;
	/** Called when the account's connection is free for this one. */
	onTurn?: () => void;
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
	const { privateKey, passphrase } = account;
	const key = privateKey === undefined ? undefined : readPrivateKey(privateKey, passphrase);
	const release = await semaphore.acquire(accountName(account), account.maxSftpConnections, signal);
	ports.onTurn?.();
	try {
		const sent: AuthMethod[] = [];
		const login = { ...passwordLogin(account), secret: privateKey ?? account.password };
		const connection = await guard.run(login, async () => {
			const attempt = logInToPinned(account, { ...ports, guard }, { key, sent });
			const outcome = await attempt.catch((error: unknown) => error);
			// What became of a password that went with the key is remembered of the password, too.
			if (key && sent.length > 1) await guard.run(passwordLogin(account), async () => await attempt).catch(() => {});
			if (outcome instanceof Error) throw outcome;
			return await attempt;
		});
		let ending: Promise<void> | undefined;
		return {
			...connection,
			// All that find it retired end it.
			end: async () => await (ending ??= connection.end().then(release)),
		};
	} catch (error) {
		release();
		throw error;
	}
}

/** Logs in at a server that may have several host keys: where it shows another than the pinned one, that one is asked for. */
async function logInToPinned(account: SftpAccount, ports: LoginPorts, way: LoginWay): Promise<SftpConnection> {
	const known = algorithmsOfPinned(account);
	try {
		return await logIn(account, ports, { ...way, hostKeyAlgorithms: known });
	} catch (error) {
		if (!(error instanceof FileXError) || error.kind !== 'host-key') throw error;
		const keys = await hostKeysOf(account, ports);
		const pinned = keys.find(({ fingerprint }) => account.hostKeys.includes(fingerprint));
		if (pinned && pinned.algorithms !== known)
			return await logIn(account, ports, { ...way, hostKeyAlgorithms: pinned.algorithms });
		throw hostKeyMismatch(sftpAddress(account), account.hostKeys, String(error.evidence?.hostKey), keys);
	}
}

type LoginPorts = SftpPorts & { guard: Logins };

async function logIn(
	account: SftpAccount,
	{ egress, guard, signal, loginTimeout = LOGIN_TIMEOUT }: LoginPorts,
	way: LoginWay,
): Promise<SftpConnection> {
	const { client, ssh } = await newClient();
	const trace: HandshakeTrace = { sent: way.sent };
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
		const sftp = (await client.connect(
			connectConfig(account, trace, { ...way, guard, sock: socket, stop: () => ssh.destroy() }),
		)) as unknown as SFTPWrapper;
		useKeyObjects(ssh);
		signal?.addEventListener('abort', abort, { once: true });
		const line = socket;
		sendTogether(line);
		const [reads, writes] = [new FlightWindow(), new FlightWindow()];
		ssh.on('close', keepAlive(ssh, line));
		for (const window of [reads, writes]) ssh.on('close', () => window.close());
		const uploads = new ConnectionUsers();
		egress?.connected?.({
			url: `sftp://${sftpAddress(account)}`,
			hostKey: trace.hostKey,
			proxy: account.sftpProxy && originOf(account.sftpProxy.url),
		});
		let isRetired = false;
		return {
			sftp,
			uploads,
			retire() {
				isRetired = true;
				void uploads.gone().then(abort);
			},
			hostKey: trace.hostKey!,
			reads,
			writes,
			alive: () => !trace.closed && !isRetired,
			progress: () => Math.floor(line.bytesRead / KEEP_ALIVES),
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

/** Sends what is written in one turn of the event loop by one call to the system: ssh2 writes each packet by itself. */
function sendTogether(line: Socket): void {
	const write = line.write.bind(line) as (...args: unknown[]) => boolean;
	const uncork = () => line.uncork();
	line.write = (...args: unknown[]) => {
		if (line.writableCorked === 0) {
			line.cork();
			process.nextTick(uncork);
		}
		return write(...args);
	};
}

/**
 * Sends a keep-alive (`keepalive@openssh.com`) whenever nothing has come for a while, so that no firewall forgets the
 * connection. That a server does not answer them is no reason to cut it: many do not, and each request has its own limit.
 *
 * @returns what ends it
 */
function keepAlive(ssh: Client, line: Socket): () => void {
	const { _protocol } = ssh as unknown as { _protocol?: { ping(): void } };
	let seen = line.bytesRead;
	const timer = setInterval(() => {
		if (line.bytesRead === seen && !line.destroyed) _protocol?.ping();
		seen = line.bytesRead;
	}, SILENCE);
	timer.unref();
	return () => clearInterval(timer);
}

async function endOrDestroy(client: SftpClient, ssh: Client): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const tooLong = new Promise((resolve) => (timer = setTimeout(resolve, END_TIMEOUT)));
	// A goodbye that fails leaves nothing to tell: the socket goes either way.
	await Promise.race([client.end().catch(() => {}), tooLong]);
	clearTimeout(timer);
	ssh.destroy();
}
