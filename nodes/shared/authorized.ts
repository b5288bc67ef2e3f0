import type { HttpAnswer, HttpRequest } from '../../filex';

type Call = (request: HttpRequest) => Promise<HttpAnswer<string>>;

/** What calls to fileX with the account's token are made by. */
export interface AuthorizedPorts {
	/** By n8n, on a connection of its own: n8n logs in where there is no token, and renews one that is refused. */
	byN8n(request: HttpRequest): Promise<{ answer: HttpAnswer<string>; isMadeUp: boolean }>;
	/** By our own client, which keeps its connections. */
	byUs: Call;
	/** The token that n8n keeps; undefined where it gives none out. */
	token(): Promise<string | undefined>;
	now?: () => number;
}

/** A token that n8n got no longer ago than this, in ms, need not be renewed because of a refusal. */
const FRESH = 60_000;

/**
 * Calls fileX on connections that are kept. n8n keeps the token and makes the logins, and only n8n: the first call, and
 * each one whose token is refused, goes by n8n, one at a time, so that one login serves all that wait.
 */
export function authorizedCalls({ byN8n, byUs, token, now = Date.now }: AuthorizedPorts): Call {
	let current: { token: string; renewedAt: number } | undefined;
	let isN8nOnly = false;
	let renewal: Promise<unknown> | undefined;
	const ask = async (request: HttpRequest, bearer: string) =>
		await byUs({ ...request, headers: { ...request.headers, Authorization: `Bearer ${bearer}` } });

	/** By n8n; afterwards its token is known. */
	const renew = async (request: HttpRequest) => {
		const before = await token();
		const { answer, isMadeUp } = await byN8n(request);
		const after = isMadeUp ? undefined : await token();
		current = after === undefined ? undefined : { token: after, renewedAt: after === before ? -Infinity : now() };
		isN8nOnly = after === undefined;
		return answer;
	};

	return async (request) => {
		let refused: typeof current;
		while (!isN8nOnly) {
			if (current && current !== refused) {
				const used = current;
				const answer = await ask(request, used.token);
				if (answer.status !== 401 || now() - used.renewedAt < FRESH) return answer;
				refused = used;
			} else if (renewal) {
				await renewal;
			} else {
				const renewed = renew(request);
				renewal = renewed.then(noop, noop);
				void renewal.then(() => (renewal = undefined));
				return await renewed;
			}
		}
		return (await byN8n(request)).answer;
	};
}

function noop(): void {}
