import { failed, type Finding, ok, warning } from './check';

/** The program that runs the diagnostics. */
export interface Program {
	name: string;
	/** Its version, and what else of it matters. */
	facts: string[];
}

const PROXY_VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'];

/** What runs here, and which settings of its environment change how fileX is reached. Only names of variables, no values. */
export function judgeEnvironment(
	{ facts }: Pick<Program, 'facts'>,
	env: NodeJS.ProcessEnv,
	node = process.versions.node,
): Finding {
	const proxies = PROXY_VARIABLES.flatMap((name) => [name, name.toLowerCase()]).filter(
		(name) => (env[name] ?? '') !== '',
	);
	const met = [
		`Node.js ${node}`,
		...facts,
		`${process.platform} ${process.arch}`,
		proxies.length > 0 ? `proxy variables set: ${proxies.join(', ')}` : 'no proxy variable is set',
		`NODE_EXTRA_CA_CERTS is ${env.NODE_EXTRA_CA_CERTS ? 'set' : 'not set'}`,
	].join('; ');
	const [major = 0, minor = 0] = node.split('.').map(Number);
	if (major < 20 || (major === 20 && minor < 15)) return failed(met, 'Node.js 20.15 or later is needed.');
	if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0')
		return warning(
			`${met}; NODE_TLS_REJECT_UNAUTHORIZED is 0`,
			"TLS certificates are not checked, so anyone on the network can read the password. Remove NODE_TLS_REJECT_UNAUTHORIZED, and name your firm's CA file in NODE_EXTRA_CA_CERTS.",
		);
	return ok(met);
}
