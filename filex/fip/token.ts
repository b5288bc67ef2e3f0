import type { Account } from '../account/account';
import { type LoginGuard, loginGuard } from '../account/login-guard';
import { realmOf } from '../account/realm';
import { FileXError, redact } from '../errors';
import { type Http, originOf } from '../http/port';
import { retryAfterOf } from '../http/retry-after';
import { shapeOf, type TextAnswer } from '../http/unexpected-answer';
import { Patience, type PatienceOptions } from '../util/patience';
import { shorten } from '../util/shorten';
import { type FipAnswer, readFipAnswer } from './answer';

/**
 * Asks FIP for a bearer token, good for 12 hours (guide, section 5.4.1 and FAQ 38).
 * A refusal is a `credentials` error, and is never repeated with the same password.
 */
export async function requestToken(
	http: Http,
	{ endpoints, username, password }: Pick<Account, 'endpoints' | 'username' | 'password'>,
	{ guard = loginGuard, ...options }: { guard?: LoginGuard } & PatienceOptions = {},
): Promise<string> {
	const host = originOf(endpoints.fip);
	if (password === '') {
		throw new FileXError('credentials', `Authorization of '${username}' was not tried: 'Password' is empty`, {
			field: 'Password',
			hint: 'Enter the password of your FIP account in the credential. REST needs it even where SFTP uses a key.',
			retrySafe: false,
		});
	}
	const login = { realm: realmOf(endpoints), service: 'FIP', host, username, secret: password } as const;
	// A login that was sent may have been judged, whatever came back.
	const patience = new Patience({ ...options, only: (error) => error.neverConnected === true });
	return await patience.run(
		async () =>
			await guard.run(login, async () => {
				const request = {
					method: 'POST' as const,
					url: `${endpoints.fip}/fip/rest/ews/oauth2/access_token?grant_type=client_credentials`,
					headers: {
						Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
						Accept: 'application/json',
					},
				};
				const answer = await http.text(request).catch((error: unknown) => {
					throw unanswered(error);
				});
				const read = readFipAnswer(answer);
				if (read.outcome === 'token') return read.token;
				throw refusal(read, answer, username, host);
			}),
	);
}

/** Once the request was sent, FIP may have judged the login, whatever became of its answer. */
function unanswered(error: unknown): unknown {
	if (!(error instanceof FileXError) || error.neverConnected) return error;
	const { hint, retrySafe, field, httpStatus, isForeign } = error;
	return new FileXError(error.kind, error.message, {
		hint,
		retrySafe,
		field,
		httpStatus,
		isForeign,
		loginUnanswered: true,
	});
}

function refusal(
	read: Exclude<FipAnswer, { outcome: 'token' }>,
	answer: TextAnswer,
	username: string,
	host: string,
): FileXError {
	const httpStatus = answer.status;
	const said = `(HTTP ${httpStatus}${read.outcome !== 'foreign' && read.reason ? `: "${shorten(redact(read.reason), 200)}"` : ''})`;
	switch (read.outcome) {
		case 'refused':
			return new FileXError('credentials', `Authorization of '${username}' was refused by FIP at ${host} ${said}`, {
				field: 'Password',
				hint: "Check 'User Name', 'Password' and 'Environment' in the credential: the password may be wrong or expired, or the account locked. This password is not tried again. FINRA unlocks accounts at 800-321-6273.",
				retrySafe: false,
				httpStatus,
			});
		case 'malformed':
			return new FileXError('unexpected-answer', `FIP at ${host} found the request for a token malformed ${said}`, {
				hint: "The password was not judged. Check whether a proxy or a gateway drops the query of URLs, and 'FIP URL' where 'Environment' is Custom.",
				retrySafe: false,
				httpStatus,
			});
		case 'unavailable':
			return new FileXError(
				'unavailable',
				`FIP at ${host} could not give a token${httpStatus === 429 ? ', because of too many requests' : ''} ${said}`,
				{
					hint: 'The password was not refused. Run this again in a few minutes.',
					retrySafe: true,
					httpStatus,
					retryAfterMs: retryAfterOf(answer.headers),
				},
			);
		default:
			return new FileXError(
				'unexpected-answer',
				`FIP at ${host} answered without an access token, or something between this machine and FIP did (${shapeOf(answer)})`,
				{
					field: 'Environment',
					hint: "The password was not refused by FIP. Check 'Environment' in the credential, or 'FIP URL' where that is Custom, and whether a proxy, a gateway or a login page answers in FIP's place.",
					retrySafe: true,
					isForeign: true,
					httpStatus,
					...(read.isUnanswered && { loginUnanswered: true }),
				},
			);
	}
}
