import { redact } from '../errors';
import { shorten } from '../util/shorten';

/** How much of a body is searched for a service's words, in characters: its errors are short. */
const LONGEST_ERROR = 16_384;

/** A JSON object or array; undefined for anything else. */
export function readJson(body: string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(body);
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
	} catch {
		return undefined;
	}
}

/** Why the service said no, from a JSON, XML or plain-text body, in one short line; '' if it does not say. */
export function reasonIn(body: string): string {
	const start = body.slice(0, LONGEST_ERROR);
	const json = body.length <= LONGEST_ERROR ? readJson(body) : undefined;
	const reason = json
		? ['error_message', 'error_description', 'message', 'error']
				.map((key) => json[key])
				.find((value) => typeof value === 'string')
		: (xmlText(start, 'Message') ?? /error_message\s{0,9}:\s{0,9}"([^"]{0,1000})"/.exec(start)?.[1]);
	if (typeof reason === 'string') return shown(reason);
	const looksLikeMarkup = json !== undefined || /[<{]/.test(start);
	return looksLikeMarkup ? '' : shown(start);
}

function shown(reason: string): string {
	return shorten(withoutTokens(redact(reason)).trim(), 200);
}

/** A foreign text without words that may be tokens: a service may repeat the one that it was sent. */
export function withoutTokens(text: string): string {
	return text.replace(/[\w+=~-]{20,}/g, (word) => (/\d/.test(word) && /[a-z]/i.test(word) ? '…' : word));
}

/** The text of the first XML element of that name, at the beginning of a document. */
export function xmlText(xml: string, name: string): string | undefined {
	return new RegExp(`<${name}>([^<]{0,4096})</${name}>`, 'i').exec(xml.slice(0, LONGEST_ERROR))?.[1];
}

/** Whether an answer is a page for people, also one that a part of a page stands for. */
export function isPageAnswer({ headers, body }: { headers: Record<string, string>; body: string }): boolean {
	return isPage(body) || (/\bhtml\b/i.test(headers['content-type'] ?? '') && /^\s*</.test(body));
}

/** Whether a text is a page for people, which no service of fileX's answers with. */
export function isPage(body: string): boolean {
	return /<(?:!doctype html|html|head|body|script)[\s>]/i.test(body.slice(0, LONGEST_ERROR));
}
