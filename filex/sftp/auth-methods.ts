/** Ways to log in that this client knows (RFC 4252, RFC 4256). */
export type AuthMethod = 'publickey' | 'password' | 'keyboard-interactive';

/** What an account has to log in with. */
export interface Secrets {
	hasKey: boolean;
	hasPassword: boolean;
}

/** What the server said to the method that was sent last. */
export interface AuthAnswer {
	/** Methods that it would continue with; null where it did not say. */
	left: readonly string[] | null;
	/** Whether it took the last one and asks for another one beside it. */
	isPartial: boolean;
}

/**
 * The method to send next; undefined where the login ends. Each is sent once, and none to probe: a refusal counts towards
 * a lock. With a key, the password goes only to a server that took the key and asks for both.
 *
 * @param sent so far, in order
 */
export function nextMethod(
	{ hasKey, hasPassword }: Secrets,
	sent: readonly AuthMethod[],
	{ left, isPartial }: AuthAnswer,
): AuthMethod | undefined {
	const last = sent.at(-1);
	if (last === undefined) return hasKey ? 'publickey' : 'password';
	if (!left) return undefined;
	const isPasswordSent = sent.includes('password') || sent.includes('keyboard-interactive');
	if (isPartial) {
		const mine: AuthMethod[] = [
			...(hasKey && !sent.includes('publickey') ? (['publickey'] as const) : []),
			...(hasPassword && !isPasswordSent ? (['password', 'keyboard-interactive'] as const) : []),
		];
		return mine.find((method) => left.includes(method));
	}
	// The server takes the password, but asks for it by a prompt: the method was refused, not the secret.
	const isByPrompt = last === 'password' && !left.includes('password') && left.includes('keyboard-interactive');
	return isByPrompt && !sent.includes('keyboard-interactive') ? 'keyboard-interactive' : undefined;
}

export interface Prompt {
	prompt: string;
	echo?: boolean;
}

/** Whether a server asks for the password, and for nothing else. A prompt for a code, or for a new password, is another. */
export function asksForPassword(prompts: readonly Prompt[]): boolean {
	const [only] = prompts;
	return (
		prompts.length === 1 &&
		/pass ?word|passwort|mot de passe|contrase/i.test(only!.prompt) &&
		!/\b(new|change|again|retype|one[- ]?time|otp|code|token|pin)\b/i.test(only!.prompt)
	);
}
