import { FileXError } from '../errors';
import { LONGEST_ANSWER } from '../http/answer-bounds';
import { isPage } from '../http/body';
import { field, type Fields, isFields, type Met, plainKey, walk } from '../http/fields';
import { FILEX, hasForeignHeader } from '../http/foreign';
import { shapeOf, type TextAnswer } from '../http/unexpected-answer';
import { headersIn } from './handed-headers';
import { trackingIdIn } from './handed-tracking-id';
import { isLogin, isSigned, signedUrlsIn } from './signed-urls';

export interface PresignedUrl {
	url: string;
	/** Only an upload has one. */
	trackingId?: string;
	/** To be sent along with the URL, names in lower case. */
	headers?: Record<string, string>;
}

export interface Asked {
	/** What the URL is to be used with. */
	method: 'GET' | 'PUT';
	/** The path that it is for, as errors name it. */
	what: string;
	/** The name of the file that it is for, to tell another's URL by; undefined where it is not known. */
	file?: string;
	/** Base URL of the REST API, which relative links start from. */
	base: string;
}

/** A URL that stands in the answer. */
interface Candidate {
	url: string;
	/** The key that it stands under, as {@link plainKey} has it; '' in a text. */
	key: string;
	/** The objects that it stands in, the innermost first. */
	within: Fields[];
}

/** Keys of a URL that is not signed, at the top of the answer, as {@link plainKey} has them. */
const URL_KEYS = ['url', 'presignedurl', 'signedurl', 'href', 'location'];

const METHOD_KEYS = { GET: /download|get|read/, PUT: /upload|put|write/ };
const OTHER_KEYS = { GET: /upload|put|write|delete|remove/, PUT: /download|get(?!s)|read|delete|remove/ };

/**
 * Finds the pre-signed URL in fileX's answer. The guide does not show how it comes back (its section 5.4.4 lacks the
 * page), so a signed URL is taken wherever it stands: in JSON of any keys and nesting, in XML, in a text, in a
 * `Location` header. One that is not signed is taken only where a key says what it is.
 *
 * @throws FileXError `unexpected-answer` where there is none, or several; with the tracking ID as evidence, if it has one
 */
export function readPresigned(answer: TextAnswer, asked: Asked): PresignedUrl {
	const trackingId = trackingIdIn(answer, asked.base);
	const refuse = (reason: string) => refusal(answer, reason, trackingId);
	if (answer.body.length > LONGEST_ANSWER) throw refuse(`it is longer than ${LONGEST_ANSWER / 2 ** 20} MiB`);
	if (hasForeignHeader(answer.headers)) throw refuse('a proxy answered');
	if (isPage(answer.body)) throw refuse('it is a page for people');
	const met = metIn(answer.body);
	const signed = met.flatMap(candidatesIn);
	const inBody = choose(signed, asked.method);
	if (inBody === 'several') throw refuse('it has several signed URLs, and does not say which is meant');
	const location = answer.headers.location ?? '';
	const found =
		inBody ??
		(isSigned(location) && URL.canParse(location)
			? { url: location, key: 'location', within: [] }
			: unsigned(answer, met, asked.method));
	if (!found) throw refuse('it has none');
	if (asked.file !== undefined && isOfAnother(found.url, asked.file)) throw refuse('its URL is for another file');
	const headers = headersIn(found.within);
	return { url: found.url, ...(trackingId !== undefined && { trackingId }), ...(headers && { headers }) };
}

