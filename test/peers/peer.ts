import type { Readable } from 'node:stream';
import { GetObjectCommand, S3Client, S3ServiceException, type S3ClientConfig } from '@aws-sdk/client-s3';
import { summary } from '../support/content';
import { DIFFERENCES } from './differences';
import { RGW } from './rgw-target';
import { SANDBOX } from './sandbox-target';
import type { S3Target, SessionKeys, TargetSource } from './target';

const SOURCES: TargetSource[] = [RGW, SANDBOX];

type Differences = typeof DIFFERENCES;

/** Whether a missing target is a failure: in CI no one reads skips. */
const STRICT = process.env.CI === 'true';

/** What any of the client's answers has. */
export interface MetadataBearer {
	$metadata: { httpStatusCode?: number };
}

/** What all tests use: a target, and a session of it. */
export class Peer {
	private constructor(
		readonly target: S3Target,
		readonly keys: SessionKeys,
		/** The session's client. */
		readonly client: S3Client,
	) {}

	static async open(source: TargetSource): Promise<Peer> {
		const target = await source.open();
		const keys = await target.session();
		return new Peer(target, keys, clientOf(target, keys));
	}

	get bucket(): string {
		return this.target.bucket;
	}

	/** The key of an object to be put. */
	put(name: string): { Bucket: string; Key: string } {
		return { Bucket: this.bucket, Key: this.target.writePrefix + uploadName(name) };
	}

	/** The key of an object to be got. */
	get(name: string): { Bucket: string; Key: string } {
		return { Bucket: this.bucket, Key: this.target.readPrefix + name };
	}

	/** A client with other keys or settings. */
	clientWith({ keys = this.keys, ...config }: S3ClientConfig & { keys?: SessionKeys }): S3Client {
		return clientOf(this.target, keys, config);
	}

	/** What became of an object that was put. */
	async readBack(name: string): Promise<{ size: number; sha256: string }> {
		const { key, keys } = await this.target.landed(uploadName(name));
		const reader = this.clientWith({ keys });
		try {
			const { Body } = await reader.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
			return await summary(Body as Readable);
		} finally {
			reader.destroy();
		}
	}

	/** What to expect where RGW differs from AWS. */
	expected<Name extends keyof Differences>(name: Name): Differences[Name]['aws'] | Differences[Name]['rgw'] {
		const { aws, rgw }: Differences[Name] = DIFFERENCES[name];
		return this.target.like === 'aws' ? aws : rgw;
	}

	async close(): Promise<void> {
		this.client.destroy();
		await this.target.close();
	}
}

/** fileX takes no spaces in the names of uploads (guide, FAQ 5). */
function uploadName(name: string): string {
	return name.replaceAll(' ', '_');
}

function clientOf({ endpoint, region }: S3Target, keys: SessionKeys, config: S3ClientConfig = {}): S3Client {
	// A second attempt would hide a first that failed, and cannot send a stream again.
	return new S3Client({ endpoint, region, credentials: { ...keys }, forcePathStyle: true, maxAttempts: 1, ...config });
}

/** `describe` for each target there is; `peer` gives what {@link Peer.open} gave once tests run. */
export function describePeers(name: string, tests: (peer: () => Peer) => void): void {
	describe.each(SOURCES)(`${name} at $name`, (source) => {
		if (source.missing !== undefined && !STRICT) return it.skip(`skipped: ${source.missing}`, () => {});
		let peer: Peer;
		beforeAll(async () => {
			if (source.missing !== undefined) throw new Error(source.missing);
			peer = await Peer.open(source);
		});
		afterAll(async () => await peer?.close());
		tests(() => peer);
	});
}

/** What a server made of what a client sent: its status, and the code of its refusal. */
export async function outcome(sent: Promise<MetadataBearer>): Promise<{ status?: number; code?: string }> {
	try {
		const { $metadata } = await sent;
		return { status: $metadata.httpStatusCode };
	} catch (error) {
		if (!(error instanceof S3ServiceException)) throw error;
		return { status: error.$metadata.httpStatusCode, code: error.name };
	}
}
