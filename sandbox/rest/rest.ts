import type { SandboxContext } from '../context';
import type { Fault, Where } from '../faults';
import { type Handler, originOf, pathOf, rawPath, strikeHttp } from '../http';
import { mayRead, maySee, mayWrite, type SandboxAccount } from '../world/accounts';
import { isFileName, isUploadName, roleOf } from '../world/places';
import { type Answer, sendAnswer } from './answer';
import { listingAnswer, trackingAnswer } from './odd-answers';
import { presignedAnswer } from './presigned-answer';
import { directory } from './spaces';
import { trackingRecord } from './tracking';

const MESSAGES: Record<number, string> = {
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	500: 'Internal Server Error',
	503: 'Service Unavailable',
};

const HEALTHY: Answer = { status: 200, body: { status: 'UP' }, root: 'health' };

/** What a route has to work with. */
interface Call {
	account: SandboxAccount;
	/** What follows the first part, e.g. `[org, application]`. */
	path: string[];
	query: URLSearchParams;
	fault: Fault | undefined;
	/** E.g. `http://127.0.0.1:8080`. */
	origin: string;
}

interface Route {
	where: Where;
	/** Gives the answer, or the status of a refusal. */
	run(call: Call): Answer | number;
}

/** fileX's REST API (guide, sections 5.4 and 6). */
export function restHandler(context: SandboxContext): Handler {
	const { store, submissions, tokens, s3Keys, settings, clock, log, faults } = context;

	return async (request, response, url) => {
		// Clients may compare it with the times in tracking.
		response.setHeader('Date', clock.now().toUTCString());
		const account = tokens.accountOf(request.headers.authorization);
		const note = (outcome: string) =>
			log.add({
				service: 'rest',
				request: `${request.method} ${rawPath(request)}`,
				username: account?.username,
				outcome,
			});
		const send = (given: Answer | number) => {
			const answer =
				typeof given === 'number' ? { status: given, body: { message: MESSAGES[given]! }, root: 'error' } : given;
			note(String(answer.status));
			sendAnswer(response, request.headers.accept, answer);
		};
		const [root, ...path] = pathOf(request);
		if (path.at(-1) === '') path.pop();
		const route = routeTo(request.method ?? '', root ?? '', path);
		if (!route) return send(account ? 403 : 401);
		const fault = faults.strike(route.where, path);
		const struck = await strikeHttp(fault, response);
		if (struck === 'dropped' || struck === 'page') return note(struck);
		if (struck) return send(struck);
		if (route.where === 'rest.health') return send(HEALTHY);
		if (fault?.effect === 'revoked') tokens.revoke(request.headers.authorization);
		if (!account || fault?.effect === 'revoked') return send(401);
		await submissions.advance();
		send(route.run({ account, path, query: url.searchParams, fault, origin: originOf(request) }));
	};

	function routeTo(method: string, root: string, path: string[]): Route | undefined {
		switch (`${method} /${root} ${path.length}`) {
			case 'GET /health 0':
			case 'HEAD /health 0':
				return { where: 'rest.health', run: () => HEALTHY };
			case 'GET /files 1':
			case 'GET /files 2':
			case 'GET /files 3':
				return { where: 'rest.list', run: list };
			case 'GET /files 4':
				return { where: 'rest.download', run: download };
			case 'PUT /files 4':
				return { where: 'rest.upload', run: upload };
			case 'GET /tracking 0':
				return { where: 'rest.tracking', run: track };
			case 'GET /S3TransferTokens 2':
				return { where: 'rest.s3-token', run: issueS3Token };
			default:
				return undefined;
		}
	}

	function list({ account, path, fault, origin }: Call): Answer | number {
		if (!isWellFormed(path)) return 400;
		if (!maySee(account, path)) return 401;
		const found = directory(store, account, path, `${origin}/files`);
		if (!found) return 404;
		const body =
			fault?.effect === 'empty' ? { ...found, children: [], _links: { ...found._links, children: [] } } : found;
		return {
			status: 200,
			body: listingAnswer(body, settings.get().listingShape),
			root: 'directory',
			cut: fault?.effect === 'cut',
		};
	}

	function download({ account, path, origin }: Call): Answer | number {
		if (!isWellFormed(path.slice(0, 3)) || !isFileName(path[3]!)) return 400;
		if (!mayRead(account, path)) return 401;
		if (!store.find(path)) return 404;
		return presignedAnswer(
			{ url: s3Keys.presign('GET', path, account.username, undefined, new URL(origin).hostname), method: 'GET' },
			settings.get(),
			`${origin}/tracking`,
		);
	}

	function upload({ account, path, origin }: Call): Answer | number {
		if (!isWellFormed(path.slice(0, 3)) || !isUploadName(path[3]!)) return 400;
		if (!maySee(account, path)) return 401;
		if (!store.isDirectory(path.slice(0, 3))) return 404;
		if (!mayWrite(account, path)) return 403;
		const trackingId = submissions.request(account.username, path);
		const url = s3Keys.presign('PUT', path, account.username, trackingId, new URL(origin).hostname);
		return presignedAnswer({ url, method: 'PUT', trackingId }, settings.get(), `${origin}/tracking`);
	}

	function track({ account, query, origin }: Call): Answer | number {
		const id = query.get('id');
		const asked = id === null ? submissions.all() : [submissions.find(id)].filter((each) => each !== undefined);
		const found = asked.filter(({ space }) => maySee(account, space.slice(0, 2)));
		if (id !== null && found.length === 0) return 404;
		const body = trackingAnswer(
			found.map((each) => trackingRecord(each, clock.now(), `${origin}/tracking`)),
			settings.get().trackingListShape,
		);
		return { status: 200, body, root: 'submissions', member: 'submission' };
	}

	function issueS3Token({ account, path }: Call): Answer | number {
		if (!isWellFormed(path)) return 400;
		if (!maySee(account, path)) return 401;
		const spaces = store.directories(path)?.map((name) => [...path, name]);
		if (!spaces) return 404;
		const readable = spaces.filter((space) => mayRead(account, space)).sort(archivesLast);
		const writable = spaces.filter((space) => mayWrite(account, space));
		return { status: 200, body: s3Keys.issue(account.username, readable, writable), root: 's3TransferToken' };
	}
}

/** Whether the parts of a path to a sub-space are of the guide's accepted values. */
function isWellFormed([org, ...names]: string[]): boolean {
	return /^[0-9]+$/.test(org!) && names.every((name) => /^[A-Za-z0-9_]{1,100}$/.test(name));
}

function archivesLast(a: string[], b: string[]): number {
	return Number(roleOf(a[1]!, a[2]!) === 'archive') - Number(roleOf(b[1]!, b[2]!) === 'archive');
}
