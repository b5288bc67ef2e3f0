import type { Agent as HttpAgent, AgentOptions } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { getProxyForUrl } from 'proxy-from-env';
import { inputError } from '../errors';

/** Agents, or options to make them of. */
export interface Agents {
	httpAgent: HttpAgent | AgentOptions;
	httpsAgent: HttpsAgent | AgentOptions;
}

/**
 * How a client connects that knows nothing of proxies: through the one that HTTPS_PROXY, HTTP_PROXY and
 * NO_PROXY name for this URL, by CONNECT, or straight.
 */
export async function agentsFor(url: string, lookup: LookupFunction): Promise<Agents> {
	const options: AgentOptions = { keepAlive: true, maxSockets: 50, lookup };
	const proxy = getProxyForUrl(url);
	if (proxy === '') return { httpAgent: options, httpsAgent: options };
	if (!/^https?:$/.test(URL.canParse(proxy) ? new URL(proxy).protocol : '')) {
		throw inputError('HTTPS_PROXY', "The environment variable 'HTTPS_PROXY' or 'HTTP_PROXY' of n8n is not the http or https URL of a proxy", 'Write it like http://proxy.example.com:3128, and restart n8n.');
	}
	const { HttpsProxyAgent } = await import('https-proxy-agent');
	const agent = new HttpsProxyAgent(proxy, options as object);
	return { httpAgent: agent, httpsAgent: agent as unknown as HttpsAgent };
}
