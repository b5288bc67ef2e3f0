import type { ServerConfig } from 'ssh2';

export const ALGORITHM_SETS = ['all', 'modern', 'guide'] as const;

/** Which of fileX's algorithms are offered: today's, those of the guide's section 3.1, or both. */
export type AlgorithmSet = (typeof ALGORITHM_SETS)[number];

type Lists = { kex: string[]; cipher: string[]; hmac: string[] };

/** FINRA's developer site (2026), but for mlkem and group exchange, which ssh2's server cannot speak. */
const MODERN: Lists = {
	kex: [
		'curve25519-sha256',
		'ecdh-sha2-nistp256',
		'ecdh-sha2-nistp384',
		'ecdh-sha2-nistp521',
		'diffie-hellman-group14-sha256',
		'diffie-hellman-group16-sha512',
		'diffie-hellman-group18-sha512',
	],
	cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
	hmac: ['hmac-sha2-256'],
};

/** The guide's section 3.1, but for group exchange and the ssh.com MAC, which ssh2's server cannot speak. */
const GUIDE: Lists = {
	kex: ['diffie-hellman-group14-sha1'],
	cipher: ['aes128-ctr', 'aes192-ctr', 'aes256-ctr', 'aes128-cbc', 'aes192-cbc', 'aes256-cbc'],
	hmac: ['hmac-sha2-256', 'hmac-sha1', 'hmac-sha1-96'],
};

export function algorithms(set: AlgorithmSet): ServerConfig['algorithms'] {
	const lists = { modern: [MODERN], guide: [GUIDE], all: [MODERN, GUIDE] }[set];
	const merged = (name: keyof Lists) => [...new Set(lists.flatMap((each) => each[name]))];
	return {
		kex: merged('kex'),
		cipher: merged('cipher'),
		hmac: merged('hmac'),
		// ssh2's server throws when a compressed connection ends.
		compress: ['none'],
	} as ServerConfig['algorithms'];
}
