import type { Readable } from 'node:stream';
import { FileXError } from '../errors';
import { NO_SIZE } from '../hints';
import { LONGEST_LIST } from '../http/answer-bounds';
import { isPageAnswer, readJson } from '../http/body';
import { foreignAnswer } from '../http/foreign';
import type { FileXHttp, HttpAnswer } from '../http/port';
import { md5Of, provesObject, storeAnswerOf } from '../http/storage-proof';
import { notFileXs, refuseTooLong, type TextAnswer } from '../http/unexpected-answer';
import { type FilePath, formatFile, formatSpace, type SpacePath } from '../places/paths';
import type { FileSpace, FileStream, RemoteDirectory, RemoteFile, Resume, UploadRequest } from '../space';
import { replacedMeanwhile } from '../transfer/resuming';
import { callPage, callRest, type MediaType } from './call';
import { readDirectories, readManyFiles } from './listing';
import { type Page, readPages } from './page';
import { lifetimeOf, type PresignedUrl, readPresigned } from './presigned';
import { restError } from './rest-errors';
import { STORAGE, storageError } from './storage-errors';
import { putToUrl } from './upload';

/** fileX over HTTPS REST (guide, section 5). */
export class RestSpace implements FileSpace {
	/** Of a single PUT: https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html */
	readonly uploadLimit = 5 * 2 ** 30;
	readonly registersUploads = true;
	readonly parallelUploads = Infinity;
	readonly uploadListing = this;

	/** @param baseUrl of the REST API, without a trailing slash */
	constructor(
		private readonly baseUrl: string,
		private readonly http: FileXHttp,
		private readonly signal?: AbortSignal,
	) {}

	async applications(orgId: string): Promise<RemoteDirectory[]> {
		return await this.pages(orgId, readDirectories);
	}

	async subSpaces(orgId: string, application: string): Promise<RemoteDirectory[]> {
		return await this.pages(`${orgId}/${application}`, readDirectories);
	}

	async list(space: SpacePath): Promise<RemoteFile[]> {
		return await this.pages(formatSpace(space), async (answer) => {
			refuseAnother(answer, space.subSpace);
			return await readManyFiles(answer);
		});
	}

	async rawXml(path: string): Promise<string> {
		const answer = await this.call('GET', path, 'application/xml');
		if (answer.status !== 200) throw restError(answer, path);
		refuseTooLong('XML', answer, LONGEST_LIST);
		if (!/^\s*</.test(answer.body) || isPageAnswer(answer)) throw notFileXs('XML', answer);
		return answer.body;
	}

	async read(file: FilePath, resume?: Resume): Promise<FileStream> {
		const path = formatFile(file);
		for (let attempt = 1; ; attempt++) {
			// The URL lives one minute: it is asked for right before its use, again for every attempt.
			const { url, headers } = await this.presign('GET', path);
			const answer = await this.http.stream({
				method: 'GET',
				url,
				headers: { ...headers, ...(resume && { Range: `bytes=${resume.from}-`, 'If-Range': resume.version }) },
				signal: this.signal,
			});
			if (answer.status >= 200 && answer.status < 300 && !provesObject(storeAnswerOf(answer.headers))) {
				answer.body.destroy();
				throw foreignAnswer(STORAGE, answer, path);
			}
			if (answer.status === 206 && resume) return { stream: answer.body, size: sizeOfPart(answer, file, resume) };
			if (answer.status === 200 && resume) {
				answer.body.destroy();
				throw replacedMeanwhile(formatFile(file));
			}
			if (answer.status === 200) {
				const version = answer.headers.etag;
				const md5 = md5Of(storeAnswerOf(answer.headers));
				return {
					stream: answer.body,
					size: announcedSize(answer, path),
					...(version && { version }),
					...(md5 && { md5 }),
				};
			}
			const refusal = storageError({ ...answer, body: await readStart(answer.body) }, path, 'download');
			if (refusal.kind !== 'expired-url' || attempt === 2) throw refusal;
		}
	}

	async requestUpload(file: FilePath): Promise<UploadRequest> {
		const path = formatFile(file);
		const { url, trackingId, headers } = await this.presign('PUT', path);
		return {
			isRegistered: this.registersUploads,
			isWholeWhenSeen: true,
			trackingId,
			lifetime: lifetimeOf(url),
			presigned: { url, headers },
			send: async (content, signal) => await putToUrl(this.http, url, path, content, signal, headers),
		};
	}

