import { type Login, loginGuard } from '../account/login-guard';
import { FileXError } from '../errors';
import type { Egress, Peer } from '../http/egress';
import type { FileXHttp, HttpRequest } from '../http/port';
import { sftpConnections } from '../sftp/connection-semaphore';
import type { Handlers } from './calls';
import { type PackedError, unpackError } from './wire';

/** What a session of the transfer thread asks this one for. */
export interface NearPorts {
	http: FileXHttp;
	egress: Egress;
}

/** Answers the transfer thread: what the process has once, and what belongs to a session. */
export class NearSide {
	readonly sessions = new Map<number, NearPorts>();
	private lastTicket = 0;
	/** Logins that the thread makes at the moment. */
	private readonly logins = new Map<number, (error?: Error) => void>();
	/** Places that it holds. */
	private readonly places = new Map<number, () => void>();

	readonly handlers: Handlers = {
		authorized: async ({ session, request }: { session: number; request: HttpRequest }, signal) =>
			await this.portsOf(session).http.authorized({ ...request, signal }),
		check: async ({ session, url }: { session: number; url: string }) => await this.portsOf(session).egress.check(url),
		connected: async ({ session, peer }: { session: number; peer: Peer }) =>
			this.portsOf(session).egress.connected?.(peer),
		lookup: async ({ session, hostname, options }: { session: number; hostname: string; options: object }) =>
			await new Promise((resolve, reject) =>
				this.portsOf(session).egress.lookup(hostname, options, (error, address, family) =>
					error ? reject(error) : resolve({ address, family }),
				),
			),
		checkLogin: async (login: Login) => loginGuard.check(login),
		beginLogin: async (login: Login) => await this.beginLogin(login),
		endLogin: async ({ ticket, error }: { ticket: number; error?: PackedError }) => {
			this.logins.get(ticket)?.(error && unpackError(error));
			this.logins.delete(ticket);
		},
		takePlace: async ({ key, max, weight }: { key: string; max: number; weight?: number }, signal) => {
			const leave = await sftpConnections.acquire(key, max, signal, weight);
			const ticket = ++this.lastTicket;
			this.places.set(ticket, leave);
			return ticket;
		},
		leavePlace: async ({ ticket }: { ticket: number }) => {
			this.places.get(ticket)?.();
			this.places.delete(ticket);
		},
	};

	/** The thread is gone. */
	end(): void {
		for (const leave of this.places.values()) leave();
		this.places.clear();
		for (const end of this.logins.values()) end(unansweredLogin());
		this.logins.clear();
	}

	/** Resolves once the login may be made. */
	private async beginLogin(login: Login): Promise<number> {
		return await new Promise((begin, refuse) => {
			const attempt = async () =>
				await new Promise<void>((resolve, reject) => {
					const ticket = ++this.lastTicket;
					this.logins.set(ticket, (error) => (error ? reject(error) : resolve()));
					begin(ticket);
				});
			loginGuard.run(login, attempt).catch(refuse);
		});
	}

	private portsOf(session: number): NearPorts {
		const ports = this.sessions.get(session);
		if (!ports) throw new Error('the session has ended');
		return ports;
	}
}

function unansweredLogin(): FileXError {
	return new FileXError('unavailable', 'The transfer thread ended during a login', {
		hint: 'Whether the login was taken is not known.',
		retrySafe: true,
		loginUnanswered: true,
	});
}
