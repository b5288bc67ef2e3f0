/**
 * What went wrong, as a word that code may branch on:
 *
 * - `input`: a value the user gave is not usable; `field` names it.
 * - `credentials`: a login was refused.
 * - `entitlement`: the login works, but the account may not see or use this place.
 * - `not-found`: no such application, sub-space or file.
 * - `proxy`: a proxy of the user's own did not let the connection through.
 * - `host-key`: the SFTP server is not the one that was pinned.
 * - `expired-url`: a pre-signed URL, or a token of S3 Direct, was used too late.
 * - `busy`: fileX allows no further connection at the moment.
 * - `occupied`: other steps of this process hold the account's connections.
 * - `unavailable`: no answer, or one that says the service itself is unavailable.
 * - `incomplete`: fewer, more or other bytes than were announced.
 * - `unexpected-answer`: an answer that is not fileX's.
 * - `not-reached`: a submission is not in the state that was waited for.
 * - `duplicate`: the same file has been filed already.
 * - `held`: another upload of the same file is under way, or may be.
 * - `outcome-unknown`: a file may have been submitted or not.
 * - `cancelled`: stopped by the user or by a time limit of ours.
 */
export type FileXErrorKind =
	| 'input'
	| 'credentials'
	| 'entitlement'
	| 'not-found'
	| 'proxy'
	| 'host-key'
	| 'expired-url'
	| 'busy'
	| 'occupied'
	| 'unavailable'
	| 'incomplete'
	| 'unexpected-answer'
	| 'not-reached'
	| 'duplicate'
	| 'held'
	| 'outcome-unknown'
	| 'cancelled';

/**
 * What may help beside the hint, in ways that only the program around this library can name (its settings, its steps):
 *
 * - `allow-more-connections`: let the account have more SFTP connections.
 * - `allow-repeated-filing`: submit without looking for the same file.
 * - `check-source`: look at where the file comes from.
 * - `clear-refused-login`: try a refused login once more after the account was unlocked.
 * - `look-for-copy`, `look-for-submission`: see whether a file was filed after all.
 * - `repeat-is-guarded`: submitting again is safe unless repeated filings are allowed.
 * - `see-health`: ask for the service's health, which shows the SFTP host key, too.
 * - `skip-filed`: pass over files that were filed before.
 * - `submit-without-tracking`: submit although tracking cannot be reached.
 * - `wait-longer`, `settle-longer`: raise the time limit of a wait, or of settling.
 */
export type Remedy =
	| 'allow-more-connections'
	| 'allow-repeated-filing'
	| 'check-source'
	| 'clear-refused-login'
	| 'look-for-copy'
	| 'look-for-submission'
	| 'repeat-is-guarded'
	| 'see-health'
	| 'settle-longer'
	| 'skip-filed'
	| 'submit-without-tracking'
	| 'wait-longer';

export interface FileXErrorDetails {
	/** What the user can do now, as whole sentences. */
	hint: string;
	/** What else can be done, where the program around this library offers it. */
	remedies?: readonly Remedy[];
	/** Whether the same step may simply be run again. Never true where that could lock an account. */
	retrySafe: boolean;
	/** The label of the field at fault, as the user sees it. */
	field?: string;
	/** The HTTP status that fileX, FIP or S3 answered with, or a proxy in their place. */
	httpStatus?: number;
	/** The code of S3's own that its answer had; a proxy's has none. */
	s3Code?: string;
	/** The status code that the SFTP server answered with. */
	sftpStatus?: number;
	/** Whether a login was sent, and no one said whether it was taken. */
	loginUnanswered?: boolean;
	/** Whether the server does not take logins of this method: that says nothing of the secret. */
	isLoginMethodRefused?: boolean;
	/** Whether nothing was sent, because no connection came about. */
	neverConnected?: boolean;
	/** Whether an upload request was answered as a service answers, so that it is registered though it cannot be used. */
	isRegistered?: boolean;
	/** Whether the answer was not its sender's own: it says nothing of what was asked for. */
	isForeign?: boolean;
	/** How long the service asks to be left alone, in ms, where it says so. */
	retryAfterMs?: number;
	/** Whether waiting does not help, though running it again is safe: a certificate, an unknown host name. */
	isLasting?: boolean;
	/** What a later step may need to know of it, e.g. a tracking ID. */
	evidence?: Evidence;
	/** Of a file that it is about (docs/receipts.md). */
	receipt?: object;
}

