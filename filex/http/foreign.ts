import { FileXError, redact } from '../errors';
import { shorten } from '../util/shorten';
import { readJson, withoutTokens } from './body';
import type { HttpAnswer } from './port';

/** Who should have answered, as errors name it, and what a user checks where somebody else did. */
export interface Sender {
	name: string;
	check: string;
}

export const FILEX: Sender = {
	name: 'fileX',
	check:
		"Check 'Environment' in the credential, or 'fileX REST URL' where that is Custom, and whether a proxy, a gateway or a login page answers in fileX's place.",
};

/** Keys that an error of a service has in JSON. */
const ERROR_KEYS =
	/^(message|error|errors|error_?message|error_?description|error_?code|status|status_?code|code|title|detail|details|fault|reason|path|timestamp)$/i;

/** Headers that only a proxy or a gateway adds to an answer that it made up itself. */
const FOREIGN_HEADERS = [
	'proxy-authenticate',
	'proxy-status',
	'x-squid-error',
	'x-kong-response-latency',
	'x-amzn-errortype',
];

/** Headers of other services, which answer in fileX's place where requests go astray. */
const OTHER_SERVICES = ['x-amz-request-id', 'x-amz-id-2', 'x-amz-cf-id'];

/** Servers that name themselves in what they answer by themselves only. */
const FOREIGN_SERVERS = /^(kong|cloudfront|awselb|squid|bigip|zscaler|mcafee|websense|forcepoint|bluecoat)/i;

/**
 * Whether a refusal (a status of 400 or more) can be the service's own: its JSON or its XML, or a bare 401 that
 * asks for a bearer token (RFC 6750, section 3). A page, a plain text or an empty answer proves nothing: any
 * proxy, gateway or load balancer answers like that.
 */
export function isOwnRefusal({ status, headers, body }: HttpAnswer<string>): boolean {
	if (
		hasForeignHeader(headers) ||
		OTHER_SERVICES.some((name) => headers[name] !== undefined) ||
		FOREIGN_SERVERS.test(headers.server ?? '')
	)
		return false;
	if (body.trim() === '') return status === 401 && /\bbearer\b/i.test(headers['www-authenticate'] ?? '');
	if (/\bhtml\b/i.test(headers['content-type'] ?? '')) return false;
	const json = readJson(body);
	if (json)
		return !Array.isArray(json) && Object.keys(json).some((key) => ERROR_KEYS.test(key)) && isAbout(json, status);
	if (!/\bxml\b/i.test(headers['content-type'] ?? '')) return false;
	// S3's errors have a code, and SOAP's an envelope: both are of other services.
	return (
		/^\s*<[?\w]/.test(body) &&
		!/<(html|head|body|script|h\d|Code|HostId|(\w+:)?(Envelope|Fault))[\s>]/.test(body.slice(0, 16_384))
	);
}

/** Whether an answer was made up by a proxy or a gateway, by what only those add. */
export function hasForeignHeader(headers: Record<string, string>): boolean {
	return FOREIGN_HEADERS.some((name) => headers[name] !== undefined);
}

/** Whether an answer is an earlier one that a cache has kept (RFC 9111, section 5.1): it says nothing of now. */
export function isReplayed(headers: Record<string, string>): boolean {
	return Number(headers.age) > 0 || /\bhit\b/i.test(headers['x-cache'] ?? '');
}

/** Whether the status that a JSON names, if it names one, is the answer's. */
function isAbout(json: Record<string, unknown>, status: number): boolean {
	const named = [json.status, json.statusCode, json.status_code, json.code]
		.map(Number)
		.find((each) => each >= 100 && each < 600);
	return named === undefined || named === status;
}

/** An answer that is not its sender's own, by what can be shown of it: never its content. @param what was asked for */
export function foreignAnswer(
	sender: Sender,
	answer: Pick<HttpAnswer<unknown>, 'status' | 'headers'>,
	what: string,
	met?: string,
): FileXError {
	return new FileXError(
		'unexpected-answer',
		`Something between this machine and ${sender.name} answered for '${what}': ${describeAnswer(answer)}${met ? `, ${met}` : ''}`,
		{
			hint: `The answer is not ${sender.name}'s own, so nothing was concluded from it. ${sender.check} Running it again is safe.`,
			retrySafe: true,
			isForeign: true,
			httpStatus: answer.status,
		},
	);
}

/** E.g. `HTTP 404, text/html, server nginx`. */
export function describeAnswer({ status, headers }: Pick<HttpAnswer<unknown>, 'status' | 'headers'>): string {
	const type = headers['content-type']?.split(';')[0]?.trim();
	return [`HTTP ${status}`, type ? plain(type) : 'no content type', headers.server && `server ${plain(headers.server)}`]
		.filter(Boolean)
		.join(', ');
}

/** The names of the keys of a JSON answer, down to the third level, never a value: `keys: data.items[].name, status`. */
export function keysOf(json: unknown): string {
	const names = new Set<string>();
	collect(json, '', 0, names);
	const shown = [...names]
		.slice(0, MOST_KEYS)
		.map((name) => plain(name))
		.join(', ');
	if (names.size === 0)
		return Array.isArray(json)
			? 'an empty list'
			: json === undefined
				? 'no JSON'
				: `a JSON ${json === null ? 'null' : typeof json}`;
	return `keys: ${shown}${names.size > MOST_KEYS ? ', …' : ''}`;
}

const MOST_KEYS = 20;

function collect(value: unknown, path: string, depth: number, into: Set<string>): void {
	if (into.size > MOST_KEYS || depth > 3 || typeof value !== 'object' || value === null) {
		if (path !== '') into.add(path);
		return;
	}
	if (Array.isArray(value)) {
		if (value.length === 0 && path !== '') into.add(`${path}[]`);
		for (const each of value.slice(0, 3)) collect(each, `${path}[]`, depth, into);
		return;
	}
	for (const [key, each] of Object.entries(value).slice(0, MOST_KEYS))
		collect(each, path === '' ? key : `${path}.${key}`, depth + 1, into);
}

/** A foreign word, fit for a message: a URL or a token in it is not shown. */
function plain(text: string): string {
	return shorten(withoutTokens(redact(text)), 60);
}
