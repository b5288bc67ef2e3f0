import { randomBytes } from 'node:crypto';
import { sendJson, type Handler } from './http';
import type { SandboxContext } from './context';
import type { SandboxAccount } from './world';

/** Tokens are good for 12 hours (guide, FAQ 38). */
const TOKEN_SECONDS = 12 * 3600;

/** The bearer tokens that were handed out. */
export class Tokens {
	private readonly tokens = new Map<string, { account: SandboxAccount; expires: number }>();

	issue(account: SandboxAccount): string {
		const token = randomBytes(24).toString('base64url');
		this.tokens.set(token, { account, expires: Date.now() + TOKEN_SECONDS * 1000 });
		return token;
	}

	/** The account behind an `Authorization` header; undefined where it is missing, wrong or too old. */
	accountOf(authorization: string | undefined): SandboxAccount | undefined {
		const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
		const entry = token === undefined ? undefined : this.tokens.get(token);
		return entry && entry.expires > Date.now() ? entry.account : undefined;
	}

	revokeAll(): void {
		this.tokens.clear();
	}
}

/** FIP's token endpoint, with the refusals of the guide's section 5.2. */
export function fipHandler({ accounts, tokens, log, faults }: SandboxContext): Handler {
	return (request, response, url) => {
		const answer = (status: number, body: object, username?: string) => {
			log.add({ service: 'fip', request: 'token', username, outcome: String(status) });
			sendJson(response, status, body);
		};
		const refuse = (message: string, username?: string) => answer(400, { error_message: message }, username);
		if (url.pathname !== '/fip/rest/ews/oauth2/access_token' || request.method !== 'POST') {
			return answer(403, { error_message: 'Forbidden' });
		}
		if (faults.strike('fip.token')) return answer(500, { error_message: 'Internal Server Error' });
		const grant = url.searchParams.get('grant_type');
		if (grant === null) return refuse('Grant type is required');
		if (grant !== 'client_credentials') return refuse('Only client_credentials grant type is supported');
		const basic = /^Basic ([A-Za-z0-9+/=]+)$/.exec(request.headers.authorization ?? '')?.[1];
		const [, username, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(basic ?? '', 'base64').toString()) ?? [];
		if (username === undefined) return refuse('Invalid credentials format');
		const account = accounts.find((each) => each.username === username && each.password === password);
		if (!account) return refuse('Invalid Credentials', username);
		answer(200, { access_token: tokens.issue(account), expires_in: TOKEN_SECONDS, token_type: 'Bearer', scope: 'fip' }, username);
	};
}
