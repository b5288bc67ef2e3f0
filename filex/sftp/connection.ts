import type { Socket } from 'node:net';
import type { Client, ConnectConfig, SFTPWrapper } from 'ssh2';
import type SftpClient from 'ssh2-sftp-client';
import type { Account } from '../account';
import { deadline } from '../deadline';
import type { Egress } from '../egress';
import { cancelled, FileXError, inputError, networkError } from '../errors';
import { type LoginGuard, loginGuard } from '../fip/login-guard';
import { ALGORITHMS } from './algorithms';
import { dial } from './dial';
import { fingerprint, hostKeyMismatch } from './host-key';
import { useKeyObjects } from './key-objects';
import type { Slots } from '../slots';
import { sftpSlots } from './slots';

/** A slow but living server may need this long to shake hands (see `algorithms`). */
const LOGIN_TIMEOUT = 60_000;
/** How long a goodbye may take before the socket is torn down. */
const END_TIMEOUT = 3_000;
/** SSH_DISCONNECT_TOO_MANY_CONNECTIONS, RFC 4253 section 11.1. */
const TOO_MANY_CONNECTIONS = 12;
/**
 * Reasons with which a server hangs up on a refused login instead of saying so: none of its methods
 * are left (14), or, by OpenSSH, a protocol error (2) for too many authentication failures.
 */
const REFUSALS: unknown[] = [2, 14];

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

export type SftpAccount = Pick<
	Account,
	'endpoints' | 'sftpProxy' | 'username' | 'password' | 'privateKey' | 'passphrase' | 'hostKeys' | 'maxSftpConnections'
>;

export interface SftpPorts {
	egress?: Egress;
	guard?: LoginGuard;
	slots?: Slots;
	/** Stops the waiting, the connecting and the connection itself. */
	signal?: AbortSignal;
	/** How long connecting and login may take, in ms. */
	loginTimeout?: number;
}

/**
 * Connects and logs in once: waits for a free place, never repeats a refused login, and sends no
 * secret to a server whose key is not a pinned one.
 */
export async function connectSftp(account: SftpAccount, ports: SftpPorts = {}): Promise<SftpConnection> {
	const { guard = loginGuard, slots = sftpSlots, signal } = ports;
	const place = sftpPlace(account);
	const leave = await slots.acquire(`${account.username}@${place}`, account.maxSftpConnections, signal);
	try {
		const secret = account.privateKey ?? account.password;
		const connection = await guard.run(
			{ host: place, username: account.username, secret },
			async () => await logIn(account, ports),
		);
		return {
			...connection,
			async end() {
				await connection.end();
				leave();
			},
		};
	} catch (error) {
		leave();
		throw error;
	}
}

