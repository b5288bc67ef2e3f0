import { type Login, LoginGuard } from '../../../filex/account/login-guard';
import { FileXError } from '../../../filex/errors';

const HOUR = 3_600_000;
const login: Login = { realm: 'FINRA', service: 'FIP', host: 'fip', username: 'demo', secret: 'x' };
const sftp: Login = { ...login, service: 'SFTP', host: 'sftp:22' };
const refusal = () => new FileXError('credentials', 'refused', { hint: 'Check it.', retrySafe: false });
const unanswered = () =>
	new FileXError('unavailable', 'the connection was cut', {
		hint: 'Check it.',
		retrySafe: true,
		loginUnanswered: true,
	});
const failing = (error: () => Error) => jest.fn().mockImplementation(async () => await Promise.reject(error()));

describe('the login guard', () => {
	let now = 0;
	let guard: LoginGuard;
	const outcome = async (of: Login, attempt: () => Promise<unknown>) =>
		await guard.run(of, attempt).then(String, ({ kind, message }: FileXError) => `${kind}: ${message}`);

	beforeEach(() => {
		now = 0;
		guard = new LoginGuard({ now: () => now });
	});

	it('lets a refused login go out once', async () => {
		const attempt = failing(refusal);
		await expect(guard.run(login, attempt)).rejects.toThrow('refused');
		await expect(guard.run(login, attempt)).rejects.toMatchObject({
			kind: 'credentials',
			message: expect.stringContaining('was refused before'),
			hint: expect.stringContaining('Check it.'),
			retrySafe: false,
		});
		expect(attempt).toHaveBeenCalledTimes(1);
	});

	it.each([
		[login, sftp],
		[sftp, login],
		[login, { ...login, username: 'DEMO' }],
	])('counts all services and hosts of an account together', async (first, second) => {
		await outcome(first, failing(refusal));
		expect(await outcome(second, async () => 'in')).toMatch(/was refused before/);
	});

	it.each([{ realm: 'sandbox:80' }, { username: 'other' }, { secret: 'y' }])(
		'lets another login go out: %j',
		async (change) => {
			await outcome(login, failing(refusal));
			expect(await outcome({ ...login, ...change }, async () => 'in')).toBe('in');
		},
	);

	it('tries again after anything else than a refusal', async () => {
		await expect(
			guard.run(
				login,
				failing(() => new Error('no network')),
			),
		).rejects.toThrow('no network');
		expect(await outcome(login, async () => 'in')).toBe('in');
	});

	it('does not hold a login method that a server does not take against the secret', async () => {
		const attempt = failing(
			() => new FileXError('input', 'no passwords here', { hint: '', retrySafe: false, isLoginMethodRefused: true }),
		);
		await outcome(sftp, attempt);
		expect(await outcome(sftp, attempt)).toBe('input: no passwords here. It was not tried again');
		expect(attempt).toHaveBeenCalledTimes(1);
		expect(await outcome(login, async () => 'in')).toBe('in');
	});

	it('can confine a refusal to its service where another one takes the same secret', async () => {
		await outcome(sftp, failing(refusal));
		guard.confine(login, 'SFTP');
		expect(await outcome(login, async () => 'in')).toBe('in');
		expect(await outcome(sftp, async () => 'in')).toMatch(/was refused before/);
	});

	it('lets logins without an answer go out twice, by whatever service, and then after growing pauses', async () => {
		const attempt = failing(unanswered);
		const times: number[] = [];
		for (let minute = 0; minute < 60 * 24 * 14; minute++) {
			now = minute * 60_000;
			const before = attempt.mock.calls.length;
			await outcome(minute % 2 ? login : sftp, attempt);
			if (attempt.mock.calls.length > before) times.push(now / HOUR);
		}
		expect(times.slice(0, 2)).toEqual([0, 1 / 60]);
		expect(times.length).toBeLessThan(9);
		const pauses = times.slice(2).map((time, index) => time - times[index + 1]!);
		expect(pauses.slice(0, 4).map(Math.round)).toEqual([1, 6, 24, 72]);
		expect(await outcome(login, attempt)).toMatch(
			/^unavailable: .* was not answered \d times in a row, so it was not tried again/,
		);
	});

	it('waits less where the secret was accepted before', async () => {
		await outcome(login, async () => 'in');
		const attempt = failing(unanswered);
		for (let turn = 0; turn < 5; turn++) await outcome(login, attempt);
		expect(attempt).toHaveBeenCalledTimes(2);
		now += 5 * 60_000;
		expect(await outcome(login, async () => 'in')).toBe('in');
	});

	it('forgets logins without an answer once one is accepted', async () => {
		for (let turn = 0; turn < 5; turn++) {
			await outcome(login, failing(unanswered));
			expect(await outcome(login, async () => 'in')).toBe('in');
		}
	});

	describe('when a person asks for one more try', () => {
		it.each([
			['refused', [refusal]],
			['not answered', [unanswered, unanswered]],
		])('lets a login go out that was %s in a workflow', async (_what, failures) => {
			for (const failure of failures) await outcome(login, failing(failure));
			guard.reprieve(login);
			expect(await outcome(login, async () => 'in')).toBe('in');
			expect(await outcome(sftp, async () => 'in')).toBe('in');
		});

		it('sends a wrong secret three times an hour at most, however often they ask', async () => {
			const attempt = failing(refusal);
			await outcome(login, attempt);
			for (let turn = 0; turn < 100; turn++) {
				guard.reprieve(login);
				await outcome(login, attempt);
				now += turn < 5 ? 0 : 31_000;
			}
			expect(attempt).toHaveBeenCalledTimes(3);
		});

		it('does not send it again right after they have seen it refused', async () => {
			const attempt = failing(refusal);
			for (let turn = 0; turn < 3; turn++) {
				guard.reprieve(login);
				await outcome(login, attempt);
			}
			expect(attempt).toHaveBeenCalledTimes(1);
			now += 30_000;
			guard.reprieve(login);
			expect(await outcome(login, async () => 'in')).toBe('in');
		});
	});

	it('sends logins one at a time, so that a password that expired is refused once', async () => {
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
		const four = async () =>
			await Promise.allSettled([login, sftp, login, sftp].map(async (of) => await guard.run(of, attempt)));
		await four();
		expect(most).toBe(1);
		valid = false;
		expect((await four()).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
		expect(refusals).toBe(1);
	});

	it('keeps no secret', async () => {
		await outcome({ ...login, secret: 'hunter2' }, failing(refusal));
		expect(JSON.stringify([...(guard as unknown as { records: Map<string, unknown> }).records])).not.toContain(
			'hunter2',
		);
	});
});
