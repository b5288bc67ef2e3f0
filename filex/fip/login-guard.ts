import { createHash } from 'node:crypto';
import { FileXError } from '../errors';

/** Who logs in where. `secret` is only ever kept as a hash. */
export interface Login {
	/** Host (and port) that takes the login. */
	host: string;
	username: string;
	secret: string;
}

/**
 * Keeps an account from being locked: a login that was refused is never tried again with the same
 * secret by this process. Logins with one secret go out one at a time, so that ten parallel steps
 * make one refusal, not ten, also when a password that worked has expired.
 */
export class LoginGuard {
	private readonly refused = new Map<string, FileXError>();
	private readonly pending = new Map<string, Promise<unknown>>();

	/** Runs `attempt` unless this login was refused before; remembers it when it is (`credentials`). */
	async run<T>(login: Login, attempt: () => Promise<T>): Promise<T> {
		const key = keyOf(login);
		for (;;) {
			this.throwIfRefused(key, login);
			const running = this.pending.get(key);
			if (!running) break;
			await running;
		}
		const result = this.attempt(key, attempt);
		const settled = result.then(noop, noop);
		this.pending.set(key, settled);
		void settled.then(() => {
			if (this.pending.get(key) === settled) this.pending.delete(key);
		});
		return await result;
	}

	private async attempt<T>(key: string, attempt: () => Promise<T>): Promise<T> {
		try {
			return await attempt();
		} catch (error) {
			if (error instanceof FileXError && error.kind === 'credentials') {
				this.refused.set(key, error);
			}
			throw error;
		}
	}

	private throwIfRefused(key: string, { username, host }: Login): void {
		const refusal = this.refused.get(key);
		if (!refusal) return;
		throw new FileXError(
			'credentials',
			`Authorization of '${username}' at ${host} was refused before, so it was not tried again`,
			{
				field: refusal.field,
				hint: `Each further refusal could lock the account. ${refusal.hint} If the secret was right and the account has been unlocked since, restart n8n (and its workers) to let it try again.`,
				retrySafe: false,
				httpStatus: refusal.httpStatus,
			},
		);
	}
}

/** The one guard of this process. */
export const loginGuard = new LoginGuard();

function keyOf({ host, username, secret }: Login): string {
	return JSON.stringify([host, username, createHash('sha256').update(secret).digest('base64')]);
}

function noop(): void {}
