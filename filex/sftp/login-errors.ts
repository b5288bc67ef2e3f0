import { FileXError, networkError, redact } from '../errors';
import { shorten } from '../util/shorten';
import { sftpAddress } from './address';
import type { AuthMethod } from './auth-methods';
import { hostKeyMismatch } from './host-key';
import { wrongPassphrase } from './private-key';
import type { SftpAccount } from './sftp-account';

/** SSH_DISCONNECT_TOO_MANY_CONNECTIONS, RFC 4253 section 11.1. */
const TOO_MANY_CONNECTIONS = 12;
/**
 * Reasons with which a server hangs up on a refused login instead of saying so: none of its methods
 * are left (14), or, by OpenSSH, a protocol error (2) for too many authentication failures.
 */
const REFUSALS: unknown[] = [2, 14];

/** What came up while connecting, for a better error than ssh2's text. */
export interface HandshakeTrace {
	error?: Error & { level?: string; code?: number | string };
	hostKey?: string;
	wrongHostKey?: boolean;
	/** Which methods were sent, in order. */
	sent: AuthMethod[];
	/** Whether the password was given to a prompt that asks for it, and whether the server then asked for it again. */
	isPromptAnswered?: boolean;
	isAskedAgain?: boolean;
	/** What the server asks for that is not the password. */
	otherPrompt?: string;
	/** Whether the server took it. */
	loginTaken?: boolean;
	passwordExpired?: boolean;
	/** Methods that the server would continue with after the login was not enough. */
	methodsLeft?: string[] | null;
	/** Whether it took the login and asks for another one beside it. */
	isPartial?: boolean | null;
	closed?: boolean;
}

/** Why no connection came about. */
export function connectError(account: SftpAccount, trace: HandshakeTrace, thrown: unknown): FileXError {
	const error = reasonOf(account, trace, thrown);
	// Also of one that was stopped: an execution's time limit stops each run of a workflow alike.
	const isUnanswered =
		trace.sent.length > 0 && !trace.loginTaken && (error.kind === 'unavailable' || error.kind === 'cancelled');
	if (!isUnanswered) return error;
	if (error.kind === 'cancelled') return new FileXError(error.kind, error.message, { ...error, loginUnanswered: true });
	const hint = `The login had been sent, and some servers end the connection like this when they refuse one. Check 'User Name' and '${secretField(account, trace)}' first. ${error.hint}`;
	return new FileXError(error.kind, error.message, { ...error, hint, loginUnanswered: true });
}

function reasonOf(account: SftpAccount, trace: HandshakeTrace, thrown: unknown): FileXError {
	if (thrown instanceof FileXError) return thrown;
	if (trace.error instanceof FileXError) return trace.error;
	const address = sftpAddress(account);
	const { message } = thrown as Error;
	const error = trace.error ?? (thrown as HandshakeTrace['error'])!;
	if (trace.wrongHostKey) return hostKeyMismatch(address, account.hostKeys, trace.hostKey!);
	if (trace.passwordExpired)
		return loginRefused(account, trace, 'The password has expired: change it at FINRA first. ');
	if (trace.isAskedAgain) return loginRefused(account, trace);
	if (trace.otherPrompt !== undefined) return secondFactor(account, trace);
	const wanted = methodError(account, trace);
	if (wanted) return wanted;
	if (error.level === 'client-authentication' || (trace.sent.length > 0 && REFUSALS.includes(error.code))) {
		return loginRefused(account, trace);
	}
	if (error.code === TOO_MANY_CONNECTIONS) return tooManyConnections(address);
	// What is left encrypted is OpenSSH's own format, which only ssh2 opens.
	if (/privateKey|passphrase/i.test(message)) return wrongPassphrase();
	if (error.level === 'handshake') {
		return new FileXError(
			'unavailable',
			`The SFTP server ${address} and this client could not agree on SSH algorithms: ${error.message}`,
			{
				hint: 'The server offers no algorithm of the fileX guide (section 3.1), and no modern one. Check the host and port.',
				retrySafe: true,
			},
		);
	}
	return networkError(`the SFTP server ${address}`, error);
}

/** The field of what was judged last. */
function secretField({ privateKey }: Pick<SftpAccount, 'privateKey'>, { sent }: Pick<HandshakeTrace, 'sent'>): string {
	return privateKey && sent.length < 2 ? 'SFTP Private Key' : 'Password';
}

/** What a server says that takes no logins of the method that was used, or asks for a second one. */
function methodError(account: SftpAccount, trace: HandshakeTrace): FileXError | undefined {
	const { methodsLeft, isPartial, sent } = trace;
	const last = sent.at(-1);
	if (!methodsLeft || methodsLeft.length === 0 || last === undefined) return undefined;
	const isJudged = methodsLeft.includes(last) && (last !== 'keyboard-interactive' || trace.isPromptAnswered === true);
	if (!isPartial && isJudged) return undefined;
	// A prompt is another way to send the password.
	const used = last === 'keyboard-interactive' ? 'password' : last;
	const address = sftpAddress(account);
	const others = methodsLeft.map((method) => shorten(method, 40)).join(', ');
	const advice = methodsLeft.includes('publickey')
		? "It takes an SSH key: enter it as 'SFTP Private Key' in the credential."
		: 'Ask FINRA (800-321-6273) how this account is to log in.';
	return new FileXError(
		'input',
		isPartial
			? `The SFTP server ${address} accepted the login by ${used} and asks for a second one: ${others}`
			: `The SFTP server ${address} accepts no login by ${used}, only by: ${others}`,
		{
			field: secretField(account, trace),
			hint: `The ${used === 'publickey' ? 'key' : 'password'} was not refused. ${advice} It is not tried again with this one.`,
			retrySafe: false,
			isLoginMethodRefused: true,
		},
	);
}

/** A prompt that no program can answer. */
function secondFactor(account: SftpAccount, { otherPrompt = '', isPromptAnswered }: HandshakeTrace): FileXError {
	return new FileXError(
		'input',
		`The SFTP server ${sftpAddress(account)} asks for ${isPromptAnswered ? 'a second factor beside the password' : 'something else than the password'}: "${shorten(redact(otherPrompt), 100)}"`,
		{
			field: 'Password',
			hint: 'The password was not refused. Ask FINRA (800-321-6273) how this account is to log in without a person. It is not tried again with this one.',
			retrySafe: false,
			isLoginMethodRefused: true,
		},
	);
}

function loginRefused({ username, privateKey, ...account }: SftpAccount, trace: HandshakeTrace, why = ''): FileXError {
	const secret = secretField({ privateKey }, trace);
	const isKey = secret !== 'Password';
	return new FileXError(
		'credentials',
		`Authorization of '${username}' was refused by the SFTP server ${sftpAddress(account)}`,
		{
			field: secret,
			hint: `${why}Check 'User Name', '${secret}' and 'Environment' in the credential: the ${isKey ? 'key may not be registered with FINRA' : 'password may be wrong or expired'}, or the account locked. This secret is not tried again. FINRA unlocks accounts at 800-321-6273.`,
			retrySafe: false,
		},
	);
}

/** fileX refused one connection more (guide, FAQ 23). */
function tooManyConnections(address: string): FileXError {
	return new FileXError('busy', `The SFTP server ${address} already has too many open connections of this account`, {
		hint: 'Close other SFTP clients of the account, or poll less often, then run this again; that is safe.',
		retrySafe: true,
	});
}
