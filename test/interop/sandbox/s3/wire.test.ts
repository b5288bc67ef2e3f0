import { Upload } from '@aws-sdk/lib-storage';
import {
	AbortMultipartUploadCommand,
	CompleteMultipartUploadCommand,
	CreateMultipartUploadCommand,
	DeleteObjectCommand,
	GetObjectCommand,
	HeadBucketCommand,
	HeadObjectCommand,
	ListMultipartUploadsCommand,
	ListObjectsCommand,
	ListObjectsV2Command,
	ListPartsCommand,
	PutObjectCommand,
	S3Client,
	UploadPartCommand,
	type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { isoStamp } from '../../../../sandbox/s3/encoding';
import { S3Keys } from '../../../../sandbox/s3/keys';
import { canonicalRequest, requestSignature, scopeText, signingKey } from '../../../../sandbox/s3/signature';
import { eventually } from '../../../support/eventually';
import { openFilesIn } from '../../../support/open-files';
import { startWire, type Wire } from './start-wire';

const BUCKET = 'bucket-filex';
const OUT = '0001/app1/out';
const IN = '0001/app1/in';
const OUT_PATH = OUT.split('/');
const IN_PATH = IN.split('/');
const MIB = 1 << 20;

let wire: Wire;
let client: S3Client;

beforeEach(async () => {
	wire = await startWire();
	client = clientOf();
});

afterEach(async () => {
	client.destroy();
	await wire.close();
});

function clientOf(
	config: S3ClientConfig = {},
	session = wire.context.s3Keys.issue('demo', [OUT_PATH], [IN_PATH]),
): S3Client {
	return new S3Client({
		region: session.region,
		endpoint: wire.url,
		forcePathStyle: true,
		credentials: session.credentials,
		maxAttempts: 1,
		...config,
	});
}

async function plant(name: string, body: Buffer, path = OUT_PATH): Promise<void> {
	await wire.context.store.publish([...path, name], Readable.from([body]), new Date('2026-01-02T03:04:05Z'));
}

const md5 = (body: Buffer) => createHash('md5').update(body).digest('hex');
const sha256 = (body: Buffer) => createHash('sha256').update(body).digest('hex');
const contents = () => readdirSync(join(wire.dataDir, 'content'));
const outcomes = () => wire.context.log.all().map(({ request, username, outcome }) => [request, username, outcome]);
const refused = async (promise: Promise<unknown>) =>
	(await promise.then(
		() => undefined,
		(error: { name: string; $metadata?: { httpStatusCode?: number } }) => [error.name, error.$metadata?.httpStatusCode],
	)) ?? 'not refused';

describe('reading', () => {
	const body = randomBytes(3 * MIB + 17);

	it('gives a file, whole and in ranges', async () => {
		await plant('a b+ü.bin', body);
		const Key = `${OUT}/a b+ü.bin`;
		const whole = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
		expect(Buffer.from(await whole.Body!.transformToByteArray()).equals(body)).toBe(true);
		expect(whole).toMatchObject({
			ETag: `"${md5(body)}"`,
			ContentLength: body.length,
			ContentType: 'binary/octet-stream',
			AcceptRanges: 'bytes',
		});
		expect(whole.LastModified).toEqual(new Date('2026-01-02T03:04:05Z'));
		const part = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key, Range: 'bytes=1048570-2097160' }));
		expect(Buffer.from(await part.Body!.transformToByteArray()).equals(body.subarray(1048570, 2097161))).toBe(true);
		expect(part).toMatchObject({
			ContentRange: `bytes 1048570-2097160/${body.length}`,
			$metadata: { httpStatusCode: 206 },
		});
		expect(await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))).toMatchObject({
			ContentLength: body.length,
		});
		expect(outcomes().at(-1)).toEqual([`HEAD /bucket-filex/${OUT}/a%20b%2B%C3%BC.bin`, 'demo', '200']);
	});

	it('gives an empty file', async () => {
		await plant('empty', Buffer.alloc(0));
		const answer = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: `${OUT}/empty` }));
		expect(answer.ContentLength).toBe(0);
		expect(await answer.Body!.transformToByteArray()).toHaveLength(0);
	});

	it('refuses what is not there, not allowed or not satisfiable', async () => {
		await plant('a', body);
		const get = (Key: string, more = {}) =>
			refused(client.send(new GetObjectCommand({ Bucket: BUCKET, Key, ...more })));
		expect(await get(`${OUT}/nothing`)).toEqual(['NoSuchKey', 404]);
		expect(await get(`${OUT}/../out/a`)).toEqual(['NoSuchKey', 404]);
		expect(await get(`${IN}/a`)).toEqual(['AccessDenied', 403]);
		expect(await get(`${OUT}/a`, { Range: 'bytes=99999999-' })).toEqual(['InvalidRange', 416]);
		expect(await get(`${OUT}/a`, { IfMatch: '"x"' })).toEqual(['PreconditionFailed', 412]);
		expect(await get(`${OUT}/a`, { IfNoneMatch: `"${md5(body)}"` })).toEqual([expect.anything(), 304]);
		expect(await refused(client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: `${OUT}/nothing` })))).toEqual([
			'NotFound',
			404,
		]);
		expect(await refused(client.send(new HeadBucketCommand({ Bucket: 'other' })))).toEqual(['NotFound', 404]);
		expect(await refused(client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: `${OUT}/a` })))).toEqual([
			'AccessDenied',
			403,
		]);
		expect(outcomes().map((each) => each[2])).toEqual([
			'404 NoSuchKey',
			'404 NoSuchKey',
			'403 AccessDenied',
			'416 InvalidRange',
			'412 PreconditionFailed',
			'304',
			'404 NoSuchKey',
			'404 NoSuchBucket',
			'403 AccessDenied',
		]);
	});

	it('lists in pages, in both versions', async () => {
		const names = ['a&b', 'ä', 'b_1', 'b_2', 'c'];
		for (const name of names) await plant(name, Buffer.from(name));
		const keys = names.map((name) => `${OUT}/${name}`).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
		const found: string[] = [];
		for (let ContinuationToken: string | undefined, more = true; more;) {
			const page = await client.send(
				new ListObjectsV2Command({
					Bucket: BUCKET,
					Prefix: `${OUT}/`,
					MaxKeys: 2,
					ContinuationToken,
					EncodingType: 'url',
				}),
			);
			found.push(...page.Contents!.map(({ Key }) => decodeURIComponent(Key!)));
			expect(page.KeyCount).toBe(page.Contents!.length);
			ContinuationToken = page.NextContinuationToken;
			more = page.IsTruncated!;
		}
		expect(found).toEqual(keys);
		const grouped = await client.send(
			new ListObjectsCommand({ Bucket: BUCKET, Prefix: `${OUT}/`, Delimiter: '_', MaxKeys: 2 }),
		);
		expect(grouped).toMatchObject({
			IsTruncated: true,
			NextMarker: `${OUT}/b_`,
			CommonPrefixes: [{ Prefix: `${OUT}/b_` }],
			Contents: [{ Key: `${OUT}/a&b`, ETag: `"${md5(Buffer.from('a&b'))}"` }],
		});
		const rest = await client.send(
			new ListObjectsCommand({ Bucket: BUCKET, Prefix: `${OUT}/`, Delimiter: '_', Marker: grouped.NextMarker }),
		);
		expect(rest.Contents!.map(({ Key }) => Key)).toEqual([`${OUT}/c`, `${OUT}/ä`]);
		expect(await refused(client.send(new ListObjectsV2Command({ Bucket: BUCKET })))).toEqual(['AccessDenied', 403]);
	});

	it('closes its files, also when the client leaves', async () => {
		await plant('big', Buffer.alloc(32 * MIB));
		const url = new URL(wire.context.s3Keys.presign('GET', [...OUT_PATH, 'big'], 'demo'));
		for (let i = 0; i < 5; i++) {
			const socket = connect(Number(url.port), url.hostname);
			socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`);
			await new Promise((resolve) => socket.once('data', resolve));
			socket.destroy();
		}
		await eventually(async () => (await openFilesIn(join(wire.dataDir, 'content'))).length === 0);
	});
});

describe('writing', () => {
	it.each([
		['the default checksum', {}],
		['CRC32C', { ChecksumAlgorithm: 'CRC32C' }],
		['CRC64NVME', { ChecksumCRC64NVME: 'M3eFcAZSQlc=' }],
		['SHA1', { ChecksumAlgorithm: 'SHA1' }],
		['SHA256', { ChecksumAlgorithm: 'SHA256' }],
		['an MD5', { ContentMD5: createHash('md5').update('hello').digest('base64') }],
	] as const)('files a body with %s', async (_what, more) => {
		const answer = await client.send(
			new PutObjectCommand({ Bucket: BUCKET, Key: `${IN}/a.txt`, Body: 'hello', ContentType: 'text/plain', ...more }),
		);
		expect(answer.ETag).toBe(`"${md5(Buffer.from('hello'))}"`);
		const [arrival] = wire.context.submissions.arrivals();
		expect(arrival).toMatchObject({
			method: 's3',
			username: 'demo',
			name: 'a.txt',
			size: 5,
			sha256: sha256(Buffer.from('hello')),
			trackingId: null,
		});
		expect(wire.context.store.find(['0001', 'app1', 'in_arcv', arrival!.archiveName!])).toMatchObject({
			contentType: 'text/plain',
		});
	});

	it('gives checksums back to those who ask', async () => {
		const { ChecksumSHA256: sent } = await client.send(
			new PutObjectCommand({ Bucket: BUCKET, Key: `${IN}/a`, Body: 'hello', ChecksumAlgorithm: 'SHA256' }),
		);
		const { archiveName } = wire.context.submissions.arrivals()[0]!;
		const reader = clientOf({}, wire.context.s3Keys.issue('demo', [['0001', 'app1', 'in_arcv']], []));
		const at = { Bucket: BUCKET, Key: `0001/app1/in_arcv/${archiveName}`, ChecksumMode: 'ENABLED' } as const;
		expect(await reader.send(new HeadObjectCommand(at))).toMatchObject({
			ChecksumSHA256: sent,
			ChecksumType: 'FULL_OBJECT',
		});
		const { Body, ChecksumSHA256 } = await reader.send(new GetObjectCommand(at));
		expect([await Body!.transformToString(), ChecksumSHA256]).toEqual(['hello', sent]);
		expect((await reader.send(new GetObjectCommand({ ...at, Range: 'bytes=1-2' }))).ChecksumSHA256).toBeUndefined();
		reader.destroy();
	});

	it('files a stream with a trailer', async () => {
		const body = randomBytes(2 * MIB + 5);
		const Body = Readable.from([body.subarray(0, MIB), body.subarray(MIB)]);
		const answer = await client.send(
			new PutObjectCommand({
				Bucket: BUCKET,
				Key: `${IN}/a`,
				Body,
				ContentLength: body.length,
				ChecksumAlgorithm: 'CRC32C',
			}),
		);
		expect(answer.ChecksumCRC32C).toBeDefined();
		expect(wire.context.submissions.arrivals()[0]).toMatchObject({ size: body.length, sha256: sha256(body) });
	});

	it('refuses what is broken, and stores nothing', async () => {
		const put = (more: object, name = 'a') =>
			refused(client.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${IN}/${name}`, Body: 'hello', ...more })));
		expect(await put({ ContentMD5: md5(Buffer.from('x')) })).toEqual(['InvalidDigest', 400]);
		expect(await put({ ContentMD5: createHash('md5').digest('base64') })).toEqual(['BadDigest', 400]);
		expect(await put({ ChecksumCRC32: 'AAAAAA==' })).toEqual(['BadDigest', 400]);
		expect(await put({ ChecksumSHA256: createHash('sha256').digest('base64') })).toEqual(['BadDigest', 400]);
		expect(await put({}, 'a b')).toEqual(['InvalidArgument', 400]);
		expect(await put({ ACL: 'public-read' })).toEqual(['AccessDenied', 403]);
		expect(contents()).toEqual([]);
		expect(wire.context.submissions.arrivals()).toEqual([]);
	});

	it('does not replace what it must not', async () => {
		wire.context.settings.change({ processingSeconds: 3600 });
		const put = (more: object) =>
			client.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${IN}/a`, Body: 'hello', ...more }));
		await put({ IfNoneMatch: '*' });
		expect(await refused(put({ IfNoneMatch: '*' }))).toEqual(['PreconditionFailed', 412]);
		expect(await refused(put({ IfMatch: '"x"' }))).toEqual(['PreconditionFailed', 412]);
		await put({ IfMatch: `"${md5(Buffer.from('hello'))}"` });
		expect(wire.context.submissions.arrivals()).toHaveLength(2);
	});

	it('stores nothing of a body that ends early', async () => {
		const url = new URL(wire.context.s3Keys.presign('PUT', [...IN_PATH, 'a'], 'demo', 'id'));
		const socket = connect(Number(url.port), url.hostname);
		socket.on('error', () => {});
		socket.write(`PUT ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Length: 1000\r\n\r\nhalf`);
		await eventually(() => contents().length === 1);
		socket.destroy();
		await eventually(() => outcomes().length > 0);
		expect(contents()).toEqual([]);
		expect(outcomes()).toEqual([[`PUT /bucket-filex/${IN}/a`, 'demo', 'aborted']]);
	});

	it('refuses a body that is not the signed one', async () => {
		const answer = await signedPut('hello', sha256(Buffer.from('other')));
		expect([answer.status, await answer.text()]).toEqual([
			400,
			expect.stringContaining('<Code>XAmzContentSHA256Mismatch</Code>'),
		]);
		expect(contents()).toEqual([]);
		expect((await signedPut('hello', sha256(Buffer.from('hello')))).status).toBe(200);
	});

	it.each([
		['a last chunk', '2000\r\nBODY\r\n', 8192],
		['half of a chunk', '4000\r\nBODY', 16384],
		['bytes that were announced', '2000\r\nBODY\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n', 9000],
	])('refuses a chunked body that lacks %s', async (_what, framed, length) => {
		const answer = await signedPut(framed.replace('BODY', 'a'.repeat(8192)), 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', {
			'x-amz-decoded-content-length': String(length),
			'x-amz-trailer': 'x-amz-checksum-crc32',
		});
		expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('<Code>IncompleteBody</Code>')]);
		expect(contents()).toEqual([]);
		expect(wire.context.submissions.arrivals()).toEqual([]);
	});

	it('refuses a body that is too large before it is sent', async () => {
		const url = new URL(wire.context.s3Keys.presign('PUT', [...IN_PATH, 'a'], 'demo', 'id'));
		const answer = await exchange(
			url,
			`PUT ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Length: 6000000000\r\nExpect: 100-continue\r\n\r\n`,
		);
		expect(answer).toMatch(/^HTTP\/1.1 400 [^]*Connection: close[^]*<Code>EntityTooLarge<\/Code>/);
	});

	it('refuses a body without length', async () => {
		const url = new URL(wire.context.s3Keys.presign('PUT', [...IN_PATH, 'a'], 'demo', 'id'));
		const start = `PUT ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: close\r\n`;
		expect(await exchange(url, `${start}\r\n`)).toMatch(/^HTTP\/1.1 411 [^]*MissingContentLength/);
		expect(await exchange(url, `${start}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)).toMatch(
			/^HTTP\/1.1 501 [^]*NotImplemented/,
		);
	});

	it('asks for a body only once its headers are accepted', async () => {
		const url = new URL(wire.context.s3Keys.presign('PUT', [...IN_PATH, 'a'], 'demo', 'id'));
		const request = `PUT ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`;
		expect(await exchange(url, request, 'hello')).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK/);
		expect(await exchange(url, request.replace('in/a', 'in/b'), 'hello')).toMatch(/^HTTP\/1.1 403 /);
	});
});