/** Facts beside an error, by name; no secrets. */
export type Evidence = Record<string, string | number | boolean | null>;

/** The only error that `filex/` throws on purpose. Its texts never hold a secret or a URL's query. */
export class FileXError extends Error implements FileXErrorDetails {
	readonly hint: string;
	readonly remedies?: readonly Remedy[];
	readonly retrySafe: boolean;
	readonly field?: string;
	readonly httpStatus?: number;
	readonly s3Code?: string;
	readonly sftpStatus?: number;
	readonly loginUnanswered?: boolean;
	readonly isLoginMethodRefused?: boolean;
	readonly neverConnected?: boolean;
	readonly isForeign?: boolean;
	readonly retryAfterMs?: number;
	readonly isLasting?: boolean;
	readonly isRegistered?: boolean;
	readonly evidence?: Evidence;
	readonly receipt?: object;

	constructor(
		readonly kind: FileXErrorKind,
		message: string,
		details: FileXErrorDetails,
	) {
		super(redact(message));
		this.name = 'FileXError';
		this.hint = redact(details.hint);
		this.remedies = details.remedies;
		this.retrySafe = details.retrySafe;
		this.field = details.field;
		this.httpStatus = details.httpStatus;
		this.s3Code = details.s3Code;
		this.sftpStatus = details.sftpStatus;
		this.loginUnanswered = details.loginUnanswered;
		this.isLoginMethodRefused = details.isLoginMethodRefused;
		this.neverConnected = details.neverConnected;
		this.isForeign = details.isForeign;
		this.retryAfterMs = details.retryAfterMs;
		this.isLasting = details.isLasting;
		this.isRegistered = details.isRegistered;
		this.receipt = details.receipt;
		this.evidence = details.evidence && bounded(details.evidence);
	}
}

/** Evidence goes into items: a name that another gave may be of any length. */
function bounded(evidence: Evidence): Evidence {
	return Object.fromEntries(
		Object.entries(evidence).map(([name, value]) => [name, typeof value === 'string' ? shortened(value) : value]),
	);
}

/** Whether fileX itself said so: an error of one of these kinds, and of no one else on the way. */
export function isFileXsOwn(error: unknown, kinds: readonly FileXErrorKind[]): error is FileXError {
	return error instanceof FileXError && kinds.includes(error.kind) && !error.isForeign;
}

/** Finds a {@link FileXError} in an error or in the causes that others wrapped around it. */
export function findFileXError(error: unknown): FileXError | undefined {
	for (let current = error, depth = 0; current instanceof Error && depth < 10; depth++) {
		if (current instanceof FileXError) return current;
		current = current.cause;
	}
	return undefined;
}

/** Whether the same question may do better soon: the service is temporarily unavailable, or another answered in its place. */
export function isPassing(error: unknown): error is FileXError {
	return error instanceof FileXError && error.retrySafe && (error.kind === 'unavailable' || error.isForeign === true);
}

/** An error for a value that the user gave. */
export function inputError(field: string, message: string, hint: string): FileXError {
	return new FileXError('input', message, { hint, field, retrySafe: false });
}

/** The longest text that is shown, in characters. */
export const LONGEST_TEXT = 10_000;

/**
 * Takes out of a foreign text what must not be shown: URL queries and fragments, signatures, tokens, passwords in URLs.
 * Each expression reads a character a bounded number of times, so that no text can hold up the process.
 */
