import { FileXError } from '../errors';
import type { Http } from '../http/port';

export interface ServiceHealth {
	healthy: boolean;
	/** Null where no answer came. */
	httpStatus: number | null;
	/** What the service says of itself, its JSON or its text; or why no answer came. */
	details: unknown;
	/** Milliseconds from the question to the answer. */
	responseMs: number;
}

/** Asks `GET /health`, which needs no login (guide, FAQ 22). A service that does not answer is not healthy. */
export async function serviceHealth(http: Http, baseUrl: string): Promise<ServiceHealth> {
	const started = performance.now();
	const answer = await http.text({ method: 'GET', url: `${baseUrl}/health` }).catch(silence);
	return {
		healthy: answer.status === 200,
		httpStatus: answer.status,
		details: parsed(answer.body),
		responseMs: Math.round(performance.now() - started),
	};
}

function silence(error: unknown): { status: null; body: string } {
	if (error instanceof FileXError && error.kind === 'unavailable') return { status: null, body: error.message };
	throw error;
}

function parsed(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		return body.slice(0, 500);
	}
}
