import type { Account } from '../account';
import { FileXError } from '../errors';
import { originOf, type Http } from '../http/port';
import { readJson, reasonIn } from '../http/body';
import { type LoginGuard, loginGuard } from './login-guard';
import { realmOf } from './realm';

/**
 * Asks FIP for a bearer token, good for 12 hours (guide, section 5.4.1 and FAQ 38).
 * A refusal is a `credentials` error, and is never repeated with the same password.
 */
export async function requestToken(
	http: Http,
	{ endpoints, username, password }: Pick<Account, 'endpoints' | 'username' | 'password'>,
	guard: LoginGuard = loginGuard,
): Promise<string> {
	const host = originOf(endpoints.fip);
	if (password === '') {
		throw new FileXError('credentials', `Authorization of '${username}' was not tried: 'Password' is empty`, {
			field: 'Password',
			hint: 'Enter the password of your FIP account in the credential. REST needs it even where SFTP uses a key.',
			retrySafe: false,
		});
	}
	return await guard.run({ realm: realmOf(endpoints), service: 'FIP', host, username, secret: password }, async () => {
		const answer = await http.text({
			method: 'POST',
			url: `${endpoints.fip}/fip/rest/ews/oauth2/access_token?grant_type=client_credentials`,
			headers: {
				Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
				Accept: 'application/json',
			},
		});
		if (answer.status !== 200) throw refusal(answer.status, answer.body, username, host);
		const token = readJson(answer.body)?.access_token;
		if (typeof token === 'string' && token !== '') return token;
		throw new FileXError('unexpected-answer', `FIP at ${host} answered without an access token`, {
			hint: "Check 'Environment' in the credential, or 'FIP URL' where that is Custom, and whether a proxy answers in FIP's place.",
			retrySafe: false,
		});
	});
}

function refusal(status: number, body: string, username: string, host: string): FileXError {
	const reason = reasonIn(body);
	const said = reason ? `: "${reason}"` : '';
	if (status === 400 || status === 401) {
		return new FileXError(
			'credentials',
			`Authorization of '${username}' was refused by FIP at ${host} (HTTP ${status}${said})`,
			{
				field: 'Password',
				hint: "Check 'User Name', 'Password' and 'Environment' in the credential: the password may be wrong or expired, or the account locked. It is not tried again with this password; FINRA unlocks accounts at 800-321-6273.",
				retrySafe: false,
				httpStatus: status,
			},
		);
	}
	if (status === 403) {
		return new FileXError('unexpected-answer', `FIP at ${host} does not know this address (HTTP 403${said})`, {
			field: 'Environment',
			hint: "Check 'Environment' in the credential, or 'FIP URL' where that is Custom.",
			retrySafe: false,
			httpStatus: status,
		});
	}
	return new FileXError('unavailable', `FIP at ${host} could not give a token (HTTP ${status}${said})`, {
		hint: 'The password was not refused. Run this again in a few minutes.',
		retrySafe: true,
		httpStatus: status,
	});
}
