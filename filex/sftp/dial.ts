import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { Account } from '../account';
import { FREE_EGRESS, type Egress } from '../egress';
import { FileXError, networkError } from '../errors';
import { loginGuard, type LoginGuard } from '../fip/login-guard';

/** An HTTP proxy that lets connections through by CONNECT. */
export interface SftpProxy {
	/** `http://` or `https://`, host and port; without user name and password. */
	url: string;
	/** '' where it wants no login. */
	username: string;
	password: string;
}

export interface DialPorts {
	egress?: Egress;
	guard?: LoginGuard;
	signal?: AbortSignal;
}

/**
 * A connection to the account's SFTP server that stands, straight or through its proxy; SSH has not begun.
 * A login that the proxy refuses is not tried again. Fails with FileXErrors, or with Node's own errors of a socket.
 */
export async function dial(
	{ endpoints: { sftp }, sftpProxy }: Pick<Account, 'endpoints' | 'sftpProxy'>,
	{ egress = FREE_EGRESS, guard = loginGuard, signal }: DialPorts,
): Promise<Socket> {
	await egress.check(`sftp://${sftp.host.includes(':') ? `[${sftp.host}]` : sftp.host}:${sftp.port}`);
	const socket = await reach();
	// Otherwise every small packet waits for the one before it: tenfold slower.
	return socket.setNoDelay(true);

	async function reach(): Promise<Socket> {
		if (!sftpProxy) return await standing(connect({ ...sftp, lookup: egress.lookup, signal }));
		const through = async () => await dialThrough(sftpProxy, `${sftp.host}:${sftp.port}`, egress, signal);
		const { url: host, username, password: secret } = sftpProxy;
		if (username === '') return await through();
		return await guard.run({ host, username, secret }, through).catch((error: unknown) => {
			throw asProxyError(error);
		});
	}
}

async function standing(socket: Socket): Promise<Socket> {
	await new Promise<void>((resolve, reject) => {
		socket.once('connect', resolve);
		socket.once('error', reject);
	});
	return socket;
}

async function dialThrough(proxy: SftpProxy, target: string, { lookup }: Egress, signal?: AbortSignal): Promise<Socket> {
	const { protocol, hostname, port } = new URL(proxy.url);
	const request = protocol === 'https:' ? httpsRequest : httpRequest;
	const login = Buffer.from(`${proxy.username}:${proxy.password}`).toString('base64');
	return await new Promise((resolve, reject) => {
		const call = request({
			method: 'CONNECT',
			host: hostname.replace(/^\[|\]$/g, ''),
			port: port || (protocol === 'https:' ? 443 : 80),
			path: target,
			headers: { Host: target, ...(proxy.username && { 'Proxy-Authorization': `Basic ${login}` }) },
			// Node's own may be one that goes through another proxy.
			agent: false,
			lookup,
			signal,
		});
		call.once('connect', ({ statusCode = 0 }, socket, early) => {
			if (statusCode === 200) {
				// The server may have spoken already.
				if (early.length > 0) socket.unshift(early);
				return resolve(socket as Socket);
			}
			socket.destroy();
			reject(proxyRefusal(proxy, target, statusCode));
		});
		call.once('response', (answer) => {
			answer.destroy();
			reject(proxyRefusal(proxy, target, answer.statusCode ?? 0));
		});
		call.once('error', (error) => reject(networkError(`the SFTP proxy ${proxy.url}`, error)));
		call.end();
	});
}

function proxyRefusal({ url, username }: SftpProxy, target: string, status: number): FileXError {
	// Some say 401 where they mean 407.
	if (status === 407 || status === 401) {
		const who = username === '' ? 'A connection without a login' : `Authorization of '${username}'`;
		// The kind that the guard remembers.
		return new FileXError(username === '' ? 'proxy' : 'credentials', `${who} was refused by the SFTP proxy ${url} (HTTP ${status})`, {
			field: username === '' ? 'SFTP Proxy User Name' : 'SFTP Proxy Password',
			hint: "Check 'SFTP Proxy User Name' and 'SFTP Proxy Password' in the credential. Nothing was sent to fileX.",
			retrySafe: false,
		});
	}
	return new FileXError('proxy', `The SFTP proxy ${url} did not let a connection to ${target} through (HTTP ${status})`, {
		field: 'SFTP Proxy URL',
		hint: `Ask who runs the proxy to allow CONNECT to ${target}. Nothing was sent to fileX; running it again is safe.`,
		retrySafe: true,
		neverConnected: true,
	});
}

/** A refusal by the proxy is none of the account, whose login was not even tried. */
function asProxyError(error: unknown): unknown {
	return error instanceof FileXError && error.kind === 'credentials' ? new FileXError('proxy', error.message, error) : error;
}
