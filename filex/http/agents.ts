import { Agent as HttpAgent, type AgentOptions, type ClientRequestArgs } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect, type ConnectionOptions, TLSSocket } from 'node:tls';
import { getProxyForUrl } from 'proxy-from-env';
import type { Logins } from '../account/login-guard';
import type { ConnectProxy } from '../account/proxy';
import { inputError } from '../errors';
import { connectThrough, hostAndPort, unsent } from './connect';
import { EACH_ADDRESS } from './connecting';
import type { Egress, Peer } from './egress';

/** Agents for a client that knows nothing of proxies. */
export interface Agents {
	httpAgent: HttpAgent;
	httpsAgent: HttpsAgent;
}

/** Connections to one host at a time. */
const MOST_CONNECTIONS = 50;

/**
 * How long a connection may lie idle and still be used again, in ms. Servers and firewalls close idle ones after 5 s and
 * more: what is sent on one that is just being closed may have arrived or not.
 */
const IDLE_LIFE = 1000;

/**
 * Agents that connect where `egress` allows it: through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name
 * for the host, by CONNECT or SOCKS, or straight, to whichever of its addresses answers. Connections are kept for the
 * next request, for a moment.
 */
export function agentsFor(egress: Egress, guard?: Logins): Agents {
	const options: AgentOptions = { keepAlive: true, maxSockets: MOST_CONNECTIONS };
	return {
		httpAgent: connecting(new HttpAgent(options), 'http', { egress, guard }, (socket) => socket),
		httpsAgent: connecting(new HttpsAgent(options), 'https', { egress, guard }, (socket, options) =>
			tlsConnect({ ...(options as ConnectionOptions), host: undefined, port: undefined, path: undefined, socket }),
		),
	};
}

type Secured = (socket: Duplex, options: ClientRequestArgs) => Duplex;

/** Drops what lies idle for longer than {@link IDLE_LIFE}: Node destroys a free connection whose time is up. */
function dropIdle(agent: HttpAgent): void {
	const keep = agent.keepSocketAlive.bind(agent);
	const reuse = agent.reuseSocket.bind(agent);
	agent.keepSocketAlive = (socket) => {
		const isKept = keep(socket);
		(socket as Socket).setTimeout(IDLE_LIFE);
		return isKept;
	};
	agent.reuseSocket = (socket, request) => {
		(socket as Socket).setTimeout(0);
		reuse(socket, request);
	};
}

function connecting<A extends HttpAgent>(
	agent: A,
	scheme: string,
	{ egress, guard }: { egress: Egress; guard?: Logins },
	secured: Secured,
): A {
	dropIdle(agent);
	const straight = agent.createConnection.bind(agent);
	agent.createConnection = (options, done) => {
		const host = hostAndPort(options.host ?? 'localhost', options.port ?? (scheme === 'https' ? 443 : 80));
		const url = `${scheme}://${host}`;
		const open = async (): Promise<Duplex> => {
			await egress.check(url);
			const proxy = proxyFor(url);
			const socket = proxy
				? secured(await connectThrough(proxy, host, { lookup: egress.lookup, guard }), options)
				: straight({ ...options, ...EACH_ADDRESS, lookup: egress.lookup })!;
			tellPeer(socket, egress, { url, proxy: proxy?.url });
			return socket;
		};
		open().then(
			(socket) => done?.(null, socket),
			// Without a stream: whoever asked for one gets the error.
			(error: unknown) => done?.(unsent(error), undefined as unknown as Duplex),
		);
		return undefined;
	};
	return agent;
}

function tellPeer(socket: Duplex, egress: Egress, peer: Peer): void {
	if (!egress.connected) return;
	if (!(socket instanceof TLSSocket)) return egress.connected(peer);
	socket.once('secureConnect', () => {
		egress.connected?.({ ...peer, tlsCertificate: socket.getPeerX509Certificate()?.fingerprint256 });
	});
}

/**
 * The proxy that the environment names for a URL; undefined where it names none.
 *
 * @throws FileXError `input` where it is no URL of a proxy that can be used; it names the variable
 */
export function proxyFor(url: string): ConnectProxy | undefined {
	const named = getProxyForUrl(url);
	if (named === '') return undefined;
	const field = variableFor(url);
	const parsed = URL.canParse(named) ? new URL(named) : undefined;
	if (!parsed || !/^(https?|socks(4a?|5h?)?):$/.test(parsed.protocol) || parsed.hostname === '') {
		throw inputError(
			field,
			`The environment variable '${field}' is not the http, https or socks5 URL of a proxy`,
			'Write it like http://proxy.example.com:3128 or socks5://proxy.example.com:1080, and restart.',
		);
	}
	return {
		title: 'the proxy',
		url: `${parsed.protocol}//${parsed.host}`,
		username: decoded(parsed.username),
		password: decoded(parsed.password),
		field,
	};
}

/** The variable that names the proxy of a URL; the lower-case one counts first, as curl has it. */
function variableFor(url: string): string {
	const names = [`${new URL(url).protocol.slice(0, -1)}_proxy`, 'all_proxy'].flatMap((name) => [
		name,
		name.toUpperCase(),
	]);
	return names.find((name) => process.env[name]) ?? 'HTTPS_PROXY';
}

/** A part of a URL as it is meant: a `%` that begins no sequence stands for itself. */
function decoded(text: string): string {
	return text.replace(/(?:%[\da-f]{2})+/gi, (sequence) => {
		try {
			return decodeURIComponent(sequence);
		} catch {
			return sequence;
		}
	});
}
