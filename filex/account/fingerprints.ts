import { createHash } from 'node:crypto';
import { FileXError } from '../errors';

/** The SHA-256 fingerprint of a host key as OpenSSH prints it: `SHA256:` and base64 without padding. */
export function fingerprint(key: Buffer): string {
	return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** Reads fingerprints parted by commas, spaces or line breaks, with or without their `SHA256:`. */
export function parseFingerprints(value: string, field = 'SFTP Host Key Fingerprints'): string[] {
	return value
		.split(/[\s,;]+/)
		.filter((part) => part !== '')
		.map((part) => {
			const body = part.replace(/^SHA256:/i, '').replace(/=+$/, '');
			if (/^[A-Za-z0-9+/]{43}$/.test(body)) return `SHA256:${body}`;
			throw new FileXError('input', `'${field}' holds '${part.slice(0, 60)}', which is not a SHA-256 fingerprint`, {
				field,
				hint: "Each one is 'SHA256:' and 43 characters, as ssh-keygen -l prints it.",
				remedies: ['see-health'],
				retrySafe: false,
			});
		});
}
