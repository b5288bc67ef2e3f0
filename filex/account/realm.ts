import type { Endpoints } from './environments';

/**
 * What counts refused logins of an account together, at FIP and over SFTP alike: FINRA itself for Production and
 * Customer Test, which share their passwords (guide, section 3), FINRA's QA, or else the host of the FIP URL.
 */
export function realmOf({ fip, rest, sftp }: Endpoints): string {
	const hosts = [hostOf(fip), hostOf(rest), sftp.host].map(plain);
	if (hosts.some((host) => /\bqa(int)?\b.*\.finra\.org$/.test(host))) return 'FINRA QA';
	if (hosts.some((host) => /(^|\.)finra\.org$/.test(host))) return 'FINRA';
	const { port, protocol } = new URL(fip);
	return `${hosts[0]}:${port || (protocol === 'http:' ? 80 : 443)}`;
}

function hostOf(url: string): string {
	return URL.canParse(url) ? new URL(url).hostname : '';
}

/** The same host is written in several ways. */
function plain(host: string): string {
	const name = host
		.toLowerCase()
		.replace(/\.$/, '')
		.replace(/^\[|\]$/g, '');
	return /^(localhost|127(\.\d+){3}|::1)$/.test(name) ? 'localhost' : name;
}
