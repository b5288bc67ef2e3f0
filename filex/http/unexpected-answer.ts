import { FileXError } from '../errors';
import { LONGEST_ANSWER } from './answer-bounds';
import { readJson } from './body';
import { describeAnswer, FILEX, keysOf } from './foreign';
import type { HttpAnswer } from './port';

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
		`fileX answered with something other than ${what}${reason === undefined ? '' : `: ${reason}`} (${shapeOf(answer)})`,
		{
			hint: `Nothing was concluded from it. ${FILEX.check} If this persists, report this message to FINRA (800-321-6273) and to this project: it contains no secrets. Running it again is safe.`,
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

/** Refuses a text that is longer than any of fileX's. @param what as {@link notFileXs} takes it */
export function refuseTooLong(what: string, answer: TextAnswer, limit = LONGEST_ANSWER): void {
	if (answer.body.length > limit) throw notFileXs(what, answer, `it is longer than ${limit / 2 ** 20} MiB`);
}
