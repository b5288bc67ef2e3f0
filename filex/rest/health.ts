import { FileXError, redact } from '../errors';
import { isPageAnswer } from '../http/body';
import { field, isFields } from '../http/fields';
import { hasForeignHeader } from '../http/foreign';
import type { Http } from '../http/port';
import { shapeOf, type TextAnswer } from '../http/unexpected-answer';

export interface ServiceHealth {
	healthy: boolean;
	/** Null where no answer came. */
	httpStatus: number | null;
	/** What the service says of itself, its JSON or its text; or what was met in its place; or why no answer came. */
	details: unknown;
	/** Milliseconds from the question to the answer. */
	responseMs: number;
}

/** A longer answer is described, not shown. */
const LONGEST_DETAILS = 65_536;

/** Asks `GET /health`, which needs no login (guide, FAQ 22). A service that does not answer is not healthy. */
export async function serviceHealth(http: Http, baseUrl: string): Promise<ServiceHealth> {
	const started = performance.now();
	const answer = await http.text({ method: 'GET', url: `${baseUrl}/health` }).catch(silence);
	const responseMs = Math.round(performance.now() - started);
	if (answer instanceof FileXError) return { healthy: false, httpStatus: null, details: answer.message, responseMs };
	return { ...readHealth(answer), responseMs };
}

/** What an answer to the question for the health says. A page, an error and an empty answer are not the service's word that it is well. */
export function readHealth(answer: TextAnswer): Omit<ServiceHealth, 'responseMs'> {
	const { status, headers, body } = answer;
	const isForeign =
		hasForeignHeader(headers) || isPageAnswer(answer) || body.trim() === '' || body.length > LONGEST_DETAILS;
	if (isForeign) return { healthy: false, httpStatus: status, details: `Not the health of fileX: ${shapeOf(answer)}` };
	const details = parsed(body);
	return { healthy: status === 200 && saysWell(details), httpStatus: status, details };
}

function saysWell(details: unknown): boolean {
	if (details === false || details === null) return false;
	if (!isFields(details)) return !isUnwell(details);
	const hasError = [field(details, 'error', 'errors', 'fault', 'errormessage')].some(
		(value) => value !== undefined && value !== false && value !== '' && !(Array.isArray(value) && value.length === 0),
	);
	const isSaid = [field(details, 'status'), field(details, 'health'), field(details, 'state')].some(isUnwell);
	return !hasError && !isSaid && field(details, 'healthy', 'ok', 'up') !== false;
}

function isUnwell(word: unknown): boolean {
	return (
		typeof word === 'string' &&
		/^\W*(?:down|out[ _-]of[ _-]service|unhealthy|unavailable|fail|failed|failure|error|critical|red|not[ _-]ok|ko)\b/i.test(
			word,
		)
	);
}

function silence(error: unknown): FileXError {
	if (error instanceof FileXError && error.kind === 'unavailable') return error;
	throw error;
}

function parsed(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		return redact(body.slice(0, 500));
	}
}
