import { LONGEST_ANSWER } from '../http/answer-bounds';
import { isPageAnswer, readJson, xmlText } from '../http/body';
import { field, isFields, plainKey, walk } from '../http/fields';
import { hasForeignHeader, isOwnRefusal } from '../http/foreign';
import type { TextAnswer } from '../http/unexpected-answer';

/**
 * What FIP's answer to a login says:
 *
 * - `token`: it was taken.
 * - `refused`: FIP refused it, in its own words. A second one may lock the account.
 * - `malformed`: FIP found fault with the request, not with the login.
 * - `unavailable`: FIP could not judge it.
 * - `foreign`: the answer proves nothing. `isUnanswered`: FIP may have judged the login behind it.
 */
export type FipAnswer =
	| { outcome: 'token'; token: string; /** Seconds. */ expiresIn?: number }
	| { outcome: 'refused' | 'malformed' | 'unavailable'; reason: string }
	| { outcome: 'foreign'; isUnanswered: boolean };

/** Of the guide's four messages (section 5.2), those that refuse a login. */
const REFUSED = /^invalid credentials(?: format)?$/i;

/** Those that do not. */
const MALFORMED = /^(?:grant type is required|only client_credentials grant type is supported)$/i;

/** What an `error_message` says of an account that may not log in. */
const SHUT = /\b(?:locked|disabled|expired|suspended|inactive)\b/i;

/** OAuth's own codes for a login that was refused (RFC 6749, section 5.2). */
const OAUTH = /^(?:invalid_client|invalid_grant)$/i;

const MESSAGE_KEYS = ['errormessage', 'errordescription', 'error', 'message'];

/** An access token (RFC 6750, section 2.1, and whatever else can stand in a header). */
const TOKEN = /^[\x21-\x7e]{1,16384}$/;

/** Words that a text has in place of a token. */
const NO_TOKEN = /^(?:null|undefined|none|true|false|error|\[object)/i;

/** Reads FIP's answer to a request for a token. Only FIP's own words are a refusal: a page or a gateway's 401 is none. */
export function readFipAnswer(answer: TextAnswer): FipAnswer {
	const { status, headers, body } = answer;
	// A proxy that needs a login of its own has passed nothing on.
	if (status === 407) return { outcome: 'foreign', isUnanswered: false };
	const foreign: FipAnswer = { outcome: 'foreign', isUnanswered: true };
	if (hasForeignHeader(headers) || body.length > LONGEST_ANSWER || isPageAnswer(answer)) return foreign;
	const words = wordsIn(body);
	const refusal = words.find(isRefusal);
	if (refusal) return { outcome: 'refused', reason: refusal.text };
	if (status >= 200 && status < 300) return tokenIn(body) ?? foreign;
	const fault = words.find(({ text }) => MALFORMED.test(text));
	if (fault) return { outcome: 'malformed', reason: fault.text };
	const isUnavailable = status >= 500 || status === 429;
	return isUnavailable && isOwnRefusal(answer) ? { outcome: 'unavailable', reason: words[0]?.text ?? '' } : foreign;
}

interface Word {
	/** As `plainKey` has it. */
	key: string;
	text: string;
}

function isRefusal({ key, text }: Word): boolean {
	return REFUSED.test(text) || (key === 'error' && OAUTH.test(text)) || (key === 'errormessage' && SHUT.test(text));
}

/** What an answer says of an error, from JSON, XML or `error_message: "…"`. */
function wordsIn(body: string): Word[] {
	const json = readJson(body);
	if (json) {
		const met = walk(json).filter(
			({ key, value }) => typeof value === 'string' && MESSAGE_KEYS.includes(plainKey(key)),
		);
		return met.map(({ key, value }) => word(plainKey(key), value as string));
	}
	const text = /^\s{0,9}"?error_?message"?\s{0,9}[:=]\s{0,9}"?([^"\n]{1,500})"?\s*$/i.exec(body.slice(0, 2000))?.[1];
	if (text !== undefined) return [word('errormessage', text)];
	return ['error_message', 'errorMessage', 'error_description', 'error', 'message'].flatMap((name) => {
		const inner = xmlText(body, name);
		return inner === undefined ? [] : [word(plainKey(name), inner)];
	});
}

function word(key: string, text: string): Word {
	return { key, text: text.trim().replace(/[.!]$/, '').slice(0, 500) };
}

/** The token, and how long it lives. The outermost of the likeliest keys counts. */
function tokenIn(body: string): FipAnswer | undefined {
	const met = walk(readJson(body)).filter(
		({ value }) => typeof value === 'string' && TOKEN.test(value) && !NO_TOKEN.test(value),
	);
	const found = ['accesstoken', 'token', 'bearertoken']
		.map((name) => met.find(({ key }) => plainKey(key) === name))
		.find((each) => each !== undefined);
	if (!found) return undefined;
	const seconds = Number(
		found.within
			.filter(isFields)
			.map((object) => field(object, 'expiresin'))
			.find((value) => value !== undefined),
	);
	return { outcome: 'token', token: found.value as string, ...(seconds > 0 && { expiresIn: seconds }) };
}
