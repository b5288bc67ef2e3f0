import type { Socket } from 'node:net';
import type { AnyAuthMethod, AuthenticationType, ConnectConfig, ServerHostKeyAlgorithm } from 'ssh2';
import { fingerprint } from '../account/fingerprints';
import type { Login, Logins } from '../account/login-guard';
import { realmOf } from '../account/realm';
import { sftpAddress } from './address';
import { ALGORITHMS } from './algorithms';
import { asksForPassword, type AuthMethod, nextMethod, type Prompt } from './auth-methods';
import type { HandshakeTrace } from './login-errors';
import type { SshKey } from './private-key';
import type { SftpAccount } from './sftp-account';

/** How to log in. */
export interface LoginWay {
	/** Takes the methods that are sent, in order. */
	sent: AuthMethod[];
	key?: SshKey;
	/** Where it is known which of the server's keys is wanted. */
	hostKeyAlgorithms?: ServerHostKeyAlgorithm[];
}

interface LoginLine {
	sock: Socket;
	guard: Logins;
	/** Ends the login. */
	stop: () => void;
}

/** What the guard keeps of the account's password. */
export function passwordLogin(account: SftpAccount): Login {
	return {
		realm: realmOf(account.endpoints),
		service: 'SFTP',
		host: sftpAddress(account),
		username: account.username,
		secret: account.password,
	};
}

/** What ssh2 connects with. What happens on the way is kept in the trace. */
export function connectConfig(
	account: SftpAccount,
	trace: HandshakeTrace,
	{ key, hostKeyAlgorithms, sock, guard, stop }: LoginWay & LoginLine,
): ConnectConfig {
	const { endpoints, username, password, hostKeys } = account;
	const secrets = { hasKey: key !== undefined, hasPassword: password !== '' };
	const answerPrompts = (prompts: Prompt[], answer: (answers: string[]) => void) => {
		if (!asksForPassword(prompts)) {
			trace.otherPrompt = prompts.map(({ prompt }) => prompt.trim()).join(' ');
			return stop();
		}
		// The same question again is a refusal of the first answer.
		if (trace.isPromptAnswered) {
			trace.isAskedAgain = true;
			return stop();
		}
		trace.isPromptAnswered = true;
		answer([password]);
	};
	const by = (method: AuthMethod): AuthenticationType | AnyAuthMethod =>
		method === 'keyboard-interactive'
			? { type: method, username, prompt: (_name, _told, _language, prompts, answer) => answerPrompts(prompts, answer) }
			: method;
	return {
		...endpoints.sftp,
		sock,
		username,
		...key,
		password,
		authHandler: (left, partial, next) => {
			const end = () => next(false as unknown as AuthenticationType);
			trace.methodsLeft = left as unknown as string[] | null;
			trace.isPartial = partial;
			const method = nextMethod(secrets, trace.sent, { left: trace.methodsLeft, isPartial: partial === true });
			if (!method) return end();
			const go = () => {
				trace.sent.push(method);
				next(by(method) as AuthenticationType);
			};
			if (!key || method === 'publickey') return go();
			// The guard has let the key pass, not yet the password.
			new Promise<void>((resolve) => resolve(guard.check(passwordLogin(account)))).then(go, (error: Error) => {
				trace.error = error;
				end();
			});
		},
		algorithms: { ...ALGORITHMS, ...(hostKeyAlgorithms && { serverHostKey: hostKeyAlgorithms }) },
		readyTimeout: 0,
		hostVerifier: (shown: Buffer) => {
			trace.hostKey = fingerprint(shown);
			trace.wrongHostKey = hostKeys.length > 0 && !hostKeys.includes(trace.hostKey);
			return !trace.wrongHostKey;
		},
	};
}
