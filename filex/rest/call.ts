import { cancelled } from '../errors';
import { LIST_ANSWER, SMALL_ANSWER, type AnswerBounds } from '../http/answer-bounds';
import { FILEX, foreignAnswer, isReplayed } from '../http/foreign';
import type { FileXHttp, HttpAnswer } from '../http/port';

/** Where fileX's REST API is, and how to call it. */
export interface RestApi {
	/** Without a trailing slash. */
	baseUrl: string;
	http: FileXHttp;
	signal?: AbortSignal;
}

/** The forms in which fileX answers (guide, section 5.3). */
export type MediaType = 'application/json' | 'application/xml';

/** Calls fileX's REST API. @param path below the base URL, encoded, with its query */
export async function callRest(
	{ baseUrl, http, signal }: RestApi,
	method: 'GET' | 'PUT',
	path: string,
	accept: MediaType = 'application/json',
): Promise<HttpAnswer<string>> {
	if (signal?.aborted) throw cancelled(`Asking fileX for '${decodeURIComponent(path)}'`);
	const answer = await http.authorized({
		method,
		url: `${baseUrl}/${path}`,
		headers: { Accept: accept, ...FRESH },
		signal,
		bounds: boundsOf(method, path),
	});
	return fresh(answer, decodeURIComponent(path));
}

/** Asks for a page that fileX has linked to. @param url absolute, at fileX's own origin */
export async function callPage({ http, signal }: RestApi, url: string): Promise<HttpAnswer<string>> {
	if (signal?.aborted) throw cancelled('Asking fileX for the next page of a list');
	return fresh(
		await http.authorized({
			method: 'GET',
			url,
			headers: { Accept: 'application/json', ...FRESH },
			signal,
			bounds: LIST_ANSWER,
		}),
		'the next page of a list',
	);
}

/** What fileX shows of now is asked for: no cache on the way may answer by what it showed before. */
const FRESH = { 'Cache-Control': 'no-cache' };

function fresh(answer: HttpAnswer<string>, what: string): HttpAnswer<string> {
	if (isReplayed(answer.headers)) throw foreignAnswer(FILEX, answer, what, 'an earlier answer that a cache has kept');
	return answer;
}

/** Of tracking, and of a place down to the sub-space; what is asked for a file is a URL. */
function boundsOf(method: string, path: string): AnswerBounds {
	return method === 'GET' && /^(?:tracking\b|files(?:\/[^/]*){1,3}$)/.test(path) ? LIST_ANSWER : SMALL_ANSWER;
}
