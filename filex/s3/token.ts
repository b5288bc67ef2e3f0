import { readJson } from '../http/body';
import { fields, type Fields, isFields, walk } from '../http/fields';
import type { HttpAnswer } from '../http/port';
import { notFileXs, refuseTooLong, type TextAnswer } from '../http/unexpected-answer';
import { callRest, type RestApi } from '../rest/call';
import { restError } from '../rest/rest-errors';
import { readServiceTime } from '../util/time';

const NO_TOKEN = 'an S3 token';

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

/** A difference of two clocks that does not count yet: HTTP dates are in whole seconds. */
const CLOCK_TOLERANCE = 5000;

/** Asks fileX for an S3 token. @param what the path to name where it is refused */
export async function requestS3Token(
	api: RestApi,
	orgId: string,
	application: string,
	what = `${orgId}/${application}`,
): Promise<IssuedS3Token> {
	const asked = Date.now();
	const answer = await callRest(
		api,
		'GET',
		`S3TransferTokens/${encodeURIComponent(orgId)}/${encodeURIComponent(application)}`,
	);
	if (answer.status !== 200) throw restError(answer, what);
	const token = readS3Token(answer);
	return { token, life: token.credentials.expiration.getTime() - issuedAt(answer, asked) };
}

/** When a token began to live, by the clock that states its end. */
function issuedAt({ headers }: HttpAnswer<string>, asked: number): number {
	const date = Date.parse(headers.date ?? '');
	return Math.abs(date - asked) > CLOCK_TOLERANCE ? date : asked;
}

/** Where an answer may have the token in it, beside its own keys. */
const SECRETS = ['accesskeyid', 'secretaccesskey', 'sessiontoken'] as const;

/**
 * Reads fileX's answer to a request for an S3 token: the guide's object (section 6), also with an object round it, its keys
 * in any letter case, or the credentials beside the paths.
 *
 * @throws FileXError `unexpected-answer` where it is none; it says which field, never what is in it
 */
export function readS3Token(answer: TextAnswer): S3Token {
	refuseTooLong(NO_TOKEN, answer);
	const [outer, inner] = tokenIn(answer);
	const expiration = readServiceTime(inner('expiration', 'expires', 'expiry'), 'UTC');
	if (!expiration) throw notFileXs(NO_TOKEN, answer, "'credentials.expiration' is not a time");
	const region = outer('region');
	// It becomes a part of a host name.
	if (typeof region !== 'string' || !/^(?!(?:null|undefined|none|true|false)$)[a-z][a-z0-9-]{1,39}$/.test(region))
		throw notFileXs(NO_TOKEN, answer, "'region' is not the name of a region");
	const [accessKeyId, secretAccessKey, sessionToken] = (
		['accessKeyId', 'secretAccessKey', 'sessionToken'] as const
	).map((name, index) => {
		const value = inner(SECRETS[index]!);
		if (typeof value === 'string' && /^[\x21-\x7e]{1,8192}$/.test(value)) return value;
		throw notFileXs(NO_TOKEN, answer, `'credentials.${name}' is missing`);
	});
	const [read, write] = [outer('readpaths'), outer('writepaths')];
	if (read === undefined && write === undefined)
		throw notFileXs(NO_TOKEN, answer, "it has neither 'readPaths' nor 'writePaths'");
	const name = outer('sessionname');
	return {
		region,
		sessionName: typeof name === 'string' ? name : '',
		readPaths: pathsOf(read, 'readPaths', answer),
		writePaths: pathsOf(write, 'writePaths', answer),
		credentials: {
			accessKeyId: accessKeyId!,
			secretAccessKey: secretAccessKey!,
			sessionToken: sessionToken!,
			expiration,
		},
	};
}

type Getter = (...names: string[]) => unknown;

/** The object that has the paths, and the one that has the keys. */
function tokenIn(answer: TextAnswer): [Getter, Getter] {
	const json = readJson(answer.body);
	if (!json) throw notFileXs(NO_TOKEN, answer, 'it is not a JSON object');
	const found = walk(json).filter(({ value }) => isFields(value) && SECRETS.some((key) => fields(value).has(key)));
	if (found.length !== 1)
		throw notFileXs(NO_TOKEN, answer, found.length === 0 ? "it has no 'credentials'" : 'it has several credentials');
	const inner = fields(found[0]!.value as Fields);
	const outers = [inner, ...found[0]!.within.map(fields)];
	return [(...names) => outers.map((each) => each.one(...names)).find((value) => value !== undefined), inner.one];
}

/** An account that may only read, or only write, has none of the other kind. */
function pathsOf(value: unknown, name: string, answer: TextAnswer): string[] {
	if (value === undefined) return [];
	if (Array.isArray(value) && value.every((path) => typeof path === 'string' && path !== '')) return value as string[];
	throw notFileXs(NO_TOKEN, answer, `'${name}' is not a list of paths`);
}
