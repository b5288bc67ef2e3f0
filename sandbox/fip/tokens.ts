import { createHash, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock';
import type { Settings } from '../settings';
import type { Accounts, SandboxAccount } from '../world/accounts';

/** The bearer tokens that were handed out; only their hashes are kept. */
export class Tokens {
	constructor(
		private readonly database: DatabaseSync,
		private readonly settings: Settings,
		private readonly clock: Clock,
		private readonly accounts: Accounts,
	) {}

	/** A new token, and the seconds that it lives. */
	issue({ username }: SandboxAccount): { token: string; seconds: number } {
		const token = randomBytes(24).toString('base64url');
		const seconds = this.settings.get().fipTokenSeconds;
		this.database.prepare('DELETE FROM tokens WHERE expires < ?').run(this.clock.now().getTime());
		this.database
			.prepare('INSERT INTO tokens (hash, username, expires) VALUES (?, ?, ?)')
			.run(hashOf(token), username, Math.round(this.clock.now().getTime() + seconds * 1000));
		return { token, seconds };
	}

	/** The account behind an `Authorization` header; undefined where it is missing, wrong or too old. */
	accountOf(authorization: string | undefined): SandboxAccount | undefined {
		const token = bearer(authorization);
		if (token === undefined) return undefined;
		const row = this.database
			.prepare('SELECT username FROM tokens WHERE hash = ? AND expires > ?')
			.get(hashOf(token), this.clock.now().getTime());
		return row && this.accounts.find(row.username as string);
	}

	revoke(authorization: string | undefined): void {
		this.database.prepare('DELETE FROM tokens WHERE hash = ?').run(hashOf(bearer(authorization) ?? ''));
	}

	revokeAll(): void {
		this.database.exec('DELETE FROM tokens');
	}
}

function bearer(authorization: string | undefined): string | undefined {
	return /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
}

function hashOf(token: string): string {
	return createHash('sha256').update(token).digest('hex');
}