/** Puts a body by hand. @param payload what stands for it in the signature */
async function signedPut(body: string, payload: string, more: Record<string, string> = {}): Promise<Response> {
	const { accessKeyId, secretAccessKey, sessionToken } = wire.context.s3Keys.issue('demo', [], [IN_PATH]).credentials;
	const stamp = isoStamp(new Date());
	const scope = { date: stamp.slice(0, 8), region: 'us-east-1', service: 's3' };
	const own = { 'x-amz-content-sha256': payload, 'x-amz-date': stamp, 'x-amz-security-token': sessionToken, ...more };
	const headers = new Map([['host', new URL(wire.url).host], ...Object.entries(own)]);
	const path = `/bucket-filex/${IN}/a`;
	const signedHeaders = [...headers.keys()].sort();
	const canonical = canonicalRequest({ method: 'PUT', path, query: [], headers, signedHeaders, payload });
	const signature = requestSignature(signingKey(secretAccessKey, scope), stamp, scope, canonical);
	const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scopeText(scope)},SignedHeaders=${signedHeaders.join(';')},Signature=${signature}`;
	return await fetch(wire.url + path, { method: 'PUT', headers: { ...own, authorization }, body });
}

/** Sends raw bytes, and gives all that comes back until the connection ends. */
async function exchange(url: URL, request: string, later = ''): Promise<string> {
	const socket = connect(Number(url.port), url.hostname);
	let answer = '';
	socket.on('error', () => {});
	socket.on('data', (bytes) => {
		if (answer === '' && String(bytes).includes(' 100 ')) socket.write(later);
		answer += String(bytes);
	});
	socket.write(request);
	await new Promise((resolve) => socket.once('close', resolve));
	return answer;
}

describe('URLs', () => {
	it('stand for one request', async () => {
		await plant('a b.txt', Buffer.from('hello'));
		const url = wire.context.s3Keys.presign('GET', [...OUT_PATH, 'a b.txt'], 'demo');
		expect(await (await fetch(url)).text()).toBe('hello');
		expect((await fetch(url, { method: 'HEAD' })).status).toBe(403);
		expect((await fetch(url.replace('a%20b', 'b'))).status).toBe(403);
		expect(await (await fetch(`${url}&x=y`)).text()).toContain('<Code>SignatureDoesNotMatch</Code>');
		expect(await (await fetch(url, { headers: { Authorization: 'Bearer x' } })).text()).toContain(
			'Only one auth mechanism allowed',
		);
	});

	it('carry account and tracking id of a submission', async () => {
		const trackingId = wire.context.submissions.request('demo', [...IN_PATH, 'a.txt']);
		const url = wire.context.s3Keys.presign('PUT', [...IN_PATH, 'a.txt'], 'demo', trackingId);
		const answer = await fetch(url, { method: 'PUT', body: 'hello' });
		expect([answer.status, answer.headers.get('etag')]).toEqual([200, `"${md5(Buffer.from('hello'))}"`]);
		expect(wire.context.submissions.arrivals()[0]).toMatchObject({ method: 'rest', username: 'demo', trackingId });
		expect((await fetch(url.replace(trackingId, 'another'), { method: 'PUT', body: 'x' })).status).toBe(403);
		expect(outcomes()[0]).toEqual([`PUT /bucket-filex/${IN}/a.txt`, 'demo', '200']);
	});

	it('expire by the clock of the sandbox', async () => {
		await plant('a', Buffer.from('hello'));
		const url = wire.context.s3Keys.presign('GET', [...OUT_PATH, 'a'], 'demo');
		wire.context.settings.change({ clockOffsetSeconds: 120 });
		const answer = await fetch(url);
		const text = await answer.text();
		expect([answer.status, text]).toEqual([
			403,
			expect.stringContaining('<Message>Request has expired</Message><X-Amz-Expires>60</X-Amz-Expires><Expires>'),
		]);
		// The header tells the machine's time: clients sign by it.
		expect(Math.abs(Date.parse(answer.headers.get('date')!) - Date.now())).toBeLessThan(100_000);
		expect(text).not.toContain(new URL(url).searchParams.get('X-Amz-Signature'));
	});

	it('are not repeated, also not where a client spoiled them', async () => {
		const url = wire.context.s3Keys.presign('GET', [...OUT_PATH, 'a'], 'demo');
		const signature = new URL(url).searchParams.get('X-Amz-Signature')!;
		for (const spoiled of [
			url.replace('?', '%3F'),
			url.replace('?', '/?').replaceAll('-Signature', '-Signatur'),
			`${url}x`,
		]) {
			expect(await (await fetch(spoiled)).text()).not.toContain(signature);
		}
		expect(JSON.stringify(wire.context.log.all())).not.toContain(signature);
		expect(await (await fetch(url.replace('X-Amz-Expires', 'x'))).text()).toContain(
			'X-Amz-SignedHeaders, and X-Amz-Expires parameters.</Message>',
		);
	});

	it('are signed with a key that outlives the process', async () => {
		await plant('a', Buffer.from('hello'));
		const { database, settings, clock, s3Keys } = wire.context;
		const url = s3Keys.presign('GET', [...OUT_PATH, 'a'], 'demo');
		const next = new S3Keys(database, settings, clock);
		next.baseUrl = wire.url;
		const credential = (text: string) => new URL(text).searchParams.get('X-Amz-Credential');
		expect(credential(next.presign('GET', [...OUT_PATH, 'a'], 'demo'))).toBe(credential(url));
	});

	it('may be signed by a session', async () => {
		await plant('a', Buffer.from('hello'));
		expect(
			await (await fetch(await getSignedUrl(client, new GetObjectCommand({ Bucket: BUCKET, Key: `${OUT}/a` })))).text(),
		).toBe('hello');
		const put = await getSignedUrl(client, new PutObjectCommand({ Bucket: BUCKET, Key: `${IN}/a` }));
		expect((await fetch(put, { method: 'PUT', body: 'hello' })).status).toBe(200);
		expect(wire.context.submissions.arrivals()[0]).toMatchObject({ method: 's3', username: 'demo', trackingId: null });
		expect(
			(
				await fetch(await getSignedUrl(client, new PutObjectCommand({ Bucket: BUCKET, Key: `${OUT}/a` })), {
					method: 'PUT',
					body: 'x',
				})
			).status,
		).toBe(403);
	});
});

describe('sessions', () => {
	it('end', async () => {
		await plant('a', Buffer.from('hello'));
		const get = async (by = client) =>
			await refused(by.send(new GetObjectCommand({ Bucket: BUCKET, Key: `${OUT}/a` })));
		const session = wire.context.s3Keys.issue('demo', [OUT_PATH], []);
		const url = wire.context.s3Keys.presign('GET', [...OUT_PATH, 'a'], 'demo');
		wire.context.settings.change({ clockOffsetSeconds: 3601 });
		expect(await get(clientOf({ systemClockOffset: 3_601_000 }, session))).toEqual(['ExpiredToken', 400]);
		wire.context.settings.change({ clockOffsetSeconds: 0 });
		expect(await get()).toBe('not refused');
		wire.context.s3Keys.revokeAll();
		expect(await get()).toEqual(['InvalidAccessKeyId', 403]);
		expect((await fetch(url)).status).toBe(200);
	});

	it('have keys and tokens of the usual form', () => {
		const { readPaths, writePaths, credentials } = wire.context.s3Keys.issue('demo', [OUT_PATH], [IN_PATH]);
		expect(readPaths).toEqual(['bucket-filex/0001/app1/out/']);
		expect(writePaths).toEqual(['bucket-filex/0001/app1/in/']);
		expect(credentials.accessKeyId).toMatch(/^ASIA[0-9A-Z]{16}$/);
		expect(credentials.secretAccessKey).toHaveLength(40);
	});
});

describe('multipart', () => {
	const Key = `${IN}/big.bin`;
	const at = { Bucket: BUCKET, Key };

	it('puts together what lib-storage sends', async () => {
		const body = randomBytes(12 * MIB);
		const result = await new Upload({
			client,
			params: { ...at, Body: Readable.from([body]) },
			partSize: 5 * MIB,
		}).done();
		expect(result.ETag).toMatch(/-3"$/);
		expect(wire.context.submissions.arrivals()).toEqual([
			expect.objectContaining({ size: body.length, sha256: sha256(body), method: 's3' }),
		]);
		expect(contents()).toHaveLength(1);
		expect(
			outcomes()
				.map((each) => each[0])
				.sort(),
		).toEqual([
			`POST /bucket-filex/${Key}?uploadId`,
			`POST /bucket-filex/${Key}?uploads`,
			...Array<string>(3).fill(`PUT /bucket-filex/${Key}?uploadId`),
		]);
	});

	async function begin(more: object = {}): Promise<string> {
		return (await client.send(new CreateMultipartUploadCommand({ ...at, ...more }))).UploadId!;
	}

	it.each([
		['CRC32', 'COMPOSITE'],
		['CRC32', 'FULL_OBJECT'],
		['CRC32C', 'FULL_OBJECT'],
		['SHA256', 'COMPOSITE'],
	] as const)('checks parts by %s, %s', async (ChecksumAlgorithm, ChecksumType) => {
		const parts = [randomBytes(5 * MIB), randomBytes(10)];
		const UploadId = await begin({ ChecksumAlgorithm, ChecksumType });
		const sent = [];
		for (const [i, Body] of parts.entries())
			sent.push(
				await client.send(new UploadPartCommand({ ...at, UploadId, PartNumber: i + 1, Body, ChecksumAlgorithm })),
			);
		const name = `Checksum${ChecksumAlgorithm}` as const;
		const Parts = sent.map((part, i) => ({ PartNumber: i + 1, ETag: part.ETag, [name]: part[name] }));
		const wrong = [{ ...Parts[0]!, [name]: Parts[1]![name] }, Parts[1]!];
		const complete = (given: object[], more = {}) =>
			client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts: given }, ...more }));
		expect(await refused(complete(wrong))).toEqual(['InvalidPart', 400]);
		expect(await refused(complete(Parts, { MpuObjectSize: 3 }))).toEqual(['InvalidRequest', 400]);
		expect(await refused(complete(Parts, { [name]: Parts[0]![name] }))).toEqual(['BadDigest', 400]);
		const done = await complete(Parts, { MpuObjectSize: 5 * MIB + 10 });
		expect(done.ChecksumType).toBe(ChecksumType);
		const whole = new PutObjectCommand({ ...at, Body: Buffer.concat(parts), ChecksumAlgorithm });
		if (ChecksumType === 'FULL_OBJECT') expect(done[name]).toBe((await client.send(whole))[name]);
		else expect(done[name]).toMatch(/-2$/);
	});

	it('lists what is there, replaces parts and gives up', async () => {
		const UploadId = await begin();
		for (const [PartNumber, Body] of [
			[2, 'two'],
			[1, 'one'],
			[2, 'second'],
		] as const)
			await client.send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body }));
		expect(contents()).toHaveLength(2);
		const first = await client.send(new ListPartsCommand({ ...at, UploadId, MaxParts: 1 }));
		expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '1', Parts: [{ PartNumber: 1, Size: 3 }] });
		const second = await client.send(
			new ListPartsCommand({ ...at, UploadId, PartNumberMarker: first.NextPartNumberMarker }),
		);
		expect(second).toMatchObject({
			IsTruncated: false,
			Parts: [{ PartNumber: 2, Size: 6, ETag: `"${md5(Buffer.from('second'))}"` }],
		});
		expect(
			(await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix: `${IN}/` }))).Uploads,
		).toMatchObject([{ Key, UploadId }]);
		await client.send(new AbortMultipartUploadCommand({ ...at, UploadId }));
		expect(contents()).toEqual([]);
		expect(await refused(client.send(new AbortMultipartUploadCommand({ ...at, UploadId })))).toEqual([
			'NoSuchUpload',
			404,
		]);
	});

	it('refuses parts that do not fit', async () => {
		const UploadId = await begin();
		const { ETag } = await client.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: 'one' }));
		await client.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 2, Body: 'one' }));
		const complete = (Parts: object[]) =>
			refused(client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } })));
		expect(
			await complete([
				{ PartNumber: 2, ETag },
				{ PartNumber: 1, ETag },
			]),
		).toEqual(['InvalidPartOrder', 400]);
		expect(await complete([{ PartNumber: 1, ETag: '"x"' }])).toEqual(['InvalidPart', 400]);
		expect(await complete([{ PartNumber: 3, ETag }])).toEqual(['InvalidPart', 400]);
		expect(
			await complete([
				{ PartNumber: 1, ETag },
				{ PartNumber: 2, ETag },
			]),
		).toEqual(['EntityTooSmall', 400]);
		expect(await complete([])).toEqual(['MalformedXML', 400]);
		expect(
			await refused(client.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 10_001, Body: 'x' }))),
		).toEqual(['InvalidArgument', 400]);
		expect(
			await refused(
				client.send(new UploadPartCommand({ ...at, Key: `${IN}/other`, UploadId, PartNumber: 1, Body: 'x' })),
			),
		).toEqual(['NoSuchUpload', 404]);
		expect(wire.context.submissions.arrivals()).toEqual([]);
	});

	it('files once, however often it is completed', async () => {
		const UploadId = await begin();
		const { ETag } = await client.send(
			new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: randomBytes(8 * MIB) }),
		);
		const complete = () =>
			client.send(
				new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } }),
			);
		const results = await Promise.all([complete(), complete(), complete()].map(refused));
		expect(results.every((each) => each === 'not refused' || each[0] === 'NoSuchUpload')).toBe(true);
		expect(wire.context.submissions.arrivals()).toHaveLength(1);
		expect(await refused(complete())).toEqual(['NoSuchUpload', 404]);
		expect(contents()).toHaveLength(1);
	});
});

describe('faults', () => {
	const body = randomBytes(2 * MIB);
	const get = () => fetch(wire.context.s3Keys.presign('GET', [...OUT_PATH, 'a'], 'demo'));
	const put = () => fetch(wire.context.s3Keys.presign('PUT', [...IN_PATH, 'a'], 'demo', 'id'), { method: 'PUT', body });
	const bytes = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

	beforeEach(async () => await plant('a', body));

	it.each([
		['fail', 500, 'InternalError'],
		['unavailable', 503, 'SlowDown'],
		['expired', 403, 'Request has expired'],
	] as const)('%s', async (effect, status, text) => {
		wire.context.faults.add({ where: 's3.get', effect, times: 1 });
		const answer = await get();
		expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(text)]);
		expect((await get()).status).toBe(200);
	});

	it.each(['drop', 'lose'] as const)('%s', async (effect) => {
		wire.context.faults.add({ where: 's3.get', effect, times: 1 });
		await expect(get()).rejects.toThrow();
		wire.context.faults.add({ where: 's3.put', effect, times: 1 });
		await expect(put()).rejects.toThrow();
		await eventually(() => outcomes().length === 2);
		expect(wire.context.submissions.arrivals()).toHaveLength(effect === 'lose' ? 1 : 0);
	});

	it('cut, truncated and wrong-length bodies', async () => {
		for (const effect of ['cut', 'truncated', 'wrong-length'] as const)
			wire.context.faults.add({ where: 's3.get', effect, times: 1, path: `${OUT}/a` });
		await expect(get().then(bytes)).rejects.toThrow();
		expect(await bytes(await get())).toHaveLength(MIB);
		await expect(get().then(bytes)).rejects.toThrow();
		expect((await bytes(await get())).equals(body)).toBe(true);
	});

	it('a body that stalls', async () => {
		wire.context.faults.add({ where: 's3.get', effect: 'stall', times: 1 });
		const leaving = new AbortController();
		const answer = await fetch(wire.context.s3Keys.presign('GET', [...OUT_PATH, 'a'], 'demo'), {
			signal: leaving.signal,
		});
		let size = 0;
		const read = (async () => {
			for await (const piece of Readable.fromWeb(answer.body! as never)) size += (piece as Buffer).length;
		})().catch(() => {});
		await eventually(() => size >= MIB);
		await wait(200);
		expect(size).toBe(MIB);
		leaving.abort();
		await read;
	});

	it('uploads that are cut, or find no room', async () => {
		for (const effect of ['cut', 'disk-full'] as const) wire.context.faults.add({ where: 's3.put', effect, times: 1 });
		await expect(put()).rejects.toThrow();
		expect((await put()).status).toBe(500);
		expect(contents()).toHaveLength(1);
		expect(wire.context.submissions.arrivals()).toEqual([]);
		expect((await put()).status).toBe(200);
	});

	it('empty listings and expired sessions', async () => {
		wire.context.faults.add({ where: 's3.list', effect: 'empty', times: 1 });
		wire.context.faults.add({ where: 's3.list', effect: 'expired', times: 1 });
		const list = () => client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: `${OUT}/` }));
		expect((await list()).KeyCount).toBe(0);
		expect(await refused(list())).toEqual(['ExpiredToken', 400]);
		expect((await list()).KeyCount).toBe(1);
	});
});

describe('anything else', () => {
	it.each([
		['GET /bucket-filex/%zz', 400, 'InvalidURI'],
		['GET /bucket-filex/%00', 403, 'AccessDenied'],
		['GET /', 403, 'AccessDenied'],
		['GET /bucket-filex/?x=%ff', 400, 'InvalidURI'],
		['PATCH /bucket-filex/a', 403, 'AccessDenied'],
		['OPTIONS /bucket-filex/a', 403, 'AccessForbidden'],
		['POST /bucket-filex', 403, 'AccessDenied'],
	])('is refused: %s', async (line, status, code) => {
		const { host, port, hostname } = new URL(wire.url);
		const answer = await exchange(
			{ port, hostname } as URL,
			`${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
		);
		expect(answer).toMatch(
			new RegExp(`^HTTP/1.1 ${status} [^]*x-amz-request-id: [0-9A-F]{16}[^]*<Code>${code}</Code>`),
		);
		expect(wire.context.log.all()).toHaveLength(1);
	});

	it('is answered though its body was not read', async () => {
		const big = await fetch(`${wire.url}/bucket-filex/${IN}/a`, { method: 'PUT', body: Buffer.alloc(4 * MIB) });
		expect([big.status, big.headers.get('connection')]).toEqual([403, 'close']);
		const small = await fetch(`${wire.url}/bucket-filex/${IN}/a`, { method: 'PUT', body: Buffer.alloc(1000) });
		expect([small.status, small.headers.get('connection')]).toEqual([403, 'keep-alive']);
	});
});
