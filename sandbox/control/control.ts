import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { SandboxContext } from '../context';
import { type Fault, FAULTS, InvalidFault } from '../faults';
import { type Handler, pathOf, readBody, sendJson } from '../http';
import type { SandboxInfo } from '../info';
import {
	DECISIONS,
	InvalidSetting,
	LISTING_SHAPES,
	TOKEN_SHAPES,
	TRACKING_LIST_SHAPES,
	TRACKING_SHAPES,
	URL_SHAPES,
} from '../settings';
import type { StoredFile } from '../state/store';
import type { Downstream } from '../submissions/submissions';
import { isFileName, roleOf } from '../world/places';

const CHOICES = {
	urlShape: URL_SHAPES,
	trackingShape: TRACKING_SHAPES,
	listingShape: LISTING_SHAPES,
	trackingListShape: TRACKING_LIST_SHAPES,
	tokenShape: TOKEN_SHAPES,
	decision: [...DECISIONS, 'by-name'],
};

/** The answer of a control route: a status and what goes out as JSON. */
type Answer = [status: number, body: unknown];

class Refusal extends Error {}

/**
 * The way to play FINRA, for programs and for the console:
 *
 * - `GET /info`: how to reach the sandbox
 * - `GET /spaces`: every sub-space, its role and the number of its files
 * - `GET /files/{org}/{app}/{space}`: its files; with `/{file}`: the bytes of one
 * - `PUT /files/{org}/{app}/{space}/{file}[?lastModified=ISO]`: publishes the body there; `DELETE` takes it away
 * - `GET /submissions[?last=N]`; `PATCH /submissions/{trackingId}` with `{"downstreamStatus": …}`: decides
 * - `GET /arrivals[?last=N]`: every file that was uploaded, by whatever way
 * - `GET /accounts`; `POST /accounts/{username}/unlock`
 * - `GET /log[?last=N]`, `DELETE /log`: what clients did
 * - `GET /faults`, `POST /faults` with a fault as JSON, `DELETE /faults`
 * - `GET /settings`, `PATCH /settings`
 * - `POST /clock` with `{"advanceSeconds": …}`: moves the sandbox's time
 * - `DELETE /tokens`, `DELETE /s3-tokens`: revokes all
 */