export function redact(text: string): string {
	return shortened(text)
		.replace(/https?:\/\/[^\s"'<>]+/gi, (url) => url.replace(/[?#].*/s, (rest) => `${rest[0]}…`))
		.replace(
			/([?&;](?:x-[a-z]{1,20}-[a-z-]{1,40}|signature|sig|access_?token|id_?token|token|api_?key|password)=)[^\s&"'<>]+/gi,
			'$1…',
		)
		.replace(/(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@:]{0,200}:[^\s/@]{1,1000}@/gi, '$1…@')
		.replace(/\b(Bearer|Basic)\s+[A-Za-z0-9+/=._~-]{8,}/gi, '$1 …');
}

/** Cuts a text before a word, so that no half of a secret is left that its pattern does not fit. */
function shortened(text: string): string {
	if (text.length <= LONGEST_TEXT) return text;
	let end = LONGEST_TEXT;
	while (end > 0 && !/\s/.test(text[end]!)) end--;
	return `${text.slice(0, end)}…`;
}

const NETWORK_REASONS: Record<string, string> = {
	ECONNREFUSED: 'nothing listens there, or a firewall refuses the connection',
	ECONNRESET: 'the connection was cut',
	EPIPE: 'the connection was cut',
	ECONNABORTED: 'the connection was cut or took too long',
	ERR_STREAM_PREMATURE_CLOSE: 'the connection was cut',
	ENOTFOUND: 'the host name is not known',
	EAI_AGAIN: 'the host name could not be looked up',
	ETIMEDOUT: 'no answer came in time',
	EHOSTUNREACH: 'there is no route to the host',
	ENETUNREACH: 'there is no route to the network',
	EGRESS_REFUSED: 'the outbound policy does not allow it',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'its TLS certificate is self-signed',
	SELF_SIGNED_CERT_IN_CHAIN: 'its TLS certificate chain holds a self-signed one',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its TLS certificate cannot be verified',
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the issuer of its TLS certificate is not trusted here',
	CERT_HAS_EXPIRED: 'its TLS certificate has expired',
	ERR_TLS_CERT_ALTNAME_INVALID: 'its TLS certificate is for another host',
};

/** Codes that only an attempt to connect ends with. */
const NEVER_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EGRESS_REFUSED'];

/** Codes that a standing connection can end with, too: only the system call tells whether it ever stood. */
const NO_WAY = ['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'];

/** Whether nothing can have been sent, because no connection came about. */
function isUnconnected(error: unknown): boolean {
	const {
		code = '',
		syscall,
		errors,
		cause,
	} = (error ?? {}) as { code?: string; syscall?: string; errors?: unknown[]; cause?: unknown };
	if (NEVER_CONNECTED.includes(code)) return true;
	// Of a host with several addresses, each has an error of its own.
	if (Array.isArray(errors) && errors.length > 0) return errors.every(isUnconnected);
	if (!NO_WAY.includes(code)) return false;
	// HTTP clients wrap the error of the socket, and not all copy its system call.
	return syscall === undefined ? cause !== error && isUnconnected(cause) : syscall === 'connect';
}

const CHECK_FILEX =
	'Check the address, the firewall (section 3 of the fileX guide lists what must be open) and the proxy settings, then run this again: nothing was changed.';

/**
 * A network error, told in words.
 *
 * @param place who was called, e.g. "fileX at filex.finra.org"
 * @param check what to do about it
 */
export function networkError(place: string, error: unknown, check = CHECK_FILEX): FileXError {
	const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
	if (code === 'ERR_CANCELED' || code === 'ABORT_ERR') return cancelled(`The call to ${place}`);
	const reason = NETWORK_REASONS[code];
	const certificate = /CERT|SIGNATURE/.test(code);
	return new FileXError('unavailable', `No usable connection to ${place}: ${reason ?? 'it failed'}`, {
		hint:
			(certificate
				? "If your firm's proxy inspects TLS, name its CA file in NODE_EXTRA_CA_CERTS and restart."
				: check) + ` Technical detail: ${[code, reason ? '' : message].filter(Boolean).join(' ') || 'none given'}.`,
		retrySafe: true,
		neverConnected: certificate || isUnconnected(error),
		isLasting: certificate || ['ENOTFOUND', 'EGRESS_REFUSED'].includes(code),
	});
}

/** `what` was stopped by the user, by a deadline, or because n8n is closing. */
export function cancelled(what: string): FileXError {
	return new FileXError('cancelled', `${what} was stopped before it was finished`, {
		hint: 'Nothing was changed. Run it again when you are ready.',
		retrySafe: true,
	});
}
