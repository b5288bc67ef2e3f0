import { FileXError } from '../errors';
import type { Egress } from '../http/egress';
import { S3Access } from '../s3/access';
import type { S3Object } from '../s3/location';
import { putInParts } from '../s3/multipart';
import { SINGLE_PUT } from '../s3/part-plan';
import { putWhole } from '../s3/put';
import { readObject } from '../s3/read';
import type { FileContent } from '../space';
import type { BucketSettings } from './settings';
import { BUCKET_WORDS } from './words';

/** A bucket of the user's own, which files are taken from and put into without a stop on this machine. */
export class UserBucket {
	private readonly access: S3Access;

	constructor(
		private readonly settings: BucketSettings,
		private readonly ports: { egress?: Egress; signal?: AbortSignal } = {},
	) {
		const { region, endpoint, pathStyle, accessKeyId, secretAccessKey, sessionToken } = settings;
		const keys = { region, credentials: { accessKeyId, secretAccessKey, sessionToken } };
		this.access = new S3Access(
			{ credentials: async () => keys, drop() {} },
			{ ...ports, endpoint, pathStyle, words: BUCKET_WORDS },
		);
	}

	/** Asks for its first entry. @throws FileXError where that is refused */
	async check(): Promise<void> {
		const query = { Bucket: this.settings.bucket, MaxKeys: 1 };
		await this.access.repeatedly(
			this.pathOf(''),
			async ({ s3, sdk, abortSignal }) => await s3.send(new sdk.ListObjectsV2Command(query), { abortSignal }),
		);
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
		const result = await (content.size <= SINGLE_PUT ? putWhole : putInParts)(this.access, object, content, signal);
		if (result.outcome === 'accepted') return object.path;
		if (result.outcome === 'rejected') throw result.error;
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

	private object(key: string): S3Object {
		return { bucket: this.settings.bucket, key, path: this.pathOf(key) };
	}

	private pathOf(key: string): string {
		return `s3://${this.settings.bucket}/${key}`;
	}
}
