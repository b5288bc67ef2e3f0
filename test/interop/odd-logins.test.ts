import { generateKeyPairSync } from 'node:crypto';
import type { AuthContext, KeyboardAuthContext, PasswordAuthContext } from 'ssh2';
import { readAccount, SftpSpace } from '../../filex';
import { fingerprint } from '../../filex/account/fingerprints';
import type { AccountFields } from '../../filex/account/account';
import { LoginGuard } from '../../filex/account/login-guard';
import { ConnectionSemaphore } from '../../filex/sftp/connection-semaphore';
import { newKeyPair } from '../../sandbox/sftp/keys';
import { type OddServer, startOddServer } from '../support/odd-sftp-server';

const PASSWORD = 's3cret';
const KEY = newKeyPair('ed25519').private;

/** Refuses a login, and says what it would go on with. */
const goOn = (login: AuthContext, left: string[], isPartial = false) => login.reject(left as never, isPartial);

/** Asks by prompts, and judges the first answer. */
function ask(
	login: AuthContext,
	prompts: string[],
	then: (answers: string[], login: KeyboardAuthContext) => void,
): void {
	const keyboard = login as KeyboardAuthContext;
	keyboard.prompt(
		prompts.map((prompt) => ({ prompt, echo: false })),
		(answers) => then(answers, keyboard),
	);
}

const isRight = (login: AuthContext) => (login as PasswordAuthContext).password === PASSWORD;