	async close(): Promise<void> {}

	private async presign(method: 'GET' | 'PUT', path: string): Promise<PresignedUrl> {
		const answer = await this.call(method, path);
		const redirect = answer.status >= 300 && answer.status < 400;
		if (answer.status !== 200 && answer.status !== 201 && !redirect) throw restError(answer, path);
		const presigned = read(answer, { method, what: path, file: path.split('/').at(-1), base: this.baseUrl });
		if (presigned.url.startsWith('https:') || this.baseUrl.startsWith('http:')) return presigned;
		throw new FileXError('unexpected-answer', `fileX handed out an unencrypted URL for '${path}', which was not used`, {
			hint: 'Report this to FINRA (800-321-6273).',
			retrySafe: true,
		});
	}

	/** All entries of a listing, page by page. */
	private async pages<T>(path: string, read: (answer: TextAnswer) => Page<T> | Promise<Page<T>>): Promise<T[]> {
		const { baseUrl, http, signal } = this;
		const first = `${baseUrl}/files/${encoded(path)}`;
		const ask = async (url: string) => {
			const answer = await (url === first ? this.call('GET', path) : callPage({ baseUrl, http, signal }, url));
			if (answer.status !== 200 && answer.status !== 204) throw restError(answer, path);
			return answer;
		};
		return (await readPages(first, 'a listing', ask, read)).entries;
	}

	private async call(method: 'GET' | 'PUT', path: string, accept?: MediaType): Promise<HttpAnswer<string>> {
		const { baseUrl, http, signal } = this;
		return await callRest({ baseUrl, http, signal }, method, `files/${encoded(path)}`, accept);
	}
}

/** Refuses a listing that begins with the name of another place, as fileX's do with their own (guide, section 5.4.3). */
function refuseAnother(answer: TextAnswer, subSpace: string): void {
	const [, name] = /^\s*\{\s*"name"\s*:\s*"([^"\\]{0,200})"/.exec(answer.body.slice(0, 300)) ?? [];
	if (name !== undefined && name.toLowerCase() !== subSpace.toLowerCase())
		throw notFileXs('a listing', answer, 'it is of another sub-space');
}

/** Reads a pre-signed URL. An upload request that a service has answered is registered, whether its answer can be read or not. */
function read(answer: TextAnswer, asked: Parameters<typeof readPresigned>[1]): PresignedUrl {
	try {
		return readPresigned(answer, asked);
	} catch (error) {
		const isService =
			answer.status < 300 &&
			(readJson(answer.body) !== undefined || /^\s*<[?\w]/.test(answer.body)) &&
			!isPageAnswer(answer);
		if (asked.method === 'GET' || !isService || !(error instanceof FileXError)) throw error;
		throw new FileXError(error.kind, error.message, { ...error, isRegistered: true });
	}
}

function encoded(path: string): string {
	return path.split('/').map(encodeURIComponent).join('/');
}

function announcedSize({ headers, body }: HttpAnswer<Readable>, path: string): number {
	const size = Number(headers['content-length']);
	if (headers['content-length'] !== undefined && Number.isSafeInteger(size)) return size;
	body.destroy();
	throw new FileXError('unexpected-answer', `The storage behind fileX does not say how large '${path}' is`, {
		hint: NO_SIZE,
		retrySafe: true,
	});
}

/** The whole size, of an answer that must begin where it was asked to. */
function sizeOfPart({ headers, body }: HttpAnswer<Readable>, file: FilePath, { from, version }: Resume): number {
	const [, start, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
	// The condition may have been dropped on the way.
	if (Number(start) === from && headers.etag === version) return Number(size);
	body.destroy();
	throw replacedMeanwhile(formatFile(file));
}

/** How long the beginning of a refusal may take, in ms. */
const START_TIMEOUT = 10_000;

/** The first 16 KiB of an answer's body, as text; a body that breaks off gives what came. */
async function readStart(body: Readable): Promise<string> {
	let text = '';
	const timer = setTimeout(() => body.destroy(), START_TIMEOUT);
	try {
		for await (const chunk of body) {
			text += String(chunk);
			if (text.length > 16_384) break;
		}
	} catch {
		// The status alone says enough.
	} finally {
		clearTimeout(timer);
	}
	body.destroy();
	return text;
}
