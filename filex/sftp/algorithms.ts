import type { Algorithms } from 'ssh2';

/**
 * What the client offers, best first: the modern algorithms that FINRA's developer site names, then
 * those of the guide (section 3.1). Group exchange comes last: with a large group it can take the
 * pure-JavaScript client half a minute. The ETM MACs are for servers that speak no GCM.
 */
export const ALGORITHMS = {
	kex: [
		'curve25519-sha256',
		'curve25519-sha256@libssh.org',
		'ecdh-sha2-nistp256',
		'ecdh-sha2-nistp384',
		'ecdh-sha2-nistp521',
		'diffie-hellman-group14-sha256',
		'diffie-hellman-group16-sha512',
		'diffie-hellman-group18-sha512',
		'diffie-hellman-group14-sha1',
		'diffie-hellman-group-exchange-sha256',
	],
	cipher: [
		'aes128-gcm@openssh.com',
		'aes256-gcm@openssh.com',
		'aes128-ctr',
		'aes192-ctr',
		'aes256-ctr',
		'aes128-cbc',
		'aes192-cbc',
		'aes256-cbc',
	],
	hmac: [
		'hmac-sha2-256-etm@openssh.com',
		'hmac-sha2-512-etm@openssh.com',
		'hmac-sha2-256',
		'hmac-sha2-512',
		'hmac-sha1',
		'hmac-sha1-96',
	],
	compress: ['none'],
} satisfies Algorithms;
