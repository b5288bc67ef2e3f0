import { Agent as HttpAgent, type AgentOptions, type ClientRequestArgs } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect, type ConnectionOptions } from 'node:tls';
import { getProxyForUrl } from 'proxy-from-env';
import type { ConnectProxy } from '../account/proxy';
import { inputError } from '../errors';
import { connectThrough, hostAndPort, unsent } from './connect';
import type { Egress } from './egress';

/** Agents for a client that knows nothing of proxies. */
export interface Agents {
	httpAgent: HttpAgent;
	httpsAgent: HttpsAgent;
}

/**
 * Agents that connect where `egress` allows it: through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name
 * for the host, by CONNECT, or straight.
 */
export function agentsFor(egress: Egress): Agents {
	const options: AgentOptions = { keepAlive: true, maxSockets: 50 };
	return {
		httpAgent: connecting(new HttpAgent(options), 'http', egress, (socket) => socket),
		httpsAgent: connecting(new HttpsAgent(options), 'https', egress, (socket, options) =>
			tlsConnect({ ...(options as ConnectionOptions), host: undefined, port: undefined, path: undefined, socket }),
		),
	};
}

type Secured = (socket: Duplex, options: ClientRequestArgs) => Duplex;

function connecting<A extends HttpAgent>(agent: A, scheme: string, egress: Egress, secured: Secured): A {
	const straight = agent.createConnection.bind(agent);
	agent.createConnection = (options, done) => {
		const host = hostAndPort(options.host ?? 'localhost', options.port ?? (scheme === 'https' ? 443 : 80));
		const url = `${scheme}://${host}`;
		const open = async (): Promise<Duplex> => {
			await egress.check(url);
			const proxy = proxyFor(url);
			if (!proxy) return straight({ ...options, lookup: egress.lookup })!;
			return secured(await connectThrough(proxy, host, { lookup: egress.lookup }), options);
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

/** The proxy that the environment names for a URL; undefined where it names none. @throws FileXError `input` where it is no URL */
export function proxyFor(url: string): ConnectProxy | undefined {
	const named = getProxyForUrl(url);
	if (named === '') return undefined;
	const field = 'HTTPS_PROXY';
	const parsed = URL.canParse(named) ? new URL(named) : undefined;
	if (!parsed || !/^https?:$/.test(parsed.protocol)) {
		throw inputError(
			field,
			`The environment variable '${field}' or 'HTTP_PROXY' is not the http or https URL of a proxy`,
			'Write it like http://proxy.example.com:3128, and restart.',
		);
	}
	return {
		title: 'the proxy',
		url: parsed.origin,
		username: decodeURIComponent(parsed.username),
		password: decodeURIComponent(parsed.password),
		field,
	};
}