/** Whether a URL ends in the name of another file than was asked for. A key that is no name, such as a UUID, tells nothing. */
function isOfAnother(url: string, name: string): boolean {
	const last = decoded(new URL(url).pathname.split('/').at(-1) ?? '');
	return /\.[a-z\d]{1,5}$/i.test(last) && !last.endsWith(name) && !/[\da-f]{8}-?[\da-f]{4}/i.test(last);
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** How long a pre-signed URL may wait for its use, in ms; undefined where it does not say. */
export function lifetimeOf(url: string): number | undefined {
	const seconds = Number(new URL(url).searchParams.get('X-Amz-Expires') ?? NaN);
	return seconds > 0 ? seconds * 1000 : undefined;
}

function refusal(answer: TextAnswer, reason: string, trackingId: string | undefined): FileXError {
	return new FileXError(
		'unexpected-answer',
		`fileX answered without a pre-signed URL: ${reason} (${shapeOf(answer)})`,
		{
			hint: `Nothing was sent. ${FILEX.check} If this persists, report this message to FINRA (800-321-6273) and to this project: it contains no secrets. Running it again is safe.`,
			retrySafe: true,
			isForeign: true,
			httpStatus: answer.status,
			...(trackingId !== undefined && { evidence: { trackingId } }),
		},
	);
}

/** All values of a JSON; of any other text, itself. */
function metIn(body: string): Met[] {
	try {
		return walk(JSON.parse(body));
	} catch {
		// Half a JSON may hold half a URL.
		if (/^\s*(?:"|[{[]\s*["{[])/.test(body)) return [];
		return [{ key: '', value: body, within: [] }];
	}
}

function candidatesIn({ key, value, within }: Met): Candidate[] {
	if (typeof value !== 'string') return [];
	return signedUrlsIn(value).map(({ url, key: inner }) => ({ url, key: plainKey(inner || key), within }));
}

/** The one that is meant; undefined where there is none. */
function choose(candidates: Candidate[], method: Asked['method']): Candidate | 'several' | undefined {
	const narrowings: Array<(candidate: Candidate) => boolean> = [
		() => true,
		({ within }) => methodOf(within[0]) === method,
		({ key, within }) =>
			METHOD_KEYS[method].test(key) || keysRound(within, key).some((each) => METHOD_KEYS[method].test(each)),
		({ key }) => !OTHER_KEYS[method].test(key),
		({ key }) => URL_KEYS.includes(key),
	];
	if (candidates.length === 0) return undefined;
	for (const narrowing of narrowings) {
		const left = candidates.filter(narrowing);
		if (left.length > 0 && new Set(left.map(({ url }) => url)).size === 1) return left[0];
	}
	return 'several';
}

function methodOf(object: Fields | undefined): string {
	return String(object ? field(object, 'method', 'httpmethod', 'verb') : '').toUpperCase();
}

/** The keys of the objects that a URL stands in, e.g. `upload` in `{upload: {href}}`, and its link's `rel`. */
function keysRound(within: Fields[], key: string): string[] {
	const keys = [key, String(within[0] ? field(within[0], 'rel', 'name', 'type') : '').toLowerCase()];
	for (let index = 1; index < within.length; index++) {
		const inner = within[index - 1];
		for (const [name, value] of Object.entries(within[index]!)) {
			if (value === inner || (Array.isArray(value) && value.includes(inner))) keys.push(plainKey(name));
		}
	}
	return keys;
}

/** A URL that only its key, or its standing alone, tells to be the one. A redirect may lead to a login: there it must be signed. */
function unsigned({ status, body }: TextAnswer, met: Met[], method: Asked['method']): Candidate | undefined {
	// A filing goes to no one who has not signed for it.
	if (status >= 300 || method === 'PUT') return undefined;
	const [root] = met;
	const alone = typeof root?.value === 'string' ? asUrl(root.value) : undefined;
	if (alone !== undefined && body.length < 8192) return { url: alone, key: '', within: [] };
	if (!isFields(root?.value)) return undefined;
	const top = root.value;
	const url = URL_KEYS.map((key) => asUrl(field(top, key))).find((each) => each !== undefined);
	return url === undefined ? undefined : { url, key: '', within: [top] };
}

function asUrl(value: unknown): string | undefined {
	const text = typeof value === 'string' ? value.trim() : '';
	return /^https?:\/\/\S+$/i.test(text) && URL.canParse(text) && !isLogin(text) ? text : undefined;
}
