import { Readable } from 'node:stream';
import type { _Object, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { FileXError } from '../errors';
import { LONGEST_LISTING, MOST_ENTRIES, MOST_PAGES } from '../http/answer-bounds';
import { foreignAnswer, type Sender } from '../http/foreign';
import { plainHeaders } from '../http/port';
import type { RemoteFile } from '../space';
import { shorten } from '../util/shorten';
import type { S3Access } from './access';
import { limited, LONGEST_S3_ANSWER } from './limited';
import type { S3Prefix } from './location';

const CHECK_FILEX =
	"Check 'S3 URL' in the credential if you set one, and whether a proxy, a gateway or a login page answers in place of S3.";

/** What was met at the other end, as far as it may be shown. */
interface Met {
	status: number;
	headers: Record<string, string>;
}

/** What a page of a listing says: the files in it, and where the next one begins. */
export interface S3Page {
	files: RemoteFile[];
	next?: string;
}

/**
 * All files right under a prefix, page by page.
 *
 * @param what the sub-space, to be named in errors
 * @param check what to do about an answer that is no listing
 */
export async function listFiles(
	access: Pick<S3Access, 'repeatedly'>,
	place: S3Prefix,
	what: string,
	now: () => number = () => performance.now(),
	check = CHECK_FILEX,
): Promise<RemoteFile[]> {
	const until = now() + LONGEST_LISTING;
	const files = new Map<string, RemoteFile>();
	const asked = new Set<string | undefined>();
	let token: string | undefined;
	do {
		const query = { Bucket: place.bucket, Prefix: place.prefix, Delimiter: '/', ContinuationToken: token };
		asked.add(token);
		const met: Met = { status: 200, headers: {} };
		const refuse = (reason: string) => notAListing({ name: 'S3', check }, what, met, reason);
		const page = await access.repeatedly(what, async ({ s3, sdk, abortSignal }) => {
			const command = new sdk.ListObjectsV2Command(query);
			command.middlewareStack.add(
				(next) => async (args) => {
					const result = await next(args);
					const response = result.response as { statusCode?: number; headers?: object; body?: unknown };
					Object.assign(met, { status: response.statusCode ?? 0, headers: plainHeaders(response.headers ?? {}) });
					if (response.body instanceof Readable)
						response.body = limited(response.body, () =>
							refuse(`it is longer than ${LONGEST_S3_ANSWER / 2 ** 20} MiB`),
						);
					return result;
				},
				{ step: 'deserialize', priority: 'low', name: 'meet' },
			);
			return await s3.send(command, { abortSignal }).catch((error: unknown) => {
				if (error instanceof FileXError) throw error;
				// An answer of success that is no XML.
				throw met.status === 200 && Object.keys(met.headers).length > 0 && !abortSignal.aborted && isUnread(error)
					? refuse('it cannot be read')
					: error;
			});
		});
		const { files: some, next } = readS3Page(page, place, refuse);
		for (const file of some) {
			if (files.has(file.name)) throw refuse(`it has '${shorten(file.name)}' twice`);
			files.set(file.name, file);
		}
		if (files.size > MOST_ENTRIES) throw refuse(`it has more than ${MOST_ENTRIES} files`);
		if (asked.size >= MOST_PAGES && next !== undefined) throw refuse(`it has more than ${MOST_PAGES} pages`);
		if (next !== undefined && asked.has(next)) throw refuse('its continuation token was there before');
		if (next !== undefined && now() > until)
			throw refuse(`its pages take longer than ${LONGEST_LISTING / 60_000} minutes`);
		token = next;
	} while (token !== undefined);
	return [...files.values()];
}

/** Whether the SDK could not make out an answer, and not that the connection broke. */
function isUnread(error: unknown): boolean {
	const { code, name } = (error ?? {}) as { code?: string; name?: string };
	return code === undefined && name !== 'AbortError' && name !== 'TimeoutError';
}

/**
 * Reads a page of a listing. That it is S3's own is proven by the bucket's name and the prefix, which it repeats.
 *
 * @param refuse makes the error of what is no listing
 */
export function readS3Page(
	page: Partial<ListObjectsV2CommandOutput>,
	{ bucket, prefix }: S3Prefix,
	refuse: (reason: string) => FileXError,
): S3Page {
	const plain = page.EncodingType === 'url' ? (key: string) => decoded(key, refuse) : (key: string) => key;
	if (page.Name !== bucket)
		throw refuse(page.Name === undefined ? 'it does not name the bucket' : 'it is of another bucket');
	if (page.KeyCount !== undefined && !(Number.isSafeInteger(page.KeyCount) && page.KeyCount >= 0))
		throw refuse('its KeyCount is not a count');
	if (typeof page.IsTruncated !== 'boolean' && page.KeyCount === undefined)
		throw refuse('it has neither IsTruncated nor KeyCount');
	if (typeof (page.Prefix ?? '') !== 'string' || plain(page.Prefix ?? '') !== prefix)
		throw refuse('it is of another prefix');
	const contents: unknown = page.Contents ?? [];
	if (!Array.isArray(contents)) throw refuse('its entries are not a list');
	const count = contents.length + (page.CommonPrefixes?.length ?? 0);
	// S3 always counts: without a count, entries under another name would pass for none.
	if (count === 0 && page.KeyCount === undefined) throw refuse('it has neither entries nor a KeyCount');
	if ((page.KeyCount ?? 0) > count) throw refuse(`it says that it has ${page.KeyCount} entries, and gives ${count}`);
	const files: RemoteFile[] = [];
	for (const object of contents as Array<_Object | null>) {
		const { Key, Size, LastModified } = object ?? {};
		const key = typeof Key === 'string' ? plain(Key) : undefined;
		// A folder's own entry, which some tools make, is not a file in it.
		if (key === prefix) continue;
		const name = key?.startsWith(prefix) ? key.slice(prefix.length) : undefined;
		if (
			name === undefined ||
			!Number.isSafeInteger(Size) ||
			Size! < 0 ||
			!(LastModified instanceof Date) ||
			Number.isNaN(LastModified.getTime())
		)
			throw refuse('an entry lacks its name, size or time');
		if (name.includes('/') || name === '.' || name === '..')
			throw refuse(`'${shorten(name)}' is not a valid file name`);
		files.push({ name, size: Size!, lastModified: LastModified });
	}
	const next = page.NextContinuationToken;
	if (page.IsTruncated && !next) throw refuse('it breaks off');
	return { files, ...(next && { next }) };
}

function decoded(key: string, refuse: (reason: string) => FileXError): string {
	try {
		return decodeURIComponent(key.replace(/\+/g, ' '));
	} catch {
		throw refuse('an entry has a broken % sequence');
	}
}

function notAListing(sender: Sender, what: string, met: Met, reason: string): FileXError {
	return foreignAnswer(sender, met, what, `which is not a listing: ${reason}`);
}