export function controlHandler(context: SandboxContext, info: SandboxInfo): Handler {
	const { store, submissions, accounts, log, faults, settings, clock, tokens, s3Keys } = context;

	return async (request, response, url) => {
		const [root, ...path] = pathOf(request);
		await submissions.advance();
		const file = request.method === 'GET' && root === 'files' ? store.find(path) : undefined;
		if (file) return await sendFile(file, response);
		try {
			const [status, body] = await answer(`${request.method} /${root}`, path, request, url.searchParams);
			sendJson(response, status, body);
		} catch (error) {
			if (!(
				error instanceof Refusal ||
				error instanceof InvalidFault ||
				error instanceof InvalidSetting ||
				error instanceof SyntaxError
			))
				throw error;
			sendJson(response, 400, { message: error.message });
		}
	};

	async function answer(
		route: string,
		path: string[],
		request: IncomingMessage,
		query: URLSearchParams,
	): Promise<Answer> {
		switch (route) {
			case 'GET /info':
				return [200, info];
			case 'GET /spaces':
				return [200, spaces()];
			case 'GET /files':
				return files(path);
			case 'PUT /files':
				return await publish(path, request, query.get('lastModified'));
			case 'DELETE /files':
				return (await store.remove(path)) ? [200, {}] : [404, { message: 'There is no such file.' }];
			case 'GET /submissions':
				return [200, latest(submissions.all(), query)];
			case 'PATCH /submissions':
				return decide(path[0] ?? '', await readObject(request));
			case 'GET /arrivals':
				return [200, latest(submissions.arrivals(), query)];
			case 'GET /accounts':
				return [200, accounts.all().map((account) => ({ ...account, ...accounts.record(account.username) }))];
			case 'POST /accounts':
				return unlock(path);
			case 'GET /log':
				return [200, latest(log.all(), query)];
			case 'DELETE /log':
				log.clear();
				return [200, {}];
			case 'GET /faults':
				return [200, { possible: FAULTS, active: faults.all() }];
			case 'POST /faults':
				faults.add({ times: 1, ...(await readObject(request)) } as Fault);
				return [201, faults.all()];
			case 'DELETE /faults':
				faults.clear();
				return [200, {}];
			case 'GET /settings':
				return [200, { values: settings.get(), choices: CHOICES, now: clock.now() }];
			case 'PATCH /settings':
				settings.change(await readObject(request));
				return [200, settings.get()];
			case 'POST /clock':
				return advance(await readObject(request));
			case 'DELETE /tokens':
				tokens.revokeAll();
				return [200, {}];
			case 'DELETE /s3-tokens':
				s3Keys.revokeAll();
				return [200, {}];
			default:
				return [404, { message: 'There is no such control. sandbox/control/control.ts lists them.' }];
		}
	}

	function spaces(): object[] {
		return (store.directories([]) ?? []).flatMap((org) =>
			store.directories([org])!.flatMap((application) =>
				store.directories([org, application])!.map((subSpace) => ({
					space: [org, application, subSpace],
					role: roleOf(application, subSpace),
					count: store.count([org, application, subSpace]),
				})),
			),
		);
	}

	function files(path: string[]): Answer {
		const found = store.list(path);
		return found
			? [200, found.map(({ name, size, lastModified }) => ({ name, size, lastModified }))]
			: [404, { message: 'There is no such sub-space.' }];
	}

	async function publish(path: string[], request: IncomingMessage, lastModified: string | null): Promise<Answer> {
		if (path.length !== 4 || !store.isDirectory(path.slice(0, 3)))
			return [404, { message: 'There is no such sub-space.' }];
		if (!isFileName(path[3]!)) throw new Refusal('This cannot be the name of a file.');
		if (roleOf(path[1]!, path[2]!) !== 'out') throw new Refusal('FINRA delivers into download sub-spaces only.');
		const time = lastModified === null ? undefined : new Date(lastModified);
		if (time && Number.isNaN(time.getTime())) throw new Refusal("'lastModified' takes a time in ISO 8601.");
		const { name, size, ...file } = await store.publish(path, request, time);
		return [201, { name, size, lastModified: file.lastModified }];
	}

	function decide(trackingId: string, { downstreamStatus }: Record<string, unknown>): Answer {
		const choices: readonly unknown[] = ['RECEIVED', ...DECISIONS];
		if (!choices.includes(downstreamStatus))
			throw new Refusal(`'downstreamStatus' takes one of: ${choices.join(', ')}.`);
		const found = submissions.decide(trackingId, downstreamStatus as Downstream);
		return found ? [200, {}] : [404, { message: 'There is no such submission, or its file has not been received.' }];
	}

	function unlock([username = '', action]: string[]): Answer {
		if (action !== 'unlock' || !accounts.find(username)) return [404, { message: 'There is no such account.' }];
		accounts.unlock(username);
		return [200, {}];
	}

	function advance({ advanceSeconds }: Record<string, unknown>): Answer {
		if (typeof advanceSeconds !== 'number') throw new Refusal("'advanceSeconds' takes a number.");
		settings.change({ clockOffsetSeconds: settings.get().clockOffsetSeconds + advanceSeconds });
		return [200, { now: clock.now() }];
	}

	async function sendFile(file: StoredFile, response: ServerResponse): Promise<void> {
		const handle = await store.open(file);
		response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': file.size });
		// A browser that leaves in mid-file is no fault of the sandbox.
		await pipeline(handle.createReadStream(), response).catch(() => {});
	}
}

/** The last `last` of them, where that was asked for. */
function latest<T>(all: T[], query: URLSearchParams): T[] {
	const last = Number(query.get('last') ?? Infinity);
	return last < all.length ? all.slice(all.length - last) : all;
}

async function readObject(request: IncomingMessage): Promise<Record<string, unknown>> {
	const body: unknown = JSON.parse((await readBody(request)).toString());
	if (typeof body !== 'object' || body === null || Array.isArray(body))
		throw new Refusal('The body takes a JSON object.');
	return body as Record<string, unknown>;
}
