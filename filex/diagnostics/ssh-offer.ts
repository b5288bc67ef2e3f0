import { ALGORITHMS } from '../sftp/algorithms';
import { shorten } from '../util/shorten';

/** What an SSH server says before any key is agreed on (RFC 4253, sections 4.2 and 7.1). */
export interface SshOffer {
	/** E.g. `SSH-2.0-OpenSSH_9.2`. */
	identification: string;
	kex: string[];
	hostKeys: string[];
	/** From the client to the server. */
	ciphers: string[];
	macs: string[];
}

/** Host-key algorithms of the SSH library, best first. */
export const HOST_KEY_ALGORITHMS = [
	'ssh-ed25519',
	'ecdsa-sha2-nistp256',
	'ecdsa-sha2-nistp384',
	'ecdsa-sha2-nistp521',
	'rsa-sha2-512',
	'rsa-sha2-256',
	'ssh-rsa',
];

const SSH_MSG_KEXINIT = 20;

/** Lines before the identification, and bytes of all, that are read at most. */
export const LONGEST_OFFER = 65_536;

/**
 * Reads what a server has sent so far.
 *
 * @returns undefined where more is to come; text where it is no SSH
 */
export function readOffer(bytes: Buffer): SshOffer | string | undefined {
	const text = bytes.subarray(0, 16_384).toString('latin1');
	const start = /(?:^|\n)(SSH-[^\n]*)\n/.exec(text);
	if (!start) {
		// A web server, an FTP server, an alert of TLS.
		const isOther =
			/^(HTTP\/|<|220[ -]|\+OK)/.test(text) || (bytes[0] === 0x15 && bytes[1] === 0x03) || bytes.length > 16_000;
		return isOther ? `it does not speak SSH: ${JSON.stringify(shorten(text.slice(0, 40)))}` : undefined;
	}
	const identification = shorten(start[1]!.trim(), 120);
	const packet = bytes.subarray(start.index + start[0].length);
	if (packet.length < 6) return undefined;
	const length = packet.readUInt32BE(0);
	if (length > LONGEST_OFFER || packet[5] !== SSH_MSG_KEXINIT)
		return `${identification} does not begin with its algorithms`;
	if (packet.length < 4 + length) return undefined;
	const lists = nameLists(packet.subarray(6 + 16, 4 + length));
	if (lists.length < 6) return `${identification} does not begin with its algorithms`;
	const [kex, hostKeys, ciphers, , macs] = lists as [string[], string[], string[], string[], string[]];
	return { identification, kex, hostKeys, ciphers, macs };
}

function nameLists(bytes: Buffer): string[][] {
	const lists: string[][] = [];
	for (let at = 0; at + 4 <= bytes.length && lists.length < 10;) {
		const length = bytes.readUInt32BE(at);
		if (at + 4 + length > bytes.length) break;
		lists.push(
			bytes
				.subarray(at + 4, at + 4 + length)
				.toString('latin1')
				.split(',')
				.filter((name) => name !== '')
				.map((name) => shorten(name, 80)),
		);
		at += 4 + length;
	}
	return lists;
}

/** What this client and the server settle on: the first of the client's that the server has (RFC 4253, section 7.1). */
export interface Agreement {
	kex?: string;
	hostKey?: string;
	cipher?: string;
	/** Undefined where the cipher brings its own. */
	mac?: string;
}

export function agreementOf({ kex, hostKeys, ciphers, macs }: SshOffer): Agreement {
	const first = (ours: readonly string[], theirs: string[]) => ours.find((name) => theirs.includes(name));
	const cipher = first(ALGORITHMS.cipher, ciphers);
	return {
		kex: first(ALGORITHMS.kex, kex),
		hostKey: first(HOST_KEY_ALGORITHMS, hostKeys),
		cipher,
		mac: cipher?.includes('-gcm') ? undefined : first(ALGORITHMS.hmac, macs),
	};
}

/** Of each type of host key one algorithm that both sides have: an RSA key can use three. */
export function hostKeyTypes({ hostKeys }: SshOffer): string[] {
	const types = new Map<string, string>();
	for (const name of HOST_KEY_ALGORITHMS) {
		const type = /rsa/.test(name) ? 'rsa' : name;
		if (hostKeys.includes(name) && !types.has(type)) types.set(type, name);
	}
	return [...types.values()];
}
