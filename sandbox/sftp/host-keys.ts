import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2, { type ParsedKey } from 'ssh2';
import { newKeyPair } from './keys';

/** The server's private keys, made once a data folder: a pinned key must survive a restart. */
export function hostKeys(dataDir: string): string[] {
	const folder = join(dataDir, 'keys');
	mkdirSync(folder, { recursive: true });
	return (['ed25519', 'rsa'] as const).map((type) => {
		const path = join(folder, type);
		if (!existsSync(path)) {
			writeFileSync(`${path}.new`, newKeyPair(type).private, { mode: 0o600 });
			renameSync(`${path}.new`, path);
		}
		return readFileSync(path, 'utf8');
	});
}

/** `SHA256:…`, as `ssh-keygen -l` prints it. */
export function fingerprint(privateKey: string): string {
	const blob = (ssh2.utils.parseKey(privateKey) as ParsedKey).getPublicSSH();
	return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
