import { FileXError, type FileXErrorKind, networkError } from '../errors';
import { CHECK_SPELLING } from '../hints';
import { retryAfterOf } from '../http/retry-after';

/** The body of an answer that broke off. */
export class BrokenBody extends Error {
	constructor(readonly code?: string) {
		super('the body of an answer broke off');
	}
}

/** What the SDK throws: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
interface SdkError {
	name?: string;
	code?: string;
	syscall?: string;
	message?: string;
	/** Of an answer in S3's own form. */
	Code?: string;
	$metadata?: { httpStatusCode?: number };
	$response?: { headers?: Record<string, string> };
}

const EXPIRED = ['ExpiredToken', 'InvalidAccessKeyId', 'InvalidToken', 'TokenRefreshRequired'];

/** What refusals say and advise, whose S3 it may be. */
export interface S3Words {
	/** The keys were not taken. */
	expired: { kind: FileXErrorKind; message: (what: string) => string; hint: string; retrySafe: boolean };
	denied: { message: (what: string) => string; hint: string };
	missing: { message: (what: string) => string; hint: string };
	/** What to check where a request was not understood. */
	settings: string;
	/** What to do where no connection came about; for fileX what {@link networkError} says. */
	network?: string;
	/** What an upload that came to nothing has done. */
	nothingDone: string;
}

/** fileX's own S3. */
export const FILEX_WORDS: S3Words = {
	expired: {
		kind: 'expired-url',
		retrySafe: true,
		message: (what) => `The S3 token for '${what}' is no longer valid`,
		hint: "fileX's S3 tokens live one hour and are renewed before that. Check this machine's clock. Running it again is safe.",
	},
	denied: {
		message: (what) => `This account may not do this with '${what}' over S3 Direct`,
		hint: "Ask your firm's Account Administrator (SAA) or FINRA (800-321-6273) for the entitlement, or choose another access method.",
	},
	missing: {
		message: (what) => `There is no '${what}' at fileX`,
		hint: CHECK_SPELLING,
	},
	settings:
		"Check 'S3 URL' in the credential if you set one, and whether a proxy changes requests. Running it again is safe.",
	nothingDone: 'Nothing was submitted.',
};

/**
 * What an error of a request to S3 means. One with `s3Code` is S3's own word.
 *
 * @param what the path that was asked for
 * @param place who was called
 */
export function s3Error(error: unknown, what: string, place: string, words = FILEX_WORDS): FileXError {
	if (error instanceof FileXError) return error;
	const { name = '', Code: s3Code, $metadata, $response } = (error ?? {}) as SdkError;
	const httpStatus = $metadata?.httpStatusCode;
	if (httpStatus === undefined) return networkError(place, connectionError(error as SdkError), words.network);
	// Every error of S3's has a code; only a HEAD, which nothing is concluded from, has no body for it.
	if (s3Code === undefined && httpStatus < 500 && httpStatus !== 429)
		return notS3s(what, 'it has no error code of S3', $metadata);
	const said = `(HTTP ${httpStatus}${/^[A-Za-z]{3,}$/.test(name) ? ` ${name}` : ''})`;
	const retryAfterMs = retryAfterOf($response?.headers ?? {});
	const refusal = (kind: FileXErrorKind, message: string, hint: string, retrySafe: boolean) =>
		new FileXError(kind, `${message} ${said}`, { hint, retrySafe, httpStatus, s3Code, retryAfterMs });
	if (EXPIRED.includes(name)) {
		const { kind, message, hint, retrySafe } = words.expired;
		return refusal(kind, message(what), hint, retrySafe);
	}
	if (name === 'RequestTimeTooSkewed') {
		return refusal(
			'unexpected-answer',
			`S3 did not take the request for '${what}'`,
			"This machine's clock is wrong by more than 15 minutes: set it. Running it again is safe.",
			true,
		);
	}
	if (s3Code === 'NotImplemented') {
		return refusal(
			'unexpected-answer',
			`The store cannot do what was asked of it for '${what}'`,
			`${words.nothingDone} ${words.settings}`,
			false,
		);
	}
	if (name === 'RequestTimeout' || httpStatus === 429 || httpStatus >= 500) {
		return refusal(
			'unavailable',
			httpStatus === 429 || name === 'SlowDown'
				? `S3 refused the request for '${what}': too many requests`
				: `S3 could not answer for '${what}'`,
			'The service is temporarily unavailable. Run this again in a few minutes.',
			true,
		);
	}
	if (httpStatus === 403 && name === 'AccessDenied') {
		return refusal('entitlement', words.denied.message(what), words.denied.hint, false);
	}
	switch (httpStatus) {
		case 404:
			return refusal('not-found', words.missing.message(what), words.missing.hint, true);
		case 412:
			return refusal(
				'incomplete',
				`'${what}' was replaced while it was being downloaded`,
				'What was received is discarded. Running it again is safe, and takes the new file.',
				true,
			);
		default:
			return refusal('unexpected-answer', `S3 did not take the request for '${what}'`, words.settings, true);
	}
}

/** An answer of success that S3 cannot have given. @param reason what is not as S3 has it */
export function notS3s(what: string, reason: string, { httpStatusCode }: { httpStatusCode?: number } = {}): FileXError {
	return new FileXError(
		'unexpected-answer',
		`Something between this machine and S3 answered for '${what}' (HTTP ${httpStatusCode ?? 'unknown'}): ${reason}`,
		{
			hint: "The answer is not S3's own, so nothing was concluded from it. Check 'S3 URL' or 'Endpoint' in the credential if you set one, and whether a proxy or a login page answers in place of S3. Running it again is safe.",
			retrySafe: true,
			isForeign: true,
			httpStatus: httpStatusCode,
		},
	);
}

/** What the SDK makes of an error of the connection. */
function connectionError({ name, code, syscall, message = '' }: SdkError): {
	code?: string;
	syscall?: string;
	message?: string;
} {
	if (code === undefined && name === 'TimeoutError') return { code: 'ETIMEDOUT' };
	// It wraps an error of another realm's class, and keeps no more of it than its text: `connect ECONNREFUSED …`.
	const [, told, wrapped] = /\b(?:(connect|read|write|getaddrinfo) )?(E[A-Z]{4,})\b/.exec(message) ?? [];
	return { code: code ?? wrapped, syscall: syscall ?? told, message };
}
