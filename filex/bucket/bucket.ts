import { FileXError } from '../errors';
import type { Egress } from '../http/egress';
import { S3Access, type S3Call, type Storing } from '../s3/access';
import type { S3Object } from '../s3/location';
import { listFiles } from '../s3/list';
import { putInParts } from '../s3/multipart';
import { BUFFERED_PUT, putBuffered } from '../s3/put-buffered';
import { readObject } from '../s3/read';
import type { FileContent, RemoteFile } from '../space';
import { credentialSource } from './credentials';
import type { BucketSettings } from './settings';
import { BUCKET_WORDS } from './words';

export interface BucketPorts {
	egress?: Egress;
	signal?: AbortSignal;
	/** How files are stored; as the bucket's own settings say where absent. */
	storing?: Storing['headers'];
}

/** A bucket of the user's own, which files are taken from and put into without a stop on this machine. */
export class UserBucket {
	private readonly access: S3Access;

	constructor(
		private readonly settings: BucketSettings,
		private readonly ports: BucketPorts = {},
	) {
		const { endpoint, pathStyle } = settings;
		const { storing, ...rest } = ports;
		this.access = new S3Access(credentialSource(settings, ports.egress), {
			...rest,
			endpoint,
			pathStyle,
			words: BUCKET_WORDS,
			storing: { integrity: 'md5', headers: storing },
		});
	}

	/** Asks for its first entry. @throws FileXError where that is refused */
	async check(): Promise<void> {
		const query = { Bucket: this.settings.bucket, MaxKeys: 1 };
		await this.access.repeatedly(
			this.urlOf(''),
			async ({ s3, sdk, abortSignal }) => await s3.send(new sdk.ListObjectsV2Command(query), { abortSignal }),
		);
	}

	/** The files right under a prefix, which ends in a slash or is empty. */
	async list(prefix: string): Promise<RemoteFile[]> {
		const place = { bucket: this.settings.bucket, prefix };
		return await listFiles(this.access, place, this.urlOf(prefix), undefined, BUCKET_WORDS.settings);
	}

	/** The file under a key. Whoever opens it gets the very version that is there now, or an error. */
	async find(key: string): Promise<FileContent> {
		const object = this.object(key);
		const { size, version = '', stream } = await readObject(this.access, object);
		stream.destroy();
		return { size, open: async () => (await readObject(this.access, object, { from: 0, version })).stream };
	}

	/**
	 * Stores a file under a key, whole or not at all; what was there before it replaces.
	 *
	 * @returns its URL, `s3://{bucket}/{key}`
	 */
	async store(key: string, content: FileContent): Promise<string> {
		const object = this.object(key);
		const { signal = new AbortController().signal } = this.ports;
		const result = await (content.size <= BUFFERED_PUT ? putBuffered : putInParts)(
			this.access,
			object,
			content,
			signal,
		);
		if (result.outcome === 'rejected') throw result.error;
		const stored = await this.sizeOf(object);
		if (stored !== undefined && stored !== content.size) throw notWhole(object.path, stored, content.size);
		if (result.outcome === 'accepted') return object.path;
		throw new FileXError(
			'unavailable',
			`It cannot be determined whether '${object.path}' was stored: ${result.error.message}`,
			{
				hint: 'Running it again is safe: it stores the same file under the same key.',
				retrySafe: true,
			},
		);
	}

	async close(): Promise<void> {
		await this.access.close();
	}

	/** What the store itself says of an object; undefined where the keys may not ask, or there is none. */
	private async sizeOf({ bucket, key, path }: S3Object): Promise<number | undefined> {
		const head = async ({ s3, sdk, abortSignal }: S3Call) =>
			await s3.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal });
		try {
			return (await this.access.once(path, head)).ContentLength;
		} catch {
			return undefined;
		}
	}

	private object(key: string): S3Object {
		return { bucket: this.settings.bucket, key, path: this.urlOf(key) };
	}

	/** `s3://{bucket}/{key}` */
	urlOf(key: string): string {
		return `s3://${this.settings.bucket}/${key}`;
	}
}

function notWhole(path: string, stored: number, size: number): FileXError {
	return new FileXError('incomplete', `'${path}' has ${stored} bytes in the store, and not ${size}`, {
		hint: 'Something else writes to the same key, or a proxy changes what is sent. Running it again is safe: it stores the file under the same key.',
		retrySafe: true,
	});
}
