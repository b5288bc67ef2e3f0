import type { Endpoints } from '../account/environments';
import type { Logins } from '../account/login-guard';
import { FileXError } from '../errors';
import type { Egress } from '../http/egress';
import type { FileXHttp } from '../http/port';
import { type FilePath, formatFile, formatSpace, type SpacePath } from '../places/paths';
import { RestSpace } from '../rest/rest-space';
import type { FileSpace, FileStream, RemoteDirectory, RemoteFile, Resume, UploadRequest } from '../space';
import { S3Access } from './access';
import { listFiles } from './list';
import { prefixFor, type S3Object, type S3Prefix } from './location';
import { putInParts } from './multipart';
import { SINGLE_PUT } from './part-plan';
import { putWhole } from './put';
import { readObject } from './read';
import { requestS3Token, type S3Token } from './token';
import { S3TokenSource } from './token-source';

/**
 * fileX over S3 Direct (guide, section 6): a token for each application, and then S3 itself. What
 * applications and sub-spaces there are, only REST can tell.
 */
export class S3Space implements FileSpace {
	readonly registersUploads = false;
	readonly parallelUploads = Infinity;
	readonly uploadListing: Pick<FileSpace, 'list'>;
	private readonly rest: RestSpace;
	/** By organization and application. */
	private readonly accesses = new Map<string, S3Access<S3Token>>();

	constructor(
		private readonly endpoints: Endpoints,
		private readonly http: FileXHttp,
		private readonly ports: { egress?: Egress; guard?: Logins; signal?: AbortSignal } = {},
	) {
		this.rest = new RestSpace(endpoints.rest, http, ports.signal);
		// A token for S3 Direct does not open upload sub-spaces for reading; REST, which gave the token, does.
		this.uploadListing = this.rest;
	}

	async applications(orgId: string): Promise<RemoteDirectory[]> {
		return await this.rest.applications(orgId);
	}

	async subSpaces(orgId: string, application: string): Promise<RemoteDirectory[]> {
		return await this.rest.subSpaces(orgId, application);
	}

	async list(space: SpacePath): Promise<RemoteFile[]> {
		return await listFiles(this.accessTo(space), await this.readable(space), formatSpace(space));
	}

	async read(file: FilePath, resume?: Resume): Promise<FileStream> {
		return await readObject(this.accessTo(file), objectOf(await this.readable(file), file), resume);
	}

	async requestUpload(file: FilePath): Promise<UploadRequest> {
		const access = this.accessTo(file);
		const { writePaths } = await access.credentials(formatFile(file));
		const place = prefixFor(writePaths, file);
		if (!place) throw noSuchPlace(file);
		const object = objectOf(place, file);
		return {
			isRegistered: this.registersUploads,
			isWholeWhenSeen: true,
			send: async (content, signal) =>
				await (content.size <= SINGLE_PUT ? putWhole : putInParts)(access, object, content, signal),
		};
	}

	async close(): Promise<void> {
		const accesses = [...this.accesses.values()];
		this.accesses.clear();
		await Promise.all(accesses.map(async (access) => await access.close()));
	}

	private accessTo({ orgId, application }: SpacePath): S3Access<S3Token> {
		const key = `${orgId}/${application}`;
		const known = this.accesses.get(key);
		if (known) return known;
		const { endpoints, http, ports } = this;
		const tokens = new S3TokenSource(
			async (what) =>
				await requestS3Token({ baseUrl: endpoints.rest, http, signal: ports.signal }, orgId, application, what),
		);
		const access = new S3Access(tokens, { ...ports, endpoint: endpoints.s3, pathStyle: endpoints.s3 !== undefined });
		this.accesses.set(key, access);
		return access;
	}

	/** Where a sub-space lies that may be read. A token names those only, whether there are others or not. */
	private async readable(space: SpacePath): Promise<S3Prefix> {
		const { readPaths } = await this.accessTo(space).credentials(formatSpace(space));
		const place = prefixFor(readPaths, space);
		if (place) return place;
		const subSpaces = await this.rest.subSpaces(space.orgId, space.application);
		throw subSpaces.some(({ name }) => name === space.subSpace) ? notReadable(space) : noSuchPlace(space);
	}
}

function objectOf({ bucket, prefix }: S3Prefix, file: FilePath): S3Object {
	return { bucket, key: prefix + file.name, path: formatFile(file) };
}

function notReadable(space: SpacePath): FileXError {
	return new FileXError('entitlement', `This account may not read '${formatSpace(space)}' over S3 Direct`, {
		hint: "S3 Direct does not show upload sub-spaces: look into the archive sub-space, or use HTTPS REST or SFTP. For any other, ask your firm's Account Administrator (SAA) or FINRA (800-321-6273) for the entitlement.",
		retrySafe: false,
	});
}

function noSuchPlace(space: SpacePath): FileXError {
	return new FileXError('not-found', `'${formatSpace(space)}' is not available over S3 Direct`, {
		hint: 'Check the spelling; letter case matters.',
		retrySafe: true,
	});
}
