import { LONGEST_LISTING, MOST_ENTRIES, MOST_PAGES } from '../http/answer-bounds';
import { field, fields, type Fields, isFields, plainKey, walk } from '../http/fields';
import { hasForeignHeader } from '../http/foreign';
import { notFileXs, type TextAnswer } from '../http/unexpected-answer';
import { shorten } from '../util/shorten';

/** One page of a list that fileX gives. */
export interface Page<T> {
	entries: T[];
	/** Names of all entries, also of those that were not asked for. */
	names?: string[];
	/** Where the next page is, absolute or relative to this one; undefined where there is none. */
	next?: string;
	/** How many entries all pages have together, where it says so. */
	total?: number;
	/** How many pages there are, where it says so. */
	totalPages?: number;
	/** How many entries of any kind this page has. */
	count: number;
}

export interface ListShape {
	/** What the answer should be, with its article. */
	what: string;
	/** Keys of the list that only fileX's own answers have, as `plainKey` has them. */
	ownKeys: string[];
	/** Whether an object is of another kind, whatever it holds. */
	isOther?: (object: Fields) => boolean;
	/** Whether an object without a list is an empty one of fileX's. */
	isEmpty: (object: Fields) => boolean;
	/** Whether a bare empty list is fileX's own form of none. */
	takesBareEmpty?: boolean;
	/** Whether an object is a single entry, without a list round it. */
	isEntry?: (object: Fields) => boolean;
}

/** Keys that other services have, too. */
const WRAPPERS = [
	'embedded',
	'data',
	'result',
	'results',
	'items',
	'content',
	'contents',
	'response',
	'value',
	'listing',
	'list',
	'body',
	'payload',
];

/** The list in an answer of success, wherever a service puts it, and where it continues. */
export function listIn(answer: TextAnswer, shape: ListShape): Omit<Page<unknown>, 'entries'> & { list: unknown[] } {
	const { what } = shape;
	if (hasForeignHeader(answer.headers)) throw notFileXs(what, answer, 'a proxy answered');
	if (answer.status === 204 && answer.body.trim() === '') return { list: [], count: 0 };
	const json = parsed(answer);
	if (typeof json !== 'object' || json === null) throw notFileXs(what, answer, 'it is no JSON object or list');
	if (isFields(json) && isTold(field(json, 'error', 'errors', 'fault', 'errormessage')))
		throw notFileXs(what, answer, 'it reports an error');
	const list = find(json, answer, shape, 0);
	if (!list) throw notFileXs(what, answer, 'it has no list of entries');
	return { list, count: list.length, ...(isFields(json) ? goesOn(json, list, answer, shape) : linked(answer)) };
}

/** Whether a value says anything. */
function isTold(value: unknown): boolean {
	return !(
		value === undefined ||
		value === null ||
		value === false ||
		value === '' ||
		(Array.isArray(value) && value.length === 0)
	);
}

function parsed({ body }: TextAnswer): unknown {
	try {
		return JSON.parse(body);
	} catch {
		return undefined;
	}
}

function find(json: unknown, answer: TextAnswer, shape: ListShape, depth: number): unknown[] | undefined {
	const { what, ownKeys, isEmpty, isEntry, isOther, takesBareEmpty } = shape;
	if (Array.isArray(json)) {
		// A list round the whole answer, not round its entries.
		const [only] = json as unknown[];
		if (json.length === 1 && isFields(only) && (fields(only).has(...ownKeys) || hasLinks(only, ownKeys)))
			return find(only, answer, shape, depth + 1);
		if (json.length === 0 && !(takesBareEmpty && depth === 0))
			throw notFileXs(what, answer, 'it is an empty list, which any service may answer with');
		return json;
	}
	if (!isFields(json) || depth > 3) return undefined;
	if (isOther?.(json)) return undefined;
	if (isEntry?.(json)) return [json];
	const { one, has } = fields(json);
	const own = ownKeys.filter((key) => has(key));
	const lists = own
		.map((key) => one(key))
		.filter((value) => value !== undefined)
		.map((value) => (isFields(value) && isEntry?.(value) ? [value] : value));
	if (lists.some((value) => !Array.isArray(value))) throw notFileXs(what, answer, `its '${own[0]}' are not a list`);
	if (lists.length > 0) return lists.flat(1);
	if (isEmpty(json)) return [];
	const wrapped = WRAPPERS.map((key) => one(key)).find((value) => typeof value === 'object');
	return wrapped === undefined ? undefined : find(wrapped, answer, shape, depth + 1);
}

/** Whether an object links to entries of its own. */
function hasLinks(object: Fields, keys: string[]): boolean {
	const links = field(object, 'links');
	return isFields(links) && fields(links).has(...keys);
}

