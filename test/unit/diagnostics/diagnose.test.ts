import { createServer, type AddressInfo, type Server } from 'node:net';
import { axiosHttp, type Check, diagnose, networkError, readAccount, UNRESTRICTED_EGRESS } from '../../../filex';
import { LoginGuard } from '../../../filex/account/login-guard';
import { ok } from '../../../filex/diagnostics/check';
import type { DiagnosticPorts } from '../../../filex/diagnostics/context';
import { runCheck } from '../../../filex/diagnostics/run-check';
import { scrubber } from '../../../filex/diagnostics/scrub';
import { ConnectionSemaphore } from '../../../filex/sftp/connection-semaphore';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox';
import { credentialFields } from '../../support/accounts';

const PROGRAM = { name: 'n8n', facts: ['n8n 2.0.0'] };
const ports = (more: Partial<DiagnosticPorts> = {}): DiagnosticPorts => ({
	http: axiosHttp,
	egress: UNRESTRICTED_EGRESS,
	program: PROGRAM,
	env: {},
	guard: new LoginGuard(),
	semaphore: new ConnectionSemaphore(),
	...more,
});
const named = (checks: Check[], name: string) => checks.find(({ check }) => check === name)!;

/** @param accept what a connection meets */
async function listen(
	accept: Parameters<typeof createServer>[1],
): Promise<{ server: Server; port: number; close: () => Promise<void> }> {
	const sockets = new Set<{ destroy(): void }>();
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => {});
		accept?.(socket);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const close = async () => {
		for (const socket of sockets) socket.destroy();
		await new Promise((resolve) => server.close(resolve));
	};
	return { server, port: (server.address() as AddressInfo).port, close };
}

