import { FileXError } from '../../../filex/errors';
import { LoginGuard } from '../../../filex/fip/login-guard';

const login = { host: 'fip', username: 'demo', secret: 'x' };
const refusal = () => new FileXError('credentials', 'refused', { hint: 'Check it.', retrySafe: false });

describe('the login guard', () => {
	it('lets a refused login go out once', async () => {
		const guard = new LoginGuard();
		const attempt = jest.fn().mockRejectedValue(refusal());
		await expect(guard.run(login, attempt)).rejects.toThrow('refused');
		await expect(guard.run(login, attempt)).rejects.toMatchObject({ message: expect.stringContaining('was refused before'), hint: expect.stringContaining('Check it.'), retrySafe: false });
		expect(attempt).toHaveBeenCalledTimes(1);
	});

	it.each([{ host: 'sftp' }, { username: 'other' }, { secret: 'y' }])('lets another login go out: %j', async (change) => {
		const guard = new LoginGuard();
		await guard.run(login, jest.fn().mockRejectedValue(refusal())).catch(() => {});
		expect(await guard.run({ ...login, ...change }, async () => 'in')).toBe('in');
	});

	it('tries again after anything else than a refusal', async () => {
		const guard = new LoginGuard();
		await expect(guard.run(login, async () => Promise.reject(new Error('no network')))).rejects.toThrow('no network');
		expect(await guard.run(login, async () => 'in')).toBe('in');
	});

	it('lets a login that is not answered rest after two in a row, and ends it after three', async () => {
		let now = 0;
		const guard = new LoginGuard({ now: () => now });
		const unanswered = () => new FileXError('unavailable', 'the connection was cut', { hint: 'Check it.', retrySafe: true, loginUnanswered: true });
		const attempt = jest.fn().mockImplementation(async () => Promise.reject(unanswered()));
		const run = async () => await guard.run(login, attempt).then(String, ({ kind, hint }: FileXError) => `${kind}: ${hint}`);
		expect(await run()).toBe('unavailable: Check it.');
		expect(await run()).toBe('unavailable: Check it.');
		expect(await run()).toMatch(/^unavailable: .* tried again in 60 minutes. Check it./);
		now += 3_599_000;
		await run();
		expect(attempt).toHaveBeenCalledTimes(2);
		now += 1000;
		await run();
		now += 1e9;
		expect(await run()).toMatch(/^credentials: .* could lock the account. Check it./);
		expect(attempt).toHaveBeenCalledTimes(3);
	});

	it('forgets logins without an answer once one is taken', async () => {
		const guard = new LoginGuard({ now: () => 0 });
		const unanswered = jest.fn().mockRejectedValue(new FileXError('unavailable', 'cut', { hint: '', retrySafe: true, loginUnanswered: true }));
		for (let turn = 0; turn < 5; turn++) {
			await guard.run(login, unanswered).catch(() => {});
			expect(await guard.run(login, async () => 'in')).toBe('in');
		}
	});

	it('sends logins one at a time, so that a password that expired is refused once', async () => {
		const guard = new LoginGuard();
		let running = 0;
		let most = 0;
		let valid = true;
		let refusals = 0;
		const attempt = async () => {
			most = Math.max(most, ++running);
			await new Promise((resolve) => setImmediate(resolve));
			running--;
			if (valid) return;
			refusals++;
			throw refusal();
		};
		const four = async () => await Promise.allSettled([1, 2, 3, 4].map(async () => await guard.run(login, attempt)));
		await four();
		expect(most).toBe(1);
		valid = false;
		expect((await four()).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
		expect(refusals).toBe(1);
	});

	it('tells nobody the secret', async () => {
		const guard = new LoginGuard();
		await guard.run({ ...login, secret: 'hunter2' }, jest.fn().mockRejectedValue(refusal())).catch(() => {});
		expect(JSON.stringify([...(guard as unknown as { refused: Map<string, unknown> }).refused])).not.toContain('hunter2');
	});
});
