import type { IncomingMessage } from 'node:http';
import { randomUUID } from 'node:crypto';
import { listen, pathOf, sendJson } from '../../sandbox/http';
import type { SessionKeys } from '../../scripts/peers/session';

/** What a token is good for. */
export interface Grant {
	/** E.g. `bucket/some/prefix/0001/crd/reports/`. */
	readPaths: string[];
	writePaths: string[];
	keys: SessionKeys;
	expiration: Date;
}

export interface TokenDeskOptions {
	region: string;
	/** All there is, as `{org}/{app}/{space}`. */
	spaces: string[];
	/** Makes a token for `{org}/{app}`. */
	issue(application: string): Promise<Grant>;
}

/** What S3 Direct needs of fileX beside S3 itself. */
export interface TokenDesk {
	/** Of FIP and of the REST API. */
	url: string;
	/** How many S3 tokens were given out. */
	tokens(): number;
	close(): Promise<void>;
}

/**
 * A stand-in for fileX beside an S3 server of somebody else's: it gives out a bearer token to whoever asks,
 * S3 tokens for an application (guide, section 6), and says what applications and sub-spaces there are.
 */
export async function startTokenDesk({ region, spaces, issue }: TokenDeskOptions): Promise<TokenDesk> {
	const bearer = randomUUID();
	let tokens = 0;

	const answer = async (request: IncomingMessage): Promise<object | number> => {
		const [root, ...path] = pathOf(request);
		if (root === 'fip') return { access_token: bearer, token_type: 'Bearer', expires_in: 43_200 };
		if (request.headers.authorization !== `Bearer ${bearer}`) return 401;
		const children = childrenOf(spaces, path);
		if (children.length === 0) return 404;
		if (root === 'files') return { name: path.at(-1), type: 'DIR', metadata: { writable: false }, children };
		if (root !== 'S3TransferTokens') return 403;
		tokens++;
		const { keys, expiration, ...paths } = await issue(path.join('/'));
		return { region, sessionName: `desk@${tokens}`, ...paths, credentials: { ...keys, expiration } };
	};

	const { url, close } = await listen({ host: '127.0.0.1', port: 0 }, async (request, response) => {
		const given = await answer(request);
		if (typeof given === 'number') sendJson(response, given, { message: `refused with ${given}` });
		else sendJson(response, 200, given);
	});
	return { url, tokens: () => tokens, close };
}

/** What is right below a path, as a listing of fileX shows it. */
function childrenOf(spaces: string[], path: string[]): object[] {
	const prefix = path.map((part) => `${part}/`).join('');
	const below = spaces
		.filter((space) => space.startsWith(prefix))
		.map((space) => space.slice(prefix.length).split('/')[0]!);
	return [...new Set(below)].map((name) => ({ name, type: 'DIR', metadata: { writable: false } }));
}