describe('diagnostics', () => {
	let sandbox: Sandbox;
	beforeAll(async () => (sandbox = await startSandbox({ seeded: true })));
	afterAll(async () => await sandbox.close());

	it('name the dead one of two addresses, by what the surroundings look up', async () => {
		const { port } = new URL(sandbox.info.rest);
		const account = readAccount(credentialFields(sandbox.info, { restUrl: `http://two.example:${port}` }));
		const lookup: typeof UNRESTRICTED_EGRESS.lookup = (_host, options, done) =>
			options.all
				? done(null, [
						{ address: '127.0.0.1', family: 4 },
						{ address: '127.0.0.2', family: 4 },
					])
				: done(null, '127.0.0.1', 4);
		const finding = named(
			await diagnose(account, '0001', ports({ egress: { ...UNRESTRICTED_EGRESS, lookup } })),
			'addresses.rest',
		);
		expect(finding).toMatchObject({
			verdict: 'warning',
			met: expect.stringMatching(
				/^two\.example:\d+: 127\.0\.0\.1 connected in \d+ ms, 127\.0\.0\.2 did not connect: .*\(ECONNREFUSED\)$/,
			),
			advice: expect.stringMatching(/^127\.0\.0\.2 cannot be reached/),
		});
	});

	it('connect nowhere where the surroundings forbid it', async () => {
		const account = readAccount(credentialFields(sandbox.info));
		let looked = 0;
		const egress = {
			check: async () => {
				throw networkError('there', { code: 'EGRESS_REFUSED' });
			},
			lookup: ((...args: Parameters<typeof UNRESTRICTED_EGRESS.lookup>) => {
				looked++;
				UNRESTRICTED_EGRESS.lookup(...args);
			}) as typeof UNRESTRICTED_EGRESS.lookup,
		};
		const checks = await diagnose(account, '0001', ports({ egress }));
		for (const name of ['addresses.rest', 'addresses.sftp', 'sftp.server', 'sftp.login'])
			expect(named(checks, name)).toMatchObject({
				verdict: 'failed',
				met: expect.stringContaining('the outbound policy does not allow it'),
			});
		expect(looked).toBe(0);
	});

	it('end in time where a server hangs, and say so', async () => {
		const hanging = await listen(() => {});
		const url = `http://127.0.0.1:${hanging.port}`;
		const account = readAccount(
			credentialFields(sandbox.info, { restUrl: url, fipUrl: url, s3Url: url, sftpPort: hanging.port }),
		);
		const checks = await diagnose(account, '0001', ports({ limit: 200 }));
		for (const name of ['answers.health', 'answers.rest', 'fip.token', 'answers.s3', 'sftp.server'])
			expect(named(checks, name)).toMatchObject({
				verdict: 'failed',
				met: expect.stringMatching(/took longer than \d s and was stopped/),
			});
		expect(named(checks, 'addresses.rest').verdict).toBe('ok');
		expect(named(checks, 'places.subSpaces').verdict).toBe('skipped');
		await hanging.close();
	});

	it('log in once at a FIP that takes the login and never answers, and the guard knows of it', async () => {
		let requests = 0;
		const hanging = await listen((socket) => socket.on('data', () => requests++));
		const account = readAccount(
			credentialFields(sandbox.info, { fipUrl: `http://127.0.0.1:${hanging.port}`, sftpPort: 1 }),
		);
		const guard = new LoginGuard();
		for (let run = 0; run < 3; run++) await diagnose(account, '0001', ports({ limit: 150, guard }));
		// After two logins without an answer comes a pause.
		expect(requests).toBe(2);
		await hanging.close();
	});

	it('say what the proxy is that the environment names', async () => {
		const proxy = await listen(() => {});
		const account = readAccount(credentialFields(sandbox.info, { restUrl: 'http://filex.example' }));
		process.env.http_proxy = `http://way:t0psecret@127.0.0.1:${proxy.port}`;
		process.env.no_proxy = '127.0.0.1';
		try {
			const checks = await diagnose(account, '0001', ports({ limit: 200 }));
			expect(named(checks, 'addresses.rest')).toMatchObject({
				verdict: 'ok',
				met: expect.stringMatching(
					/^filex\.example:80 through the proxy 127\.0\.0\.1:\d+ \(a direct connection is not used/,
				),
			});
			expect(JSON.stringify(checks)).not.toContain('t0psecret');
		} finally {
			delete process.env.http_proxy;
			delete process.env.no_proxy;
			await proxy.close();
		}
	});

	it('end at once when the user stops them', async () => {
		const stop = new AbortController();
		const account = readAccount(credentialFields(sandbox.info));
		const http = { ...axiosHttp, text: async () => await new Promise<never>(() => stop.abort()) };
		const checks = await diagnose(account, '0001', ports({ http, signal: stop.signal }));
		expect(named(checks, 'fip.token')).toMatchObject({ verdict: 'skipped', met: 'The run was stopped.' });
		expect(sandbox.log.count('sftp', 'login', 'refused')).toBe(0);
	});

	it('leave no SFTP connection behind', async () => {
		const semaphore = new ConnectionSemaphore();
		const account = readAccount(credentialFields(sandbox.info));
		for (let run = 0; run < 2; run++)
			expect(named(await diagnose(account, '0001', ports({ semaphore })), 'guard.sftp').verdict).toBe('ok');
	});

	it('do not take a connection that other steps hold for a failure', async () => {
		const semaphore = new ConnectionSemaphore();
		const account = readAccount(credentialFields(sandbox.info));
		const release = await semaphore.acquire(`${account.username}@127.0.0.1:${account.endpoints.sftp.port}`, 1);
		expect(named(await diagnose(account, '0001', ports({ semaphore, limit: 500 })), 'sftp.login')).toMatchObject({
			verdict: 'skipped',
			met: expect.stringContaining('became free in time'),
		});
		release();
	});
});

describe('a check', () => {
	const step = (run: (signal: AbortSignal) => Promise<ReturnType<typeof ok>>) => ({
		check: 'a.b',
		title: 'A check',
		run,
	});

	it('that throws is a finding', async () => {
		expect(
			await runCheck(
				step(async () => ok('x')),
				{ limit: 1000 },
			),
		).toMatchObject({ check: 'a.b', title: 'A check', verdict: 'ok', milliseconds: expect.any(Number) });
		expect(
			await runCheck(
				step(() => Promise.reject(new TypeError('https://u:secret@h/?token=abc'))),
				{ limit: 1000 },
			),
		).toMatchObject({
			verdict: 'failed',
			met: expect.not.stringMatching(/secret|abc/),
			advice: expect.stringContaining('unexpected'),
		});
		expect(
			await runCheck(
				step(() => Promise.reject('x')),
				{ limit: 1000 },
			),
		).toMatchObject({ verdict: 'failed', met: 'x' });
	});

	it('that never ends is ended', async () => {
		expect(
			await runCheck(
				step(async () => await new Promise(() => {})),
				{ limit: 20 },
			),
		).toMatchObject({ verdict: 'failed', met: "The check 'A check' took longer than 0 s and was stopped" });
	});
});

describe('what is shown', () => {
	const account = readAccount({
		environment: 'production',
		username: 'Firm11',
		password: 'p.ss+word',
		orgId: '0042',
		sftpProxyUrl: 'http://proxy.example:3128',
		sftpProxyUsername: 'way',
		sftpProxyPassword: 'pr0xy',
	});
	const scrub = scrubber(account, '888');

	it.each([
		["Authorization of 'Firm11' was refused", "Authorization of '‹user name›' was refused"],
		['firm11 and FIRM11x', '‹user name› and FIRM11x'],
		["not entitled to '0042/crd/reports'", "not entitled to '‹organization›/crd/reports'"],
		['888/crd of 10042 and 888888', '‹organization›/crd of 10042 and 888888'],
		['sent p.ss+word by pr0xy, not psssword', 'sent … by …, not psssword'],
		[`Basic ${Buffer.from('Firm11:p.ss+word').toString('base64')}`, 'Basic …'],
		['https://s3.example/a?X-Amz-Signature=abc', 'https://s3.example/a?…'],
	])('of %s is %s', (text, shown) => expect(scrub(text)).toBe(shown));

	it('of a short organization is hidden where it stands as one', () => {
		const short = scrubber(readAccount({ environment: 'production', username: 'u', password: '', orgId: '7' }), '7');
		expect(short("'7' and '7/crd' and 7/crd in 7 ms")).toBe(
			"'‹organization›' and '‹organization›/crd' and ‹organization›/crd in 7 ms",
		);
	});

	it('has an end', () => expect(scrub('x '.repeat(10_000)).length).toBeLessThanOrEqual(4001));
});
