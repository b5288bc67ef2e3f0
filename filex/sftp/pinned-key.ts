import type { ServerHostKeyAlgorithm } from 'ssh2';
import { BoundedMap } from '../util/bounded-map';
import { sftpAddress } from './address';
import type { DialPorts } from './dial';
import { probeSftpServer } from './host-key-probe';
import type { SftpAccount } from './sftp-account';

/** A type of host keys, and the algorithms that use one. */
interface KeyType {
	name: string;
	algorithms: ServerHostKeyAlgorithm[];
}

const KEY_TYPES: KeyType[] = [
	{ name: 'ssh-ed25519', algorithms: ['ssh-ed25519'] },
	{ name: 'ecdsa-sha2-nistp256', algorithms: ['ecdsa-sha2-nistp256'] },
	{ name: 'ssh-rsa', algorithms: ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] },
	{ name: 'ecdsa-sha2-nistp384', algorithms: ['ecdsa-sha2-nistp384'] },
	{ name: 'ecdsa-sha2-nistp521', algorithms: ['ecdsa-sha2-nistp521'] },
];

/** One of the keys that a server has. */
export interface HostKey extends KeyType {
	fingerprint: string;
}

/** Of servers with several keys, the pinned one's type, by address and pins. */
const pinnedTypes = new BoundedMap<string, ServerHostKeyAlgorithm[]>(1000);

type Pinned = Pick<SftpAccount, 'endpoints' | 'sftpProxy' | 'hostKeys'>;

/** The algorithms to agree on, where it is known which of a server's keys is the pinned one. */
export function algorithmsOfPinned(account: Pinned): ServerHostKeyAlgorithm[] | undefined {
	return pinnedTypes.get(keyOf(account));
}

/** All keys that a server has, asked for one by one; no secret is sent. */
export async function hostKeysOf(account: Pinned, ports: DialPorts): Promise<HostKey[]> {
	const found: HostKey[] = [];
	for (const type of KEY_TYPES) {
		const server = await probeSftpServer(account, ports, type.algorithms);
		if (!server.reachable) continue;
		found.push({ ...type, fingerprint: server.hostKey });
		if (server.pinned) pinnedTypes.set(keyOf(account), type.algorithms);
	}
	return found;
}

function keyOf(account: Pinned): string {
	return JSON.stringify([sftpAddress(account), ...account.hostKeys]);
}
