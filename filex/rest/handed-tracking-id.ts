import { LONGEST_ANSWER } from '../http/answer-bounds';
import { plainKey, walk } from '../http/fields';
import type { TextAnswer } from '../http/unexpected-answer';
import { isSigned } from './signed-urls';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An ID of fileX's: a UUID by all that is known, and not a text that merely stands under its key. */
const PLAUSIBLE = /^[0-9a-z][0-9a-z._-]{7,63}$/i;

/** Keys that say what the ID is of, as {@link plainKey} has them. */
const KEY = /^(?:tracking|trackid|trackerid|.*tracking(?:id|uuid|identifier|number))$/;

/** Keys of any ID. */
const ANY_KEY = /^(?:id|uuid|submissionid|uploadid|requestid)$/;

/**
 * The tracking ID in an answer, under any spelling of its key, in a header, or in a link to fileX's tracking. Undefined
 * where there is none, or where several contradict each other.
 *
 * @param base URL that relative links start from
 */
export function trackingIdIn({ headers, body }: TextAnswer, base: string): string | undefined {
	const met = body.length > LONGEST_ANSWER ? [] : valuesOf(body);
	const texts = met.flatMap(({ key, value }): Array<[string, string]> =>
		typeof value === 'string' ? [[key, value.trim()]] : [],
	);
	const all: Array<[string, string]> = [...texts, ...Object.entries(headers)];
	const links = all
		.filter(([, text]) => /track/i.test(text.slice(0, 20_000)))
		.flatMap(([, text]) => idsInLinks(text, base));
	return (
		only(all.filter(([key, text]) => KEY.test(plainKey(key)) && PLAUSIBLE.test(text)).map(([, text]) => text)) ??
		only(links) ??
		only(texts.filter(([key, text]) => ANY_KEY.test(plainKey(key)) && UUID.test(text)).map(([, text]) => text))
	);
}

function valuesOf(body: string): Array<{ key: string; value: unknown }> {
	try {
		return walk(JSON.parse(body));
	} catch {
		// In XML, elements and attributes are what keys are in JSON.
		const named = [
			...body
				.slice(0, 65_536)
				.matchAll(
					/<(?:\w{1,20}:)?([\w.-]{1,60})[^<>]{0,200}>([^<]{1,200})<\/|\s([\w.-]{1,60})="([^"<]{1,200})"|([\w-]{1,60})"?\s{0,5}[:=]\s{0,5}"?([\w.-]{1,80})/g,
				),
		];
		return [
			{ key: '', value: body },
			...named.map((match) => ({ key: match[1] ?? match[3] ?? match[5]!, value: match[2] ?? match[4] ?? match[6] })),
		];
	}
}

/** Two that differ in letter case are the same one. */
function only(ids: string[]): string | undefined {
	return new Set(ids.map((id) => id.toLowerCase())).size === 1 ? ids[0] : undefined;
}

function idsInLinks(text: string, base: string): string[] {
	return text
		.slice(0, 20_000)
		.replace(/&amp;/gi, '&')
		.replace(/\\\//g, '/')
		.split(/[\s"'<>,;`]+/)
		.flatMap((link) => {
			if (!/track/i.test(link) || !/[/?]/.test(link) || !URL.canParse(link, base) || isSigned(link)) return [];
			const { pathname, searchParams } = new URL(link, base);
			if (!/\/track(?:ing|er)?(?:\/|$)/i.test(pathname)) return [];
			const named = [...searchParams].find(
				([key]) => KEY.test(plainKey(key)) || plainKey(key) === 'id' || plainKey(key) === 'uuid',
			)?.[1];
			const last = pathname.split('/').findLast((part) => part !== '') ?? '';
			const id = named ?? (UUID.test(last) ? last : '');
			return PLAUSIBLE.test(id) ? [id] : [];
		});
}
