import { FileXError, inputError } from '../errors';
import { LONGEST_LIST } from '../http/answer-bounds';
import { isPageAnswer } from '../http/body';
import { isOwnRefusal } from '../http/foreign';
import type { FileXHttp, HttpAnswer } from '../http/port';
import { notFileXs, refuseTooLong } from '../http/unexpected-answer';
import { callPage, callRest, type MediaType, type RestApi } from '../rest/call';
import { readPages } from '../rest/page';
import { restError } from '../rest/rest-errors';
import { Patience } from '../util/patience';
import { shorten } from '../util/shorten';
import { parseSubmissions, readSubmissions, type Submission } from './submission';
import { sameTrackingId } from './tracking-id';

const ID_FIELD = 'Tracking ID';

/** Tracking, as it was at one moment. */
export interface Snapshot {
	/** In fileX's order. */
	submissions: Submission[];
	/** By fileX's clock, in ms, rounded down to a second; NaN where fileX did not say. */
	at: number;
}

/**
 * fileX's tracking of uploads (guide, section 5.4.6). It knows uploads over REST only (FAQ 30), of the
 * last 90 days. Failures are FileXErrors.
 */
export class Tracking {
	private readonly api: RestApi;
	private readonly patience: Patience;

	/** @param baseUrl of the REST API, without a trailing slash */
	constructor(baseUrl: string, http: FileXHttp, signal?: AbortSignal, patience?: number) {
		this.api = { baseUrl, http, signal };
		this.patience = new Patience({ patience, signal });
	}

	/** @throws FileXError `not-found` where fileX does not track it (any more) */
	async get(trackingId: string): Promise<Submission> {
		const id = checkTrackingId(trackingId);
		const answer = await this.ask('application/json', id);
		const submissions = parseSubmissions(answer);
		const submission = submissions.find((each) => sameTrackingId(each.trackingId, id));
		if (submission) return submission;
		throw submissions.length > 0
			? notFileXs('a submission', answer, 'it is about another submission')
			: untracked(answer.status, id);
	}

	/** All submissions of the last 90 days, in fileX's order. */
	async all(): Promise<Submission[]> {
		return (await this.snapshot()).submissions;
	}

	/** All submissions of the last 90 days, and when fileX said so, by its own clock. A 404 of fileX's own means that there are none. */
	async snapshot(): Promise<Snapshot> {
		const ask = async (url: string) => {
			const isFirst = url === `${this.api.baseUrl}/tracking`;
			const answer = await (isFirst ? callRest(this.api, 'GET', 'tracking') : callPage(this.api, url));
			if (isFirst && answer.status === 404 && isOwnRefusal(answer)) return { ...answer, status: 204, body: '' };
			return proven(answer);
		};
		const { entries, first } = await readPages(
			`${this.api.baseUrl}/tracking`,
			'a list of submissions',
			async (url) => await this.patience.run(async () => await ask(url)),
			readSubmissions,
		);
		return { submissions: entries, at: Date.parse(first.headers.date ?? '') };
	}

	/** fileX's own XML of one submission, or of all. */
	async raw(trackingId?: string): Promise<string> {
		const answer = await this.ask(
			'application/xml',
			trackingId === undefined ? undefined : checkTrackingId(trackingId),
		);
		refuseTooLong('XML', answer, LONGEST_LIST);
		if (!/^\s*</.test(answer.body) || isPageAnswer(answer)) throw notFileXs('XML', answer);
		return answer.body;
	}

	private async ask(accept: MediaType, id?: string): Promise<HttpAnswer<string>> {
		const path = id === undefined ? 'tracking' : `tracking?id=${encodeURIComponent(id)}`;
		return await this.patience.run(async () => {
			const answer = await callRest(this.api, 'GET', path, accept);
			if (answer.status === 404 && isOwnRefusal(answer)) throw untracked(404, id);
			return proven(answer);
		});
	}
}

function proven(answer: HttpAnswer<string>): HttpAnswer<string> {
	if (answer.status === 200 || answer.status === 204) return answer;
	throw restError(answer, 'tracking');
}

/**
 * Checks a tracking ID: a UUID, whose letter case is kept, or fileX's tracking URL that holds one.
 *
 * @throws FileXError `input`
 */
export function checkTrackingId(value: string): string {
	const text = value.trim();
	const id = /^https?:.*[?&]id=([^&#]*)/i.exec(text)?.[1] ?? text;
	if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return id;
	throw inputError(
		ID_FIELD,
		id === '' ? `'${ID_FIELD}' is empty` : `'${ID_FIELD}' must be a UUID, but it is '${shorten(id)}'`,
		"Use the 'trackingId' that fileX assigned to the upload, e.g. 343dab32-516b-4e04-b60e-2526fa72e879.",
	);
}

function untracked(httpStatus: number, id?: string): FileXError {
	const what = id === undefined ? 'no submissions' : `no submission '${id}'`;
	return new FileXError('not-found', `fileX tracks ${what} (HTTP ${httpStatus})`, {
		hint: 'The tracking ID may be wrong or older than 90 days. Only uploads over HTTPS REST are tracked: ask FINRA (800-321-6273) about those over SFTP and S3 Direct.',
		field: id === undefined ? undefined : ID_FIELD,
		retrySafe: true,
		httpStatus,
	});
}
