import type { SandboxContext } from '../context';
import { sendJson, strikeHttp, type Handler } from '../http';
import type { SettingValues } from '../settings';

/** FIP's token endpoint, with the refusals of the guide's section 5.2. */
export function fipHandler({ accounts, tokens, log, faults, settings }: SandboxContext): Handler {
	return async (request, response, url) => {
		const note = (outcome: string, username?: string) =>
			log.add({ service: 'fip', request: 'token', username, outcome });
		const answer = (status: number, body: object, username?: string) => {
			note(String(status), username);
			sendJson(response, status, body);
		};
		const refuse = (message: string, username?: string) => answer(400, { error_message: message }, username);
		if (url.pathname !== '/fip/rest/ews/oauth2/access_token' || request.method !== 'POST') {
			return answer(403, { error_message: 'Forbidden' });
		}
		const struck = await strikeHttp(faults.strike('fip.token'), response);
		if (struck === 'dropped' || struck === 'page') return note(struck);
		if (struck)
			return answer(struck, { error_message: struck === 500 ? 'Internal Server Error' : 'Service Unavailable' });
		const grant = url.searchParams.get('grant_type');
		if (grant === null) return refuse('Grant type is required');
		if (grant !== 'client_credentials') return refuse('Only client_credentials grant type is supported');
		const login = readBasic(request.headers.authorization);
		if (!login) return refuse('Invalid credentials format');
		const account = accounts.login(login.username, login.password);
		// FIP does not tell a locked account from a wrong password.
		if (!account) return refuse('Invalid Credentials', login.username);
		const issued = tokens.issue(account);
		answer(200, tokenAnswer(issued, settings.get().tokenShape), account.username);
	};
}

/** The guide shows `access_token` (section 5.4.1); other shapes are those that a gateway or a later FIP might use. */
function tokenAnswer(
	{ token, seconds }: { token: string; seconds: number },
	shape: SettingValues['tokenShape'],
): object {
	const guide = { access_token: token, expires_in: seconds, token_type: 'Bearer', scope: 'fip' };
	switch (shape) {
		case 'guide':
			return guide;
		case 'camel-case':
			return { accessToken: token, expiresIn: seconds, tokenType: 'Bearer' };
		case 'nested':
			return { data: guide };
		case 'no-expiry':
			return { access_token: token, token_type: 'Bearer' };
		case 'no-token':
			return { status: 'ok', session: { expires_in: seconds } };
	}
}

function readBasic(authorization = ''): { username: string; password: string } | undefined {
	const basic = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(authorization)?.[1];
	const [, username, password] = /^([^:]+):(.*)$/s.exec(Buffer.from(basic ?? '', 'base64').toString()) ?? [];
	return username === undefined || password === undefined ? undefined : { username, password };
}
