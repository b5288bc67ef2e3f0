import { notFileXs } from '../hints';
import { readJson } from '../http/body';
import type { HttpAnswer } from '../http/port';
import { restRefusal } from '../rest/answers';
import { callRest, type RestApi } from '../rest/call';

/** Leave to use S3 for one application, for an hour (guide, section 6). A live secret. */
export interface S3Token {
	region: string;
	sessionName: string;
	/** `{bucket}/{key prefix}/` each. */
	readPaths: string[];
	writePaths: string[];
	credentials: {
		accessKeyId: string;
		secretAccessKey: string;
		sessionToken: string;
		expiration: Date;
	};
}

/** A token, and how long it lives. */
export interface IssuedS3Token {
	token: S3Token;
	/** ms from the moment it was asked for. */
	life: number;
}

/** A difference of two clocks that is none yet: HTTP dates are in whole seconds. */
const CLOCK_TOLERANCE = 5000;

/** Asks fileX for an S3 token. @param what the path to name where it is refused */
export async function requestS3Token(api: RestApi, orgId: string, application: string, what = `${orgId}/${application}`): Promise<IssuedS3Token> {
	const asked = Date.now();
	const answer = await callRest(api, 'GET', `S3TransferTokens/${encodeURIComponent(orgId)}/${encodeURIComponent(application)}`);
	if (answer.status !== 200) throw restRefusal(answer, what);
	const token = parseS3Token(answer.body);
	return { token, life: token.credentials.expiration.getTime() - issuedAt(answer, asked) };
}

/** When a token began to live, by the clock that its end is told by. */
function issuedAt({ headers }: HttpAnswer<string>, asked: number): number {
	const date = Date.parse(headers.date ?? '');
	return Math.abs(date - asked) > CLOCK_TOLERANCE ? date : asked;
}

/**
 * Reads fileX's answer to a request for an S3 token.
 *
 * @throws FileXError `unexpected-answer` where it is none; it says which field, never what is in it
 */
export function parseS3Token(body: string): S3Token {
	const json = readJson(body) ?? {};
	const keys = (json.credentials ?? {}) as Record<string, unknown>;
	const expiration = new Date(keys.expiration as string | number);
	if (Number.isNaN(expiration.getTime())) throw notFileXs('no S3 token', "'credentials.expiration' is not a time");
	const region = text(json, 'region');
	// It becomes a part of a host name.
	if (!/^[a-z0-9-]+$/.test(region)) throw notFileXs('no S3 token', "'region' is not the name of a region");
	return {
		region,
		sessionName: typeof json.sessionName === 'string' ? json.sessionName : '',
		readPaths: paths(json, 'readPaths'),
		writePaths: paths(json, 'writePaths'),
		credentials: {
			accessKeyId: text(keys, 'accessKeyId', 'credentials.'),
			secretAccessKey: text(keys, 'secretAccessKey', 'credentials.'),
			sessionToken: text(keys, 'sessionToken', 'credentials.'),
			expiration,
		},
	};
}

function text(from: Record<string, unknown>, name: string, parent = ''): string {
	const value = from[name];
	if (typeof value === 'string' && value !== '') return value;
	throw notFileXs('no S3 token', `'${parent}${name}' is missing`);
}

/** An account that may only read, or only write, has none of the other kind. */
function paths(json: Record<string, unknown>, name: string): string[] {
	const value = json[name] ?? [];
	if (Array.isArray(value) && value.every((path) => typeof path === 'string')) return value as string[];
	throw notFileXs('no S3 token', `'${name}' is not a list of paths`);
}