describe('an SFTP server that wants a login', () => {
	let server: OddServer;
	let guard: LoginGuard;

	beforeEach(() => (guard = new LoginGuard()));
	afterEach(async () => await server.close());

	async function logIn(fields: AccountFields = {}): Promise<string> {
		const account = readAccount({
			environment: 'custom',
			restUrl: 'http://127.0.0.1:1',
			fipUrl: 'http://127.0.0.1:1',
			sftpHost: '127.0.0.1',
			sftpPort: server.port,
			username: 'demo',
			password: PASSWORD,
			orgId: '0001',
			...fields,
		});
		const space = new SftpSpace(account, { guard, semaphore: new ConnectionSemaphore() });
		return await space.connect().finally(async () => await space.close());
	}

	it('by a prompt for the password gets it once', async () => {
		let judged = 0;
		server = await startOddServer(Buffer.alloc(0), {
			judge: (login) => {
				if (login.method !== 'keyboard-interactive') return goOn(login, ['keyboard-interactive']);
				ask(login, ['Password: '], ([answer], context) => {
					judged++;
					return answer === PASSWORD ? context.accept() : context.reject();
				});
			},
		});
		await logIn();
		expect({ judged, methods: server.methods() }).toEqual({ judged: 1, methods: ['password', 'keyboard-interactive'] });
		await expect(logIn({ password: 'wrong' })).rejects.toMatchObject({ kind: 'credentials', field: 'Password' });
		await expect(logIn({ password: 'wrong' })).rejects.toMatchObject({ kind: 'credentials' });
		expect(judged).toBe(2);
	});

	it('by a prompt that it repeats has refused the password', async () => {
		server = await startOddServer(Buffer.alloc(0), {
			judge: (login) => {
				if (login.method !== 'keyboard-interactive') return goOn(login, ['keyboard-interactive']);
				ask(login, ['Password:'], () => ask(login, ['Password:'], (_, context) => context.reject()));
			},
		});
		await expect(logIn()).rejects.toMatchObject({ kind: 'credentials', field: 'Password' });
		await expect(logIn()).rejects.toMatchObject({ message: expect.stringContaining('was refused before') });
	});

	it.each([
		['a code', ['Verification code: '], /asks for something else than the password: "Verification code:"/],
		['a new password', ['New password: '], /something else than the password/],
		['two things at once', ['Password: ', 'PIN: '], /something else than the password: "Password: PIN:"/],
	])('by a prompt for %s gets nothing, and has refused nothing', async (_name, prompts, message) => {
		server = await startOddServer(Buffer.alloc(0), {
			judge: (login) => {
				if (login.method !== 'keyboard-interactive') return goOn(login, ['keyboard-interactive']);
				ask(login, prompts, (_answers, context) => context.accept());
			},
		});
		await expect(logIn()).rejects.toMatchObject({
			kind: 'input',
			isLoginMethodRefused: true,
			message: expect.stringMatching(message),
		});
	});

	it('by the password and then a code is told as a second factor', async () => {
		server = await startOddServer(Buffer.alloc(0), {
			judge: (login) => {
				if (login.method !== 'keyboard-interactive') return goOn(login, ['keyboard-interactive']);
				ask(login, ['Password:'], () => ask(login, ['One-time code:'], (_, context) => context.accept()));
			},
		});
		await expect(logIn()).rejects.toMatchObject({
			kind: 'input',
			message: expect.stringContaining('asks for a second factor beside the password: "One-time code:"'),
		});
	});

	it('by key and password gets both, once each', async () => {
		server = await startOddServer(Buffer.alloc(0), {
			judge: (login) => {
				if (login.method === 'publickey') {
					if (!login.signature) return login.accept();
					return goOn(login, ['password'], true);
				}
				return isRight(login) ? login.accept() : goOn(login, ['password']);
			},
		});
		await logIn({ privateKey: KEY });
		expect(server.methods().filter((method) => method === 'password')).toHaveLength(1);
		// A wrong password is refused as that, and known of from then on, with the key or without.
		for (let turn = 0; turn < 3; turn++)
			await expect(logIn({ privateKey: KEY, password: 'wrong' })).rejects.toMatchObject({
				kind: 'credentials',
				field: 'Password',
			});
		await expect(logIn({ password: 'wrong' })).rejects.toMatchObject({
			message: expect.stringContaining('was refused before'),
		});
		expect(server.methods().filter((method) => method === 'password')).toHaveLength(2);
	});

	it('by password alone never gets the password of an account that has a key', async () => {
		server = await startOddServer(Buffer.alloc(0), { judge: (login) => goOn(login, ['password']) });
		await expect(logIn({ privateKey: KEY })).rejects.toMatchObject({
			kind: 'input',
			message: expect.stringContaining('accepts no login by publickey, only by: password'),
		});
		expect(server.methods()).not.toContain('password');
	});

	it('by a prompt beside the password, which it refused, gets it once', async () => {
		server = await startOddServer(Buffer.alloc(0), {
			judge: (login) => goOn(login, ['password', 'keyboard-interactive']),
		});
		await expect(logIn()).rejects.toMatchObject({ kind: 'credentials' });
		expect(server.methods()).toEqual(['password']);
	});

	describe('and has several host keys', () => {
		const ed25519 = newKeyPair('ed25519');
		const rsa = newKeyPair('rsa');
		const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
		const hostKeys = [ed25519.private, rsa.private, ec.export({ type: 'sec1', format: 'pem' }).toString()];
		const pinOf = (line: string) => fingerprint(Buffer.from(line.split(' ')[1]!, 'base64'));

		beforeEach(async () => {
			server = await startOddServer(Buffer.alloc(0), { hostKeys });
		});

		it.each([
			['Ed25519', pinOf(ed25519.public)],
			['RSA', pinOf(rsa.public)],
		])('shows the pinned one, of type %s', async (_name, pin) => {
			expect(await logIn({ hostKeys: pin })).toBe(pin);
			expect(await logIn({ hostKeys: pin })).toBe(pin);
			expect(server.logins()).toBe(2);
		});

		it('is told with all of them where none is pinned, and gets no secret', async () => {
			const pin = `SHA256:${'A'.repeat(43)}`;
			await expect(logIn({ hostKeys: pin })).rejects.toMatchObject({
				kind: 'host-key',
				message: expect.stringContaining('is not the pinned one'),
				hint: expect.stringMatching(
					new RegExp(
						`ssh-ed25519 ${escaped(pinOf(ed25519.public))}.*ssh-rsa ${escaped(pinOf(rsa.public))}.*nistp384 SHA256:`,
					),
				),
			});
			expect(server.logins()).toBe(0);
		});
	});
});

function escaped(text: string): string {
	return text.replace(/[+/]/g, '\\$&');
}
