import { request as httpRequest, type ClientRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { loginGuard, type Logins } from '../account/login-guard';
import type { ConnectProxy } from '../account/proxy';
import { FileXError, networkError } from '../errors';
import { deadline } from '../util/deadline';
import { EACH_ADDRESS } from './connecting';
import { connectBySocks, isSocks } from './socks';

export interface ConnectPorts {
	lookup?: LookupFunction;
	guard?: Logins;
	signal?: AbortSignal;
	/** How long the proxy may take to connect, in ms. */
	timeout?: number;
}

/** How long a proxy may take to connect, to the last byte of its answer, in ms. */
const CONNECT_TIMEOUT = 20_000;

/**
 * A connection through a proxy that stands (RFC 9110, section 9.3.6). A login that the proxy refuses is not
 * tried again by this process.
 *
 * @param target host and port, IPv6 addresses in brackets
 * @throws FileXError `proxy` where the proxy refuses, `unavailable` where it cannot; nothing was sent to the target
 */
export async function connectThrough(
	proxy: ConnectProxy,
	target: string,
	{ guard = loginGuard, ...ports }: ConnectPorts,
): Promise<Socket> {
	const attempt = async () => await connectOnce(proxy, target, ports);
	const { url: host, username, password: secret } = proxy;
	if (username === '') return await attempt();
	return await guard.run({ realm: host, service: 'proxy', host, username, secret }, attempt).catch((error: unknown) => {
		throw asProxyError(error);
	});
}

async function connectOnce(
	proxy: ConnectProxy,
	target: string,
	{ lookup, signal, timeout = CONNECT_TIMEOUT }: ConnectPorts,
): Promise<Socket> {
	const limit = deadline(timeout, `Connecting through ${proxy.title}`, signal);
	try {
		return await (isSocks(proxy)
			? connectBySocks(proxy, target, limit.signal, { lookup, refusal: (status) => refusal(proxy, target, status) })
			: connectByHttp(proxy, target, limit.signal, lookup));
	} catch (error) {
		throw limit.signal.aborted && limit.signal.reason instanceof FileXError ? unsent(limit.signal.reason) : error;
	} finally {
		limit.clear();
	}
}

async function connectByHttp(
	proxy: ConnectProxy,
	target: string,
	signal: AbortSignal,
	lookup?: LookupFunction,
): Promise<Socket> {
	const call = callFor(proxy, target, lookup);
	// Not as the call's own signal, which would end the connection also once it stands.
	const abort = () => call.destroy();
	signal.addEventListener('abort', abort, { once: true });
	try {
		if (signal.aborted) abort();
		return await answerTo(call, proxy, target);
	} finally {
		signal.removeEventListener('abort', abort);
	}
}

function callFor({ url, username, password }: ConnectProxy, target: string, lookup?: LookupFunction): ClientRequest {
	const { protocol, hostname, port } = new URL(url);
	const request = protocol === 'https:' ? httpsRequest : httpRequest;
	const login = Buffer.from(`${username}:${password}`).toString('base64');
	return request({
		...EACH_ADDRESS,
		method: 'CONNECT',
		host: hostname.replace(/^\[|\]$/g, ''),
		port: port || (protocol === 'https:' ? 443 : 80),
		path: target,
		headers: { Host: target, ...(username && { 'Proxy-Authorization': `Basic ${login}` }) },
		// Node's own may be one that goes through another proxy.
		agent: false,
		lookup,
	});
}

async function answerTo(call: ClientRequest, proxy: ConnectProxy, target: string): Promise<Socket> {
	return await new Promise((resolve, reject) => {
		call.once('connect', ({ statusCode = 0 }, socket, early) => {
			if (statusCode >= 200 && statusCode < 300) {
				// The server may have spoken already.
				if (early.length > 0) socket.unshift(early);
				return resolve(socket as Socket);
			}
			socket.destroy();
			reject(refusal(proxy, target, statusCode));
		});
		call.once('response', (answer) => {
			answer.destroy();
			reject(refusal(proxy, target, answer.statusCode ?? 0));
		});
		call.on('error', (error) => reject(unsent(networkError(`${proxy.title} ${proxy.url}`, error))));
		call.once('close', () => reject(unsent(networkError(`${proxy.title} ${proxy.url}`, { code: 'ECONNRESET' }))));
		call.end();
	});
}

/** @param status HTTP's, or the one that means the same as what a SOCKS proxy has answered */
function refusal({ title, url, username, field }: ConnectProxy, target: string, status: number): FileXError {
	// Some say 401 where they mean 407.
	if (status === 407 || status === 401) {
		const who = username === '' ? 'A connection without a login' : `Authorization of '${username}'`;
		// The kind that the guard remembers.
		return new FileXError(
			username === '' ? 'proxy' : 'credentials',
			`${who} was refused by ${title} ${url} (HTTP ${status})`,
			{
				field,
				hint: `Check the user name and password of the proxy, which belong to '${field}'. Nothing was sent to fileX or S3.`,
				retrySafe: false,
				neverConnected: true,
			},
		);
	}
	const cannot = status >= 500;
	return new FileXError(
		cannot ? 'unavailable' : 'proxy',
		`${capital(title)} ${url} ${cannot ? 'could not reach' : 'did not let a connection through to'} ${target} (HTTP ${status})`,
		{
			field,
			hint: cannot
				? 'Run this again in a few minutes: nothing was sent.'
				: `Ask who runs the proxy to allow CONNECT to ${target}. Nothing was sent; running it again is safe.`,
			retrySafe: true,
			neverConnected: true,
		},
	);
}

/** An error from before there was a connection: nothing can have been sent. */
export function unsent(error: unknown): Error {
	if (error instanceof FileXError) return new FileXError(error.kind, error.message, { ...error, neverConnected: true });
	return error instanceof Error ? error : new Error(String(error));
}

/** A refusal by the proxy is none of the account, whose login was not even tried. */
function asProxyError(error: unknown): unknown {
	return error instanceof FileXError && error.kind === 'credentials'
		? new FileXError('proxy', error.message, { ...error, neverConnected: true })
		: error;
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Host and port as CONNECT and URLs write them. */
export function hostAndPort(host: string, port: number | string): string {
	return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
