import { createHash } from 'node:crypto';
import type { Account } from '../account/account';
import { cancelled } from '../errors';
import { occupied } from '../sftp/connection-semaphore';
import { accountName } from '../sftp/address';
import type { FileSpace } from '../space';
import { FreshAnswers } from '../util/fresh-answers';
import { abortable } from '../util/abortable';
import { listScope, type Scope, scopeKey, type ScopeListing } from './scope';

/** What a session opens its space with. */
export interface SessionPorts {
	signal: AbortSignal;
	/** To be called when the account's connection is free for it. */
	onTurn: () => void;
}

/** The connection of an account while anyone lists by it. */
interface Session {
	space: FileSpace;
	/** Ends all that is under way. */
	stop: AbortController;
	users: number;
	hasTurn: boolean;
	/** By scope. `begun`: listings that were begun. */
	lines: Map<string, { answers: FreshAnswers<ScopeListing>; begun: number }>;
}

/**
 * Listings that several triggers of a process share: those of one account use one connection while it is open, and those
 * that watch the same, and ask while a listing is under way, share the next one.
 */
export class SharedListings {
	private readonly sessions = new Map<string, Session>();

	/**
	 * Lists a scope. Each caller has its own time; who is the last one to wait gets what was seen until then.
	 *
	 * @throws FileXError `occupied` where the time passed before the listing could begin
	 */
	async list(
		account: Account,
		open: (ports: SessionPorts) => FileSpace,
		scope: Scope,
		signal: AbortSignal,
	): Promise<ScopeListing> {
		const key = createHash('sha256').update(JSON.stringify(account)).digest('base64');
		const session = this.sessions.get(key) ?? this.begin(key, open);
		session.users++;
		try {
			const line = lineOf(session, scope);
			const { begun } = line;
			const answer = line.answers.ask();
			const ended = answer.then(noop, noop).then(() => true);
			const isInTime = await abortable(ended, signal, () => signal.reason).catch(() => false);
			if (isInTime) return await answer;
			if (session.users > 1)
				throw session.hasTurn && line.begun > begun ? signal.reason : occupied(accountName(account));
			this.end(key, session, signal.reason);
			return await answer;
		} finally {
			session.users--;
			if (session.users === 0) {
				this.end(key, session, cancelled('The listing'));
				await session.space.close();
			}
		}
	}

	private begin(key: string, open: (ports: SessionPorts) => FileSpace): Session {
		const stop = new AbortController();
		const session: Session = {
			space: open({ signal: stop.signal, onTurn: () => (session.hasTurn = true) }),
			stop,
			users: 0,
			hasTurn: false,
			lines: new Map(),
		};
		this.sessions.set(key, session);
		return session;
	}

	/** Whoever comes from here on begins another one. */
	private end(key: string, session: Session, reason: unknown): void {
		if (this.sessions.get(key) === session) this.sessions.delete(key);
		session.stop.abort(reason);
	}
}

/** Those of this process. */
export const sharedListings = new SharedListings();

function lineOf(session: Session, scope: Scope): { answers: FreshAnswers<ScopeListing>; begun: number } {
	const key = scopeKey(scope);
	const known = session.lines.get(key);
	if (known) return known;
	const line = {
		begun: 0,
		answers: new FreshAnswers(async () => {
			line.begun++;
			const listing = await listScope(session.space, scope);
			// One that was cut short must not pass as a whole one.
			if (session.stop.signal.aborted && listing.failures.length === 0) throw cancelled('The poll');
			return listing;
		}),
	};
	session.lines.set(key, line);
	return line;
}

function noop(): void {}
