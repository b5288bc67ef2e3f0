import { createHash } from 'node:crypto';
import { FileXError } from '../errors';

/** The SHA-256 fingerprint of a host key as OpenSSH prints it: `SHA256:` and base64 without padding. */
export function fingerprint(key: Buffer): string {
	return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** A line of `ssh-keygen -l`: bits, fingerprint, comment, type. */
const KEYGEN_LINE = /(?:\d{2,5}\s+)SHA256:([A-Za-z0-9+/]{43})=?(?:\s[^()\n]*)?\([A-Z0-9-]+\)/g;

/** A line of known_hosts or of a .pub file: markers and hosts, type, key, comment. */
const KEY_LINE =
	/^.*?(?<![\w@.-])((?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d{3}|sk-[\w@.-]+))[ \t]+(AAAA[A-Za-z0-9+/]+={0,3})(?:[ \t].*)?$/gm;

/**
 * Reads fingerprints parted by commas, spaces or line breaks, with or without their `SHA256:`; also whole lines of
 * `ssh-keygen -l`, and keys as known_hosts and .pub files have them.
 */
export function parseFingerprints(value: string, field = 'SFTP Host Key Fingerprints'): string[] {
	const found: string[] = [];
	const rest = value
		.replace(/\r\n?/g, '\n')
		// A comment in a known_hosts file.
		.replace(/^\s*#.*$/gm, ' ')
		.replace(KEY_LINE, (_, type: string, key: string) => {
			found.push(fingerprintOf(type, Buffer.from(key, 'base64'), field));
			return ' ';
		})
		.replace(KEYGEN_LINE, (_, body: string) => {
			found.push(`SHA256:${body}`);
			return ' ';
		});
	for (const part of rest.split(/[\s,;]+/).filter((each) => each !== '')) found.push(single(part, field));
	return [...new Set(found)];
}

function single(part: string, field: string): string {
	const body = part.replace(/^SHA256:/i, '').replace(/=+$/, '');
	if (/^[A-Za-z0-9+/]{43}$/.test(body)) return `SHA256:${body}`;
	const isMd5 = /^(?:MD5:)?(?:[\da-f]{2}:){15}[\da-f]{2}$/i.test(part) || /^MD5:/i.test(part);
	throw refused(
		field,
		isMd5
			? `'${field}' has an MD5 fingerprint, which proves too little`
			: `'${field}' holds '${part.slice(0, 60)}', which is not a SHA-256 fingerprint`,
	);
}

/** @param type that stands before the key, and must be in it too */
function fingerprintOf(type: string, key: Buffer, field: string): string {
	const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
	if (key.subarray(4, 4 + length).toString('latin1') === type && key.length > 4 + length + 4) return fingerprint(key);
	throw refused(field, `'${field}' has a key that is not whole, after '${type}'`);
}

function refused(field: string, message: string): FileXError {
	return new FileXError('input', message, {
		field,
		hint: "Each one is 'SHA256:' and 43 characters, as ssh-keygen -l prints it. A line of known_hosts or of a .pub file is taken, too.",
		remedies: ['see-health'],
		retrySafe: false,
	});
}
