import { FileXError } from '../errors';
import { ASK_FOR_ENTITLEMENT, CHECK_SPELLING } from '../hints';
import { reasonIn } from '../http/body';
import { FILEX, foreignAnswer, isOwnRefusal } from '../http/foreign';
import type { HttpAnswer } from '../http/port';
import { retryAfterOf } from '../http/retry-after';

/**
 * What a status other than 200 of fileX's REST API means (guide, section 5.2). Only fileX's own answer says that
 * something is refused or not there.
 *
 * @param what the path asked for
 */
export function restError(answer: HttpAnswer<string>, what: string): FileXError {
	const { status, body, headers } = answer;
	if (status >= 400 && status < 500 && status !== 429 && !isOwnRefusal(answer))
		return foreignAnswer(FILEX, answer, what);
	const reason = reasonIn(body);
	const said = `(HTTP ${status}${reason ? `: "${reason}"` : ''})`;
	switch (status) {
		case 400:
			return new FileXError('unexpected-answer', `fileX found the request for '${what}' malformed ${said}`, {
				hint: 'Check the organization, application, sub-space and file name.',
				retrySafe: false,
				httpStatus: status,
			});
		case 401:
			return new FileXError('entitlement', `This account is not entitled to '${what}' ${said}`, {
				hint: `A fresh token was refused too, so it is not the login. ${ASK_FOR_ENTITLEMENT}`,
				retrySafe: false,
				httpStatus: status,
			});
		case 403:
		case 404:
			return new FileXError('not-found', `There is no '${what}' at fileX ${said}`, {
				hint: CHECK_SPELLING,
				retrySafe: true,
				httpStatus: status,
			});
		default:
			return status >= 500 || status === 429
				? new FileXError('unavailable', `${saidNo(status, what)} ${said}`, {
						hint: `${status === 429 ? 'fileX takes no more requests of this account for now.' : 'fileX is temporarily unavailable.'} Nothing was changed. Run this again in a few minutes.`,
						remedies: ['see-health'],
						retrySafe: true,
						httpStatus: status,
						retryAfterMs: retryAfterOf(headers),
					})
				: status >= 300 && status < 400
					? redirected(status, what, headers)
					: foreignAnswer(FILEX, answer, what);
	}
}

function saidNo(status: number, what: string): string {
	return status === 429
		? `fileX refused the request for '${what}': too many requests`
		: `fileX could not answer for '${what}'`;
}

function redirected(status: number, what: string, headers: Record<string, string>): FileXError {
	const target = headers.location ? ' and points elsewhere' : '';
	return new FileXError('unexpected-answer', `fileX answered HTTP ${status}${target} for '${what}'`, {
		hint: "Redirects are never followed with a token. Check 'Environment' in the credential, or 'fileX REST URL' where that is Custom, and whether a proxy asks for a login.",
		retrySafe: true,
		isForeign: true,
		httpStatus: status,
	});
}
