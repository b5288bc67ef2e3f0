import { createHash } from 'node:crypto';
import { FileXError } from '../errors';
import { type Clock, MACHINE_CLOCK } from '../util/clock';

/** Who takes a login. */
export type LoginService = 'FIP' | 'SFTP' | 'proxy';

/** Who logs in where. `secret` is only ever kept as a hash. */
export interface Login {
	/** What counts refused logins together and locks the account: see `realmOf`. */
	realm: string;
	service: LoginService;
	/** Host (and port) that takes the login, to be named in errors. */
	host: string;
	username: string;
	secret: string;
}

/** Lets logins be sent, or refuses to send them. */
export interface Logins {
	/** Runs `attempt` unless this login was refused before; remembers it when it is. */
	run<T>(login: Login, attempt: () => Promise<T>): Promise<T>;
	/** @throws FileXError where this login must not be sent */
	check(login: Login): void | Promise<void>;
}

/** What this process knows of one secret of one account. */
interface Record {
	/** By who refused it: what was said. One that is refused by one is sent to none. */
	refused: Map<LoginService, FileXError>;
	/** Refusals that say nothing of the secret, such as a login method that is not taken: they apply to that service only. */
	confined: Map<LoginService, FileXError>;
	/** Logins in a row of which no one said what became, and when the last one ended, in ms. */
	unanswered: { count: number; at: number; error?: FileXError };
	wasAccepted: boolean;
	/** When a person has had it tried since it was last accepted, and when it was let through for that although it was blocked; in ms. */
	testedAt: number;
	reprieves: number[];
	pending?: Promise<unknown>;
}

/** After so many logins in a row without an answer, it may be that they are refused. */
const SUSPICIOUS = 2;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Pauses before each further login, in ms; after the last one, each is twice as long. FINRA locks accounts after a few refusals (guide,
 * section 5.2), and only a phone call unlocks them, so that the fifth comes after days. A secret that was accepted
 * before is hardly wrong.
 */
const PAUSES = {
	never: [HOUR, 6 * HOUR, 24 * HOUR, 72 * HOUR],
	accepted: [5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 24 * HOUR],
};

/** How often in an hour a person may have a blocked login tried again, and how long after the last such try, in ms. */
const REPRIEVES = 2;
const BETWEEN_TESTS = 30_000;

/**
 * Keeps an account from being locked: a login that was refused, by whomever of those that count together, is never
 * tried again with the same secret by this process, and one that is not answered after growing pauses only. Logins
 * with one secret go out one at a time, so that ten parallel steps make one refusal, not ten, also when a password
 * that worked has expired.
 */
export class LoginGuard implements Logins {
	private readonly records = new Map<string, Record>();

	constructor(private readonly clock: Pick<Clock, 'now'> = MACHINE_CLOCK) {}

	/** Runs `attempt` unless this login was refused before; remembers it when it is (`credentials`). */
	async run<T>(login: Login, attempt: () => Promise<T>): Promise<T> {
		const record = this.recordOf(login);
		for (;;) {
			this.throwIfRefused(record, login);
			this.throwIfUnanswered(record, login);
			if (!record.pending) break;
			await record.pending;
		}
		const result = this.attempt(record, login.service, attempt);
		const settled = result.then(noop, noop);
		record.pending = settled;
		void settled.then(() => {
			if (record.pending === settled) record.pending = undefined;
		});
		return await result;
	}

	/** @throws FileXError where this login must not be sent */
	check(login: Login): void {
		const record = this.recordOf(login);
		this.throwIfRefused(record, login);
		this.throwIfUnanswered(record, login);
	}

	/**
	 * Lets a login that was refused, or not answered, be tried once more, because a person asked for it who may have
	 * had the account unlocked: at most twice an hour, and not right after a try that the same person saw fail.
	 */
	reprieve(login: Omit<Login, 'service' | 'host'>): void {
		const record = this.recordOf(login);
		const now = this.clock.now();
		const sinceTest = now - record.testedAt;
		const isBlocked = record.refused.size > 0 || record.confined.size > 0 || record.unanswered.count >= SUSPICIOUS;
		record.testedAt = now;
		if (!isBlocked) return;
		record.reprieves = record.reprieves.filter((at) => now - at < HOUR);
		if (sinceTest < BETWEEN_TESTS || record.reprieves.length >= REPRIEVES) return;
		record.reprieves.push(now);
		record.refused.clear();
		record.confined.clear();
		record.unanswered = { count: 0, at: 0 };
	}

