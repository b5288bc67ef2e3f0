import { shorten } from '../names';
import { redact } from '../errors';

/** A JSON object or array; undefined for anything else. */
export function readJson(body: string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(body);
		return typeof value === 'object' && value !== null
			? (value as Record<string, unknown>)
			: undefined;
	} catch {
		return undefined;
	}
}

/** Why the service said no, from a JSON, XML or plain-text body, in one short line; '' if it does not say. */
export function reasonIn(body: string): string {
	const json = readJson(body);
	const reason = json
		? ['error_message', 'error_description', 'message', 'error']
				.map((key) => json[key])
				.find((value) => typeof value === 'string')
		: (xmlText(body, 'Message') ?? /error_message\s*:\s*"([^"]*)"/.exec(body)?.[1]);
	if (typeof reason === 'string') return shorten(redact(reason).trim(), 200);
	const looksLikeMarkup = json !== undefined || /[<{]/.test(body);
	return looksLikeMarkup ? '' : shorten(redact(body).trim(), 200);
}

/** The text of the first XML element of that name. */
export function xmlText(xml: string, name: string): string | undefined {
	return new RegExp(`<${name}>([^<]*)</${name}>`, 'i').exec(xml)?.[1];
}
