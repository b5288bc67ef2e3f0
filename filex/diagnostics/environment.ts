import { failed, ok, warning, type Finding } from './check';

/** What runs. */
export interface Installed {
	/** This pack's version. */
	pack: string;
	/** n8n's version; undefined where n8n does not say. */
	n8n?: string;
	/** n8n's binary mode, e.g. `filesystem-v2`. */
	binaryMode?: string;
}

const PROXY_VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'];

/** What this n8n is, and which settings of its environment change how fileX is reached. Only names of variables, no values. */
export function judgeEnvironment(
	{ pack, n8n, binaryMode }: Installed,
	env: NodeJS.ProcessEnv,
	node = process.versions.node,
): Finding {
	const proxies = PROXY_VARIABLES.flatMap((name) => [name, name.toLowerCase()]).filter(
		(name) => (env[name] ?? '') !== '',
	);
	const met = [
		`Node.js ${node}`,
		n8n === undefined ? 'n8n does not tell its version to nodes' : `n8n ${n8n}`,
		`n8n-nodes-finra-filex ${pack}`,
		`${process.platform} ${process.arch}`,
		proxies.length > 0 ? `proxy variables set: ${proxies.join(', ')}` : 'no proxy variable is set',
		`NODE_EXTRA_CA_CERTS is ${env.NODE_EXTRA_CA_CERTS ? 'set' : 'not set'}`,
		`binary mode ${binaryMode ?? 'not known'}`,
	].join('; ');
	const [major = 0, minor = 0] = node.split('.').map(Number);
	if (major < 20 || (major === 20 && minor < 15))
		return failed(met, 'This pack needs Node.js 20.15 or later: upgrade n8n.');
	if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0')
		return warning(
			`${met}; NODE_TLS_REJECT_UNAUTHORIZED is 0`,
			'TLS certificates are not checked: anybody on the way can read the password. Remove NODE_TLS_REJECT_UNAUTHORIZED, and name the CA file of your firm in NODE_EXTRA_CA_CERTS.',
		);
	return ok(met);
}