async function logIn(account: SftpAccount, { egress, guard, signal, loginTimeout = LOGIN_TIMEOUT }: SftpPorts): Promise<SftpConnection> {
	const { client, ssh } = await newClient();
	const met: Meeting = {};
	// Stays for good: an 'error' event without a listener would end the process.
	ssh.on('error', (error) => (met.error ??= error));
	ssh.on('close', () => (met.closed = true));
	// The server wants a new password, which no program can choose; ssh2 would wait for one.
	(ssh as NodeJS.EventEmitter).on('change password', () => {
		met.passwordExpired = true;
		ssh.destroy();
	});
	// Over the whole of it: ssh2's own limit ends with the login, before the SFTP session is open.
	const limit = deadline(loginTimeout, `The SFTP login at ${sftpPlace(account)}`, signal);
	const abort = () => ssh.destroy();
	limit.signal.addEventListener('abort', abort, { once: true });
	let socket: Socket | undefined;
	try {
		if (limit.signal.aborted) throw abortReason(limit.signal);
		socket = await dial(account, { egress, guard, signal: limit.signal });
		const sftp = (await client.connect(connectConfig(account, met, socket))) as unknown as SFTPWrapper;
		useKeyObjects(ssh);
		signal?.addEventListener('abort', abort, { once: true });
		return {
			sftp,
			hostKey: met.hostKey!,
			alive: () => !met.closed,
			destroy() {
				// Its 'close' comes later, and nobody may use it until then.
				met.closed = true;
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
		throw limit.signal.aborted ? abortReason(limit.signal) : connectError(account, met, error as Error);
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

/** What came up while connecting, for a better error than ssh2's text. */
interface Meeting {
	error?: Error & { level?: string; code?: number | string };
	hostKey?: string;
	wrongHostKey?: boolean;
	/** Whether a password or a key was sent. */
	loginSent?: boolean;
	passwordExpired?: boolean;
	closed?: boolean;
}

function connectConfig(account: SftpAccount, met: Meeting, sock: Socket): ConnectConfig {
	const { endpoints, username, password, privateKey, passphrase, hostKeys } = account;
	return {
		...endpoints.sftp,
		sock,
		username,
		...(privateKey ? { privateKey, passphrase } : { password }),
		// One method, once, and no probing with 'none': each refusal counts towards a lock.
		authHandler: (_left, _partial, next) => {
			if (met.loginSent) return next(false as unknown as 'none');
			met.loginSent = true;
			next(privateKey ? 'publickey' : 'password');
		},
		algorithms: ALGORITHMS,
		readyTimeout: 0,
		keepaliveInterval: 15_000,
		keepaliveCountMax: 4,
		hostVerifier: (key: Buffer) => {
			met.hostKey = fingerprint(key);
			met.wrongHostKey = hostKeys.length > 0 && !hostKeys.includes(met.hostKey);
			return !met.wrongHostKey;
		},
	};
}

function connectError(account: SftpAccount, met: Meeting, thrown: Error): FileXError {
	if (thrown instanceof FileXError) return thrown;
	const place = sftpPlace(account);
	const error = met.error ?? (thrown as Meeting['error'])!;
	if (met.wrongHostKey) return hostKeyMismatch(place, account.hostKeys, met.hostKey!);
	if (met.passwordExpired) return loginRefused(account, 'The password has expired: change it at FINRA first. ');
	if (error.level === 'client-authentication' || (met.loginSent && REFUSALS.includes(error.code))) {
		return loginRefused(account);
	}
	if (error.code === TOO_MANY_CONNECTIONS) return tooManyConnections(place);
	if (/privateKey|passphrase/i.test(thrown.message)) {
		return inputError('SFTP Private Key', "'SFTP Private Key' could not be read", `Paste the whole key in OpenSSH or PEM form, and its passphrase in 'SFTP Key Passphrase' if it has one. ssh2 says: ${thrown.message}.`);
	}
	if (error.level === 'handshake') {
		return new FileXError('unavailable', `The SFTP server ${place} and this client found no common language: ${error.message}`, {
			hint: 'The server offers none of the algorithms of the fileX guide (section 3.1) or of today. Check the host and port.',
			retrySafe: true,
		});
	}
	return networkError(`the SFTP server ${place}`, error);
}

function loginRefused({ username, privateKey, ...account }: SftpAccount, why = ''): FileXError {
	const secret = privateKey ? 'SFTP Private Key' : 'Password';
	return new FileXError('credentials', `Authorization of '${username}' was refused by the SFTP server ${sftpPlace(account)}`, {
		field: secret,
		hint: `${why}Check 'User Name', '${secret}' and 'Environment' in the credential: the ${privateKey ? 'key may not be registered with FINRA' : 'password may be wrong or expired'}, or the account locked. It is not tried again with this secret; FINRA unlocks accounts at 800-321-6273.`,
		retrySafe: false,
	});
}

/** fileX refused one connection more (guide, FAQ 23). */
function tooManyConnections(place: string): FileXError {
	return new FileXError('busy', `The SFTP server ${place} has too many connections of this account open`, {
		hint: 'Close other SFTP clients of the account, or poll less often, then run this again: it is safe.',
		retrySafe: true,
	});
}

async function endOrDestroy(client: SftpClient, ssh: Client): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const tooLong = new Promise((resolve) => (timer = setTimeout(resolve, END_TIMEOUT)));
	// A goodbye that fails leaves nothing to tell: the socket goes either way.
	await Promise.race([client.end().catch(() => {}), tooLong]);
	clearTimeout(timer);
	ssh.destroy();
}

/** What an operation on an aborted signal fails with. */
export function abortReason(signal: AbortSignal): FileXError {
	return signal.reason instanceof FileXError ? signal.reason : cancelled('The SFTP transfer');
}

/** Host and port of the account's SFTP server, fit for a message. */
export function sftpPlace({ endpoints }: Pick<Account, 'endpoints'>): string {
	return `${endpoints.sftp.host}:${endpoints.sftp.port}`;
}
