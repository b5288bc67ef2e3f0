import { connect, type LookupFunction, type Socket } from 'node:net';
import type { SocksClientOptions } from 'socks';
import type { ConnectProxy } from '../account/proxy';
import { type FileXError, networkError } from '../errors';
import { EACH_ADDRESS } from './connecting';

/** `socks5h` says that the proxy looks the name up, as it always does here. */
const SCHEMES: Record<string, 4 | 5> = { 'socks:': 5, 'socks5:': 5, 'socks5h:': 5, 'socks4:': 4, 'socks4a:': 4 };

export function isSocks({ url }: Pick<ConnectProxy, 'url'>): boolean {
	return new URL(url).protocol in SCHEMES;
}

export interface SocksPorts {
	lookup?: LookupFunction;
	/** The error for an answer of the proxy's, by the HTTP status that means the same. */
	refusal: (status: number) => FileXError;
}

/** A connection through a SOCKS proxy that stands (RFC 1928); the proxy looks the host up. Fails with FileXErrors. */
export async function connectBySocks(
	proxy: ConnectProxy,
	target: string,
	signal: AbortSignal,
	{ lookup, refusal }: SocksPorts,
): Promise<Socket> {
	const { SocksClient } = await import('socks');
	const url = new URL(proxy.url);
	const { hostname, port } = new URL(`tcp://${target}`);
	const to = { host: bare(url.hostname), port: Number(url.port || 1080) };
	const socket = connect({ ...EACH_ADDRESS, ...to, lookup, signal });
	try {
		await new Promise<void>((resolve, reject) => {
			socket.once('connect', resolve);
			socket.once('error', reject);
		});
	} catch (error) {
		throw networkError(`${proxy.title} ${proxy.url}`, error);
	}
	const options: SocksClientOptions = {
		command: 'connect',
		existing_socket: socket,
		proxy: {
			...to,
			type: SCHEMES[url.protocol]!,
			...(proxy.username !== '' && { userId: proxy.username, password: proxy.password }),
		},
		destination: { host: bare(hostname), port: Number(port) },
	};
	const abort = () => socket.destroy();
	signal.addEventListener('abort', abort, { once: true });
	try {
		return (await SocksClient.createConnection(options)).socket;
	} catch (error) {
		socket.destroy();
		throw refusal(statusOf((error as Error).message));
	} finally {
		signal.removeEventListener('abort', abort);
	}
}

/** What a SOCKS proxy said, as the HTTP status that a proxy says it with. The library gives its answers as texts. */
function statusOf(text: string): number {
	if (/authentication|auth type|no accepted/i.test(text)) return 407;
	if (/NotAllowed|rejected|Failed - CommandNotSupported/i.test(text) && !/Unreachable|Refused|TTL|Failure/i.test(text))
		return 403;
	return 502;
}

function bare(host: string): string {
	return host.replace(/^\[|\]$/g, '');
}