	/** One service has just accepted a secret that another one refuses: the refusal is not the secret's, and holds there only. */
	confine(login: Omit<Login, 'service' | 'host'>, service: LoginService): void {
		const record = this.recordOf(login);
		const refusal = record.refused.get(service);
		if (!refusal) return;
		record.refused.delete(service);
		record.confined.set(service, refusal);
	}

	private async attempt<T>(record: Record, service: LoginService, attempt: () => Promise<T>): Promise<T> {
		try {
			const result = await attempt();
			record.unanswered = { count: 0, at: 0 };
			record.wasAccepted = true;
			record.testedAt = -Infinity;
			record.reprieves = [];
			return result;
		} catch (error) {
			if (!(error instanceof FileXError)) throw error;
			if (error.isLoginMethodRefused) record.confined.set(service, error);
			else if (error.kind === 'credentials') record.refused.set(service, error);
			else if (error.loginUnanswered)
				record.unanswered = { count: record.unanswered.count + 1, at: this.clock.now(), error };
			throw error;
		}
	}

	private throwIfRefused({ refused, confined }: Record, { service, username, host }: Login): void {
		const [refusal] = [confined.get(service), refused.get(service), ...refused.values()].filter(
			(error) => error !== undefined,
		);
		if (!refusal) return;
		const { field, retrySafe, isLoginMethodRefused } = refusal;
		if (isLoginMethodRefused)
			throw new FileXError(refusal.kind, `${refusal.message}. It was not tried again`, {
				hint: refusal.hint,
				field,
				retrySafe,
			});
		throw new FileXError(
			refusal.kind,
			`Authorization of '${username}' at ${host} was refused before, so it was not tried again`,
			{
				field: refusal.field,
				hint: `Each further refusal could lock the account. ${refusal.hint}`,
				remedies: ['clear-refused-login'],
				retrySafe: false,
				httpStatus: refusal.httpStatus,
			},
		);
	}

	private throwIfUnanswered(
		{ unanswered: { count, at, error }, wasAccepted }: Record,
		{ username, host }: Login,
	): void {
		if (count < SUSPICIOUS || !error) return;
		const pauses = wasAccepted ? PAUSES.accepted : PAUSES.never;
		const left = at + pauseAfter(count, pauses) - this.clock.now();
		if (left <= 0) return;
		throw new FileXError(
			'unavailable',
			`Authorization of '${username}' at ${host} was not answered ${count} times in a row, so it was not tried again`,
			{
				hint: `The login may have been refused, and each further refusal could lock the account. It is tried again in ${Math.ceil(left / MINUTE)} minutes. ${error.hint}`,
				remedies: ['clear-refused-login'],
				retrySafe: true,
				retryAfterMs: left,
			},
		);
	}

	private recordOf(login: Omit<Login, 'service' | 'host'>): Record {
		const key = keyOf(login);
		const known = this.records.get(key);
		if (known) return known;
		const record: Record = {
			refused: new Map(),
			confined: new Map(),
			unanswered: { count: 0, at: 0 },
			wasAccepted: false,
			testedAt: -Infinity,
			reprieves: [],
		};
		this.records.set(key, record);
		return record;
	}
}

/** The one guard of this process. */
export const loginGuard = new LoginGuard();

/** @param count logins without an answer so far */
function pauseAfter(count: number, pauses: number[]): number {
	const index = count - SUSPICIOUS;
	return pauses[index] ?? pauses.at(-1)! * 2 ** (index - pauses.length + 1);
}

function keyOf({ realm, username, secret }: Omit<Login, 'service' | 'host'>): string {
	return JSON.stringify([realm, username.toLowerCase(), createHash('sha256').update(secret).digest('base64')]);
}

function noop(): void {}
