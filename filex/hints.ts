import { FileXError } from './errors';
import { LONGEST_ANSWER, LONGEST_LIST } from './http/answer-bounds';
import { readJson } from './http/body';
import { describeAnswer, FILEX, keysOf } from './http/foreign';
import type { HttpAnswer } from './http/port';

/** Something is not there. */
export const CHECK_SPELLING =
	'Check the spelling; letter case matters. Files leave a download sub-space after 30 days, and an upload sub-space at once.';

/** The account may not see or use something. */
export const ASK_FOR_ENTITLEMENT =
	"Ask your firm's Account Administrator (SAA) or FINRA (800-321-6273) for the entitlement to this application, or choose another one.";

/** A download comes without its size. */
export const NO_SIZE =
	'Without a size nothing proves that a download is whole. Check whether a proxy rewrites downloads. Running it again is safe.';

/** An answer as text, of which status, headers and keys may be shown. */
export type TextAnswer = Pick<HttpAnswer<string>, 'status' | 'headers' | 'body'>;

/**
 * An answer of success that is not what fileX gives there, by what can be shown of it: status, content type, server and
 * keys, never a value.
 *
 * @param what it should have been, with its article: `no listing`
 */
export function notFileXs(what: string, answer: TextAnswer, reason?: string): FileXError {
	return new FileXError(
		'unexpected-answer',
		`fileX answered with something that is ${what}${reason === undefined ? '' : `: ${reason}`} (${shapeOf(answer)})`,
		{
			hint: `Nothing was concluded from it. ${FILEX.check} If it stays, report this message to FINRA (800-321-6273) and to the author of this node: it holds no secret. Running it again is safe.`,
			retrySafe: true,
			isForeign: true,
			httpStatus: answer.status,
		},
	);
}

/** E.g. `HTTP 200, application/json, keys: data.items[].name`, or `…, an empty answer`. */
export function shapeOf(answer: TextAnswer): string {
	const { body } = answer;
	const start = body.slice(0, 1000).trim();
	const json = body.length > LONGEST_SHOWN ? undefined : readJson(body);
	const shape =
		start === ''
			? 'an empty answer'
			: json
				? keysOf(json)
				: body.length > LONGEST_SHOWN
					? `${body.length} characters`
					: /^<(?:!doctype html|html)/i.test(start)
						? 'an HTML page'
						: /^</.test(start)
							? 'XML or HTML'
							: 'no JSON object';
	return `${describeAnswer(answer)}, ${shape}`;
}

/** Of a longer answer the keys are not looked for. */
const LONGEST_SHOWN = 8 * 2 ** 20;

export { LONGEST_ANSWER, LONGEST_LIST };

/** Entries that a listing may have, over all its pages. */
export const MOST_ENTRIES = 1_000_000;

/** Pages that one listing may have: S3 gives 1,000 entries a page. */
export const MOST_PAGES = 2_000;

/** How long a listing may take, over all its pages, in ms: each answer has a limit of its own. */
export const LONGEST_LISTING = 15 * 60_000;

/** Refuses a text that is longer than any of fileX's. @param what as {@link notFileXs} takes it */
export function refuseTooLong(what: string, answer: TextAnswer, limit = LONGEST_ANSWER): void {
	if (answer.body.length > limit) throw notFileXs(what, answer, `it is longer than ${limit / 2 ** 20} MiB`);
}
