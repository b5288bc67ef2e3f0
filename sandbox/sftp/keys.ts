import ssh2 from 'ssh2';

const { utils } = ssh2;

export interface SshKeyPair {
	/** In OpenSSH form. */
	private: string;
	/** One line, as in `authorized_keys`. */
	public: string;
}

/**
 * A new SSH key pair. One in some 300 Ed25519 keys that ssh2 1.17 makes is malformed (it drops a
 * leading zero byte): such a one is thrown away.
 */
export function newKeyPair(type: 'ed25519' | 'rsa'): SshKeyPair {
	for (;;) {
		const pair =
			type === 'rsa' ? utils.generateKeyPairSync('rsa', { bits: 3072 }) : utils.generateKeyPairSync('ed25519');
		if (works(pair)) return pair;
	}
}

function works(pair: SshKeyPair): boolean {
	const key = utils.parseKey(pair.private);
	const lock = utils.parseKey(pair.public);
	if (key instanceof Error || lock instanceof Error) return false;
	const probe = Buffer.from('probe');
	return lock.verify(probe, key.sign(probe)) === true;
}
