import type { LookupAddress } from 'node:dns';
import type { Login, Logins } from '../account/login-guard';
import type { Egress } from '../http/egress';
import type { KeyedSemaphore } from '../util/semaphore';
import type { Calls } from './calls';
import { packError } from './wire';

/** The outbound policy of the program, which alone looks names up where it has one. */
export function farEgress(calls: Calls, session: number): Egress {
	return {
		check: async (url) => await calls.call('check', { session, url }),
		connected: (peer) => void calls.call('connected', { session, peer }).catch(() => {}),
		lookup: (hostname, options, done) => {
			calls.call<{ address: string | LookupAddress[]; family?: number }>('lookup', { session, hostname, options }).then(
				({ address, family }) => done(null, address as string, family),
				(error: NodeJS.ErrnoException) => done(error, ''),
			);
		},
	};
}

/** The one guard of the process. A login is made here, and what became of it is remembered there. */
export function farGuard(calls: Calls): Logins {
	return {
		check: async (login) => await calls.call('checkLogin', login),
		async run<T>(login: Login, attempt: () => Promise<T>): Promise<T> {
			const ticket = await calls.call<number>('beginLogin', login);
			const result = attempt();
			const error = await result.then(
				() => undefined,
				(failure: unknown) => packError(failure),
			);
			await calls.call('endLogin', { ticket, error });
			return await result;
		},
	};
}

/** The places that all connections of the process share. */
export function farSemaphore(calls: Calls): Pick<KeyedSemaphore, 'acquire'> {
	return {
		async acquire(key, max, signal, weight) {
			const ticket = await calls.call<number>('takePlace', { key, max, weight }, signal);
			// It fails only where the process, with all of its places, is gone.
			return () => void calls.call('leavePlace', { ticket }).catch(() => {});
		},
	};
}
