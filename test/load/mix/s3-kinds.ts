import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import {
	GetObjectCommand,
	ListObjectsV2Command,
	PutObjectCommand,
	S3Client,
	S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { S3Session } from '../../../sandbox/s3/keys';
import { REQUEST_LIMIT } from './http-clients';
import { sha256 } from '../../support/random';
import { READ_SPACE, type Draft, type Kind, type Worker } from './worker';

const BUCKET = 'bucket-filex';

/** The SDK warns of each upload that this test breaks off. */
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** A client with a token of its own. */
export async function s3Client(worker: Worker, application: string): Promise<S3Client> {
	const { agent, sandbox } = worker.world;
	const { region, credentials, readPaths } = await worker.json<S3Session>(`S3TransferTokens/0001/${application}`);
	assert.ok(readPaths.length > 0);
	return new S3Client({
		endpoint: sandbox.s3,
		region,
		credentials: { ...credentials, expiration: new Date(credentials.expiration) },
		forcePathStyle: true,
		// A second attempt would hide a first that failed.
		maxAttempts: 1,
		logger: SILENT,
		requestHandler: { httpAgent: agent, requestTimeout: REQUEST_LIMIT },
	});
}

/** The bytes of an object, or of a part of it. */
export async function getObject(worker: Worker, client: S3Client, key: string, range?: string): Promise<Buffer> {
	return await worker.world.ledger.during(async () => {
		const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key, Range: range }));
		return Buffer.from(await Body!.transformToByteArray());
	});
}

async function get(worker: Worker): Promise<void> {
	const { random, world } = worker;
	const client = await s3Client(worker, 'crd');
	const { name, content, sha256: expected } = random.pick(world.published);
	const whole = await getObject(worker, client, `${READ_SPACE}/${name}`);
	assert.equal(sha256(whole), expected, `wrong bytes in ${name}: ${whole.length} of ${content.length}`);
	if (content.length === 0) return;
	const start = random.between(0, content.length - 1);
	const piece = await getObject(worker, client, `${READ_SPACE}/${name}`, `bytes=${start}-`);
	assert.ok(piece.equals(content.subarray(start)), `wrong bytes in ${name} from ${start}`);
}

async function list(worker: Worker): Promise<void> {
	const client = await s3Client(worker, 'crd');
	const found: Array<[key: string | undefined, size: number | undefined]> = [];
	const limit = worker.random.between(10, 40);
	let token: string | undefined;
	do {
		const page = await worker.world.ledger.during(
			async () =>
				await client.send(
					new ListObjectsV2Command({
						Bucket: BUCKET,
						Prefix: `${READ_SPACE}/`,
						MaxKeys: limit,
						ContinuationToken: token,
					}),
				),
		);
		found.push(...(page.Contents ?? []).map(({ Key, Size }): [string | undefined, number | undefined] => [Key, Size]));
		token = page.NextContinuationToken;
	} while (token !== undefined);
	assert.deepEqual(
		found,
		worker.world.published.map(({ name, content }) => [`${READ_SPACE}/${name}`, content.length]),
	);
}

async function clientFor(worker: Worker, { space }: Draft): Promise<S3Client> {
	return await s3Client(worker, space.split('/')[1]!);
}

async function put(worker: Worker): Promise<void> {
	const draft = worker.draft();
	const { content } = draft;
	const client = await clientFor(worker, draft);
	// The SDK sends a stream in chunks with a checksum behind them, and a buffer as it is.
	const body = worker.random.chance(0.5) ? content : Readable.from(piecesOf(content), { objectMode: false });
	await worker.world.ledger.during(
		async () =>
			await client.send(
				new PutObjectCommand({
					Bucket: BUCKET,
					Key: `${draft.space}/${draft.name}`,
					Body: body,
					ContentLength: content.length,
				}),
			),
	);
	worker.accepted('s3', draft);
}

/** S3 takes no chunks below 8 KiB but the last. */
function* piecesOf(content: Buffer): Generator<Buffer> {
	for (let at = 0; at < content.length; at += 1 << 16) yield content.subarray(at, at + (1 << 16));
}

async function putInParts(worker: Worker): Promise<void> {
	const draft = worker.draft(worker.random.between(6 << 20, (6 << 20) + 100_000));
	const client = await clientFor(worker, draft);
	const upload = new Upload({
		client,
		params: { Bucket: BUCKET, Key: `${draft.space}/${draft.name}`, Body: draft.content },
		queueSize: 2,
	});
	await worker.world.ledger.during(async () => await upload.done());
	worker.accepted('s3', draft);
}

async function cutPut(worker: Worker): Promise<void> {
	const draft = worker.draft(worker.random.between(100_000, 500_000));
	const client = await clientFor(worker, draft);
	const cut = new AbortController();
	const body = Readable.from(halfOf(draft.content, cut), { objectMode: false });
	worker.cutOff(draft);
	const command = new PutObjectCommand({
		Bucket: BUCKET,
		Key: `${draft.space}/${draft.name}`,
		Body: body,
		ContentLength: draft.size,
	});
	const sent = worker.world.ledger.during(async () => await client.send(command, { abortSignal: cut.signal }));
	await assert.rejects(sent, { name: 'AbortError' });
}

async function* halfOf(content: Buffer, cut: AbortController): AsyncGenerator<Buffer> {
	yield content.subarray(0, content.length >> 1);
	cut.abort();
}

async function putElsewhere(worker: Worker): Promise<void> {
	const client = await s3Client(worker, 'crd');
	const { content, name } = worker.draft();
	const sent = worker.world.ledger.during(
		async () =>
			await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${READ_SPACE}/${name}`, Body: content })),
	);
	await assert.rejects(
		sent,
		(error) =>
			error instanceof S3ServiceException && error.name === 'AccessDenied' && error.$metadata.httpStatusCode === 403,
	);
}

export const S3_KINDS: Kind[] = [
	{ name: 'S3 get', weight: 6, run: get },
	{ name: 'S3 list', weight: 6, run: list },
	{ name: 'S3 put', weight: 10, run: put },
	{ name: 'S3 put in parts', weight: 1, run: putInParts },
	{ name: 'S3 cut put', weight: 2, run: cutPut },
	{ name: 'S3 put elsewhere', weight: 2, run: putElsewhere },
];