/** Where a list continues. One that says that it continues, but not where, is refused. */
function goesOn(
	json: Fields,
	list: unknown[],
	answer: TextAnswer,
	{ what }: ListShape,
): Pick<Page<unknown>, 'next' | 'total' | 'totalPages'> {
	// Its entries have links and words of their own.
	const outer = walk(withoutList(json, list)).filter(({ within }) => within.length > 0);
	const next =
		nextIn(json) ??
		outer
			.filter(({ value }) => isFields(value))
			.map(({ value }) => nextIn(value as Fields))
			.find((each) => each !== undefined) ??
		linked(answer).next;
	const totals: number[] = [];
	const pages: number[] = [];
	for (const { key, value } of outer) {
		const name = plainKey(key);
		if (
			/^(total|totalcount|totalelements|totalitems|totalresults|totalsize)$/.test(name) &&
			Number.isSafeInteger(value)
		)
			totals.push(value as number);
		if (/^(totalpages|pagecount)$/.test(name) && Number.isSafeInteger(value)) pages.push(value as number);
		const says =
			(/^(hasmore|hasnext|istruncated|truncated|more|incomplete)$/.test(name) && String(value) === 'true') ||
			(name === 'last' && value === false);
		const cursor =
			/^(next(page)?(token|cursor|marker|link|url|uri)?|@odata\.nextlink|continuationtoken|nextcontinuationtoken)$/.test(
				name,
			) && isTold(value);
		if ((says || cursor) && next === undefined)
			throw notFileXs(what, answer, 'it continues, but has no link to its next page');
	}
	return {
		...(next !== undefined && { next }),
		...(totals.length > 0 && { total: Math.max(...totals) }),
		...(pages.length > 0 && { totalPages: Math.max(...pages) }),
	};
}

/** The same object, its list of entries left out at any depth. */
function withoutList(json: Fields, list: unknown[], depth = 0): Fields {
	return Object.fromEntries(
		Object.entries(json)
			.filter(([, value]) => value !== list && !(Array.isArray(value) && value.length > 0 && list.includes(value[0])))
			.map(([key, value]) => [key, isFields(value) && depth < 4 ? withoutList(value, list, depth + 1) : value]),
	);
}

/** Of `_links` (an object or a list of links), or of a key that says so itself. */
function nextIn(json: Fields): string | undefined {
	const { one } = fields(json);
	const links = one('links', 'link');
	if (Array.isArray(links)) {
		const next = links.find((each) => isFields(each) && String(field(each, 'rel')).toLowerCase() === 'next');
		if (next !== undefined) return href(next);
	}
	const next =
		(isFields(links) ? field(links, 'next') : undefined) ??
		one('nextlink', 'nexturl', 'nextpage', '@odata.nextlink', 'next');
	return next === undefined ? undefined : href(next);
}

function href(link: unknown): string | undefined {
	const first: unknown = Array.isArray(link) ? link[0] : link;
	const text = isFields(first) ? field(first, 'href', 'url') : first;
	return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

/** By the `Link` header (RFC 8288). */
function linked({ headers }: TextAnswer): { next?: string } {
	const next = /<([^<>]{1,4096})>[^<,]{0,200};\s*rel="?next"?/i.exec((headers.link ?? '').slice(0, 8192))?.[1];
	return next === undefined ? {} : { next };
}

/**
 * Reads a list over all its pages, or fails: a part of a list is never given out as one.
 *
 * @param first where it begins, absolute
 * @param ask asks for one page; only ever at the origin of `first`, because the account's token goes along
 */
export async function readPages<T>(
	first: string,
	what: string,
	ask: (url: string) => Promise<TextAnswer>,
	read: (answer: TextAnswer) => Page<T> | Promise<Page<T>>,
	now: () => number = () => performance.now(),
): Promise<{ entries: T[]; first: TextAnswer }> {
	const entries: T[] = [];
	const names = new Set<string>();
	const asked = new Set<string>();
	const until = now() + LONGEST_LISTING;
	let count = 0;
	let answer = await ask(first);
	const firstAnswer = answer;
	for (let url = first; ;) {
		asked.add(url);
		const page = await read(answer);
		for (const name of page.names ?? []) {
			if (names.has(name)) throw notFileXs(what, answer, `it has '${shorten(name)}' on two of its pages`);
			names.add(name);
		}
		count += page.count;
		if (count > MOST_ENTRIES) throw notFileXs(what, answer, `it has more than ${MOST_ENTRIES} entries`);
		for (const entry of page.entries) entries.push(entry);
		if (page.next === undefined) {
			if (count < (page.total ?? 0))
				throw notFileXs(what, answer, `it says that it has ${page.total} entries, and gives ${count}`);
			if (asked.size < (page.totalPages ?? 0))
				throw notFileXs(what, answer, `it says that it has ${page.totalPages} pages, and links to ${asked.size}`);
			return { entries, first: firstAnswer };
		}
		url = resolved(page.next, url, answer, what);
		if (asked.has(url)) throw notFileXs(what, answer, 'a link to its next page leads back');
		if (asked.size >= MOST_PAGES) throw notFileXs(what, answer, `it has more than ${MOST_PAGES} pages`);
		if (now() > until) throw notFileXs(what, answer, `its pages take longer than ${LONGEST_LISTING / 60_000} minutes`);
		answer = await ask(url);
	}
}

function resolved(next: string, from: string, answer: TextAnswer, what: string): string {
	if (!URL.canParse(next, from)) throw notFileXs(what, answer, 'the link to its next page is no URL');
	const url = new URL(next, from);
	url.hash = '';
	if (url.origin !== new URL(from).origin || url.username !== '' || url.password !== '')
		throw notFileXs(what, answer, `the link to its next page leads elsewhere (${url.origin})`);
	return url.href;
}
