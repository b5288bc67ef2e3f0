import { createHash } from 'node:crypto';
import { MACHINE_CLOCK, type Clock } from '../clock';
import { FileXError } from '../errors';

/** Who logs in where. `secret` is only ever kept as a hash. */
export interface Login {
	/** Host (and port) that takes the login. */
	host: string;
	username: string;
	secret: string;
}

/** Logins in a row that ended without an answer. */
interface Silence {
	count: number;
	/** Of the last one, in ms. */
	at: number;
	error: FileXError;
}

/** After so many in a row, it may be that they are refused. */
const SUSPICIOUS = 2;

/** How long one is not tried again then, in ms. */
const REST = 3_600_000;

/** So many in a row count as a refusal: accounts are locked after a few. */
const REFUSED = 3;

/**
 * Keeps an account from being locked: a login that was refused is never tried again with the same
 * secret by this process, and one that is not answered not often. Logins with one secret go out one at a
 * time, so that ten parallel steps make one refusal, not ten, also when a password that worked has expired.
 */
export class LoginGuard {
	private readonly refused = new Map<string, FileXError>();
	private readonly silences = new Map<string, Silence>();
	private readonly pending = new Map<string, Promise<unknown>>();

	constructor(private readonly clock: Pick<Clock, 'now'> = MACHINE_CLOCK) {}

	/** Runs `attempt` unless this login was refused before; remembers it when it is (`credentials`). */
	async run<T>(login: Login, attempt: () => Promise<T>): Promise<T> {
		const key = keyOf(login);
		for (;;) {
			this.throwIfRefused(key, login);
			this.throwIfSilent(key, login);
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
			const result = await attempt();
			this.silences.delete(key);
			return result;
		} catch (error) {
			if (error instanceof FileXError && error.kind === 'credentials') this.refused.set(key, error);
			if (error instanceof FileXError && error.loginUnanswered) {
				this.silences.set(key, { count: (this.silences.get(key)?.count ?? 0) + 1, at: this.clock.now(), error });
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

	private throwIfSilent(key: string, { username, host }: Login): void {
		const silence = this.silences.get(key);
		if (!silence || silence.count < SUSPICIOUS) return;
		const { count, at, error } = silence;
		const minutes = Math.ceil((at + REST - this.clock.now()) / 60_000);
		if (count < REFUSED && minutes <= 0) return;
		const isOver = count >= REFUSED;
		throw new FileXError(
			isOver ? 'credentials' : 'unavailable',
			`Authorization of '${username}' at ${host} was not answered ${count} times in a row, so it was not tried again`,
			{
				hint: `It may be that the login is refused, and each further refusal could lock the account. ${isOver ? '' : `It may be tried again in ${minutes} minutes. `}${error.hint} If the login is right, restart n8n (and its workers) to let it try again.`,
				retrySafe: !isOver,
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
