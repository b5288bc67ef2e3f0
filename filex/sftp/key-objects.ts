import { createSecretKey } from 'node:crypto';
import type { Client } from 'ssh2';

/** ssh2's own fields that hold the bytes of a key, of the ciphers and MACs that it makes again for every packet. */
const KEYS = ['_encKey', '_decipherKey', '_macKey'];

/**
 * Lets a connection that is logged in use its keys as KeyObjects. Node 24 takes long to see that plain bytes are
 * none, and ssh2 makes a cipher for each packet: without this, transfers cost a sixth more. A connection that
 * agrees on new keys later, or another version of ssh2, continues with bytes.
 */
export function useKeyObjects(ssh: Client): void {
	const { _cipher, _decipher } = (ssh as unknown as { _protocol?: Record<string, unknown> })._protocol ?? {};
	for (const side of [_cipher, _decipher] as Array<Record<string, unknown> | undefined>) {
		for (const name of KEYS) {
			const bytes = side?.[name];
			if (Buffer.isBuffer(bytes)) side![name] = createSecretKey(bytes);
		}
	}
}
