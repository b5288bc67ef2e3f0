import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { loginGuard } from '../../../filex/account/login-guard';
import { Calls } from '../../../filex/bulk/calls';
import { farEgress, farGuard, farSemaphore } from '../../../filex/bulk/far-ports';
import { NearSide } from '../../../filex/bulk/near-ports';
import { packError, unpackError } from '../../../filex/bulk/wire';
import { FileXError } from '../../../filex';
import { sftpConnections } from '../../../filex/sftp/connection-semaphore';

let account = 0;

/** Both sides of the line to the transfer thread, in one thread. */
function line() {
	const { port1, port2 } = new MessageChannel();
	const near = new NearSide();
	const nearCalls = new Calls(port1, near.handlers);
	return {
		near,
		far: new Calls(port2, {}),
		die() {
			nearCalls.end(new Error('gone'));
			near.end();
		},
		async close() {
			const closed = once(port2, 'close');
			port1.close();
			await closed;
		},
	};
}

const newLogin = () => ({
	realm: 'far',
	service: 'SFTP' as const,
	host: 'h',
	username: `user${++account}`,
	secret: 'x',
});
const refused = () => new FileXError('credentials', 'refused', { hint: '', retrySafe: false });

describe('the transfer thread', () => {
	let both: ReturnType<typeof line>;
	beforeEach(() => (both = line()));
	afterEach(async () => await both.close());

	it('makes no login that was refused before, here or there', async () => {
		const login = newLogin();
		let attempts = 0;
		const attempt = async () => {
			attempts++;
			throw refused();
		};
		await expect(farGuard(both.far).run(login, attempt)).rejects.toMatchObject({
			kind: 'credentials',
			message: 'refused',
		});
		await expect(farGuard(both.far).run(login, attempt)).rejects.toThrow('was refused before');
		await expect(loginGuard.run(login, attempt)).rejects.toThrow('was refused before');
		expect(attempts).toBe(1);
		const other = newLogin();
		await expect(loginGuard.run(other, attempt)).rejects.toThrow('refused');
		await expect(farGuard(both.far).run(other, attempt)).rejects.toThrow('was refused before');
		await expect(farGuard(both.far).check(other)).rejects.toThrow('was refused before');
		expect(attempts).toBe(2);
	});

	it('makes one login at a time, and those of this thread wait for it', async () => {
		const login = newLogin();
		const running: string[] = [];
		let most = 0;
		const attempt = (name: string) => async () => {
			running.push(name);
			most = Math.max(most, running.length);
			await new Promise(setImmediate);
			running.pop();
			return name;
		};
		const done = await Promise.all([
			farGuard(both.far).run(login, attempt('far')),
			loginGuard.run(login, attempt('near')),
			farGuard(both.far).run(login, attempt('far again')),
		]);
		expect([done, most]).toEqual([['far', 'near', 'far again'], 1]);
	});

	it('that ends during a login leaves it unanswered', async () => {
		const login = newLogin();
		for (let turn = 0; turn < 2; turn++) {
			const { far, die, close } = line();
			const begun = new Promise<void>((resolve) => {
				farGuard(far)
					.run(login, async () => {
						resolve();
						await new Promise(() => {});
					})
					.catch(() => {});
			});
			await begun;
			die();
			await close();
		}
		await expect(loginGuard.run(login, async () => {})).rejects.toThrow('was not answered 2 times in a row');
	});

	it('shares the places of the process, and gives them back when it ends', async () => {
		const key = `places${++account}`;
		const leave = await farSemaphore(both.far).acquire(key, 1);
		const stop = new AbortController();
		const here = sftpConnections.acquire(key, 1, stop.signal);
		leave();
		(await here)();
		await farSemaphore(both.far).acquire(key, 1);
		const waiting = farSemaphore(both.far).acquire(key, 1, stop.signal);
		stop.abort();
		await expect(waiting).rejects.toMatchObject({ kind: 'cancelled' });
		const next = sftpConnections.acquire(key, 1);
		both.die();
		(await next)();
	});

	it('asks for the outbound policy of its own session', async () => {
		const egress = (name: string) => ({
			http: undefined as never,
			egress: {
				check: async () => await Promise.reject(new Error(`not by ${name}`)),
				lookup: (
					_host: string,
					_options: object,
					done: (error: Error | null, address: string, family: number) => void,
				) =>
					name === 'a'
						? done(null, '127.0.0.9', 4)
						: done(Object.assign(new Error('refused'), { code: 'EGRESS_REFUSED' }), '', 4),
			},
		});
		both.near.sessions.set(1, egress('a') as never);
		both.near.sessions.set(2, egress('b') as never);
		await expect(farEgress(both.far, 1).check('https://x')).rejects.toThrow('not by a');
		const lookup = async (session: number) =>
			await new Promise((resolve) =>
				farEgress(both.far, session).lookup('x', {}, (error, address) => resolve(error ? error.code : address)),
			);
		expect([await lookup(1), await lookup(2)]).toEqual(['127.0.0.9', 'EGRESS_REFUSED']);
	});

	it('hands errors on with all that they say', () => {
		const error = new FileXError('unavailable', 'gone', {
			hint: 'wait',
			retrySafe: true,
			field: 'Folder',
			httpStatus: 503,
			retryAfterMs: 5,
			remedies: ['see-health'],
			evidence: { a: 1 },
			loginUnanswered: true,
		});
		expect(unpackError(structuredClone(packError(error)))).toEqual(error);
		expect({ ...unpackError(structuredClone(packError(error))) }).toEqual({ ...error });
		const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
		expect(unpackError(structuredClone(packError(full)))).toMatchObject({ message: 'no space', code: 'ENOSPC' });
	});
});
