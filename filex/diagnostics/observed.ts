import { FileXError } from '../errors';
import { isPageAnswer, readJson } from '../http/body';
import { hasForeignHeader, keysOf } from '../http/foreign';
import type { FileXHttp, Http, HttpAnswer, HttpRequest } from '../http/port';
import { shapeOf, type TextAnswer } from '../http/unexpected-answer';

/** Who answers over HTTP. */
export type Service = 'rest' | 'fip' | 's3';

/** What an answer of fileX's is about; its shape is remembered by that. */
export type AnswerKind =
	'organization' | 'application' | 'subSpace' | 'presigned' | 'tracking' | 's3Token' | 'fipToken';

/** What an answer looks like: never a value. */
export interface Shape {
	/** E.g. `HTTP 200, application/json, keys: name, type`. */
	text: string;
	/** E.g. `keys: name, type`. */
	keys: string;
}

/** What a service's clock shows, beside this machine's. */
export interface ClockReading {
	/** How far it is ahead, in ms; negative where it is behind. */
	ahead: number;
	/** What that may be wrong by, in ms: HTTP dates are whole seconds, and the answer took its time. */
	tolerance: number;
}

/** What the answers of a run show beside their content. */
export class Observed {
	readonly clocks = new Map<Service, ClockReading>();
	private readonly shapes = new Map<AnswerKind, Shape>();

	shape(kind: AnswerKind): Shape | undefined {
		return this.shapes.get(kind);
	}

	/** Of several answers of a kind, the one with the most keys counts: an empty listing shows few. */
	noteShape(kind: AnswerKind, answer: TextAnswer): void {
		const isShort = answer.body.length <= LONGEST_READ;
		const json = isShort ? readJson(answer.body) : undefined;
		// A page has no keys, and none that are missing.
		if (isShort && json === undefined) return;
		const known = this.shapes.get(kind);
		const keys = isShort ? keysOf(json) : '';
		if (known && known.keys.length >= keys.length) return;
		this.shapes.set(kind, { text: shapeOf(answer), keys });
	}

	noteClock(service: Service, { headers, body }: TextAnswer, asked: number, answered: number): void {
		const date = Date.parse(headers.date ?? '');
		const isOwn = !isPageAnswer({ headers, body }) && !hasForeignHeader(headers) && headers.age === undefined;
		if (Number.isNaN(date) || !isOwn) return;
		const tolerance = 1000 + (answered - asked) / 2;
		const known = this.clocks.get(service);
		if (known && known.tolerance <= tolerance) return;
		// A date is cut down to whole seconds.
		this.clocks.set(service, { ahead: date + 500 - (asked + answered) / 2, tolerance });
	}
}

/** Of a longer answer the keys are not looked for, in characters. */
const LONGEST_READ = 8 * 2 ** 20;

/** Asks a service, and notes what its answer shows. A call that the limit breaks off fails with the limit's own words. */
export function observing(http: Http, observed: Observed, service: Service): Http['text'] {
	return async (request) => {
		const asked = Date.now();
		const answer = await http.text(request).catch((error: unknown) => {
			throw request.signal?.aborted && request.signal.reason instanceof FileXError ? request.signal.reason : error;
		});
		observed.noteClock(service, answer, asked, Date.now());
		return answer;
	};
}

/** fileX's REST API by one token, which is not renewed: a run of diagnostics logs in once. */
export function tokenHttp(http: Http, observed: Observed, token: string, baseUrl: string): FileXHttp {
	const ask = observing(http, observed, 'rest');
	return {
		...http,
		async authorized(request: HttpRequest): Promise<HttpAnswer<string>> {
			const answer = await ask({ ...request, headers: { ...request.headers, Authorization: `Bearer ${token}` } });
			const kind = kindOf(request.url.slice(baseUrl.length));
			if (kind && answer.status < 400) observed.noteShape(kind, answer);
			return answer;
		},
	};
}

/** @param path below the base URL, with its query */
export function kindOf(path: string): AnswerKind | undefined {
	const [root, ...rest] = path.split(/[?#]/)[0]!.split('/').slice(1);
	if (root === 'tracking') return 'tracking';
	if (root === 'S3TransferTokens') return 's3Token';
	return root === 'files'
		? (['organization', 'application', 'subSpace', 'presigned'] as const)[rest.length - 1]
		: undefined;
}
