import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import {
	ChecksumAlgorithm,
	GetObjectCommand,
	HeadObjectCommand,
	PutObjectCommand,
	type PutObjectCommandInput,
	type PutObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { plainChunks, signedChunks } from './chunks';
import { Content } from '../support/content';
import { describePeers, outcome } from './peer';
import { pathOf, send, signedBy, type RawResponse } from './raw';
import { MIB } from '../support/sizes';

const PIECE = 64 * 1024;

const ALGORITHMS = [
	ChecksumAlgorithm.CRC32,
	ChecksumAlgorithm.CRC32C,
	ChecksumAlgorithm.SHA1,
	ChecksumAlgorithm.SHA256,
	ChecksumAlgorithm.CRC64NVME,
];

/** Right digests and wrong ones, as headers have them. */
const CONTENT = new Content(100_000);
const digest = (algorithm: string, bytes: Buffer): string => createHash(algorithm).update(bytes).digest('base64');
const crc = (bytes: Buffer): string => {
	const value = Buffer.alloc(4);
	value.writeUInt32BE(crc32(bytes));
	return value.toString('base64');
};

describePeers('checksums', (peer) => {
	const whole = CONTENT.bytes();
	const other = Buffer.from('something else');
	const expected = { size: CONTENT.size, sha256: CONTENT.digest('sha256') };

	const put = async (name: string, more: Partial<PutObjectCommandInput> = {}): Promise<PutObjectCommandOutput> =>
		await peer().client.send(new PutObjectCommand({ ...peer().put(name), Body: whole, ...more }));
	const putRaw = async (name: string, headers: Record<string, string>): Promise<RawResponse> => {
		const request = signedBy(peer(), { method: 'PUT', path: pathOf(peer().put(name)), headers, body: whole });
		return await send(peer().target.endpoint, request);
	};

	describe.each(ALGORITHMS)('of %s', (algorithm) => {
		it('go ahead of what is at hand', async () => {
			const answer = await put(`at hand ${algorithm}`, { ChecksumAlgorithm: algorithm });
			expect(answer.$metadata.httpStatusCode).toBe(200);
			expect(await peer().readBack(`at hand ${algorithm}`)).toEqual(expected);
		});

		it('follow what is streamed', async () => {
			const streamed = { Body: CONTENT.stream(), ContentLength: CONTENT.size, ChecksumAlgorithm: algorithm };
			await put(`streamed ${algorithm}`, streamed);
			expect(await peer().readBack(`streamed ${algorithm}`)).toEqual(expected);
		});

		it('go with each of several parts', async () => {
			const sent = new Content(11 * MIB);
			const params = { ...peer().put(`parts ${algorithm}`), Body: sent.stream(), ChecksumAlgorithm: algorithm };
			await new Upload({ client: peer().client, params }).done();
			expect(await peer().readBack(`parts ${algorithm}`)).toEqual({ size: sent.size, sha256: sent.digest('sha256') });
		});
	});

	it.each([
		['x-amz-checksum-crc32', crc],
		['x-amz-checksum-sha1', (bytes: Buffer) => digest('sha1', bytes)],
		['x-amz-checksum-sha256', (bytes: Buffer) => digest('sha256', bytes)],
	])('are compared: %s', async (header, of) => {
		expect(await putRaw(header, { [header]: of(whole) })).toMatchObject({ status: 200 });
		expect(await putRaw(`wrong ${header}`, { [header]: of(other) })).toMatchObject(peer().expected('wrongChecksum'));
	});

	describe.each([
		['plain', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'],
		['signed', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER'],
	])('after %s chunks', (kind, payload) => {
		const putChunks = async (name: string, value: string): Promise<RawResponse> => {
			const trailer = { name: 'x-amz-checksum-crc32', value };
			const headers = {
				'content-encoding': 'aws-chunked',
				'x-amz-decoded-content-length': String(whole.length),
				'x-amz-trailer': trailer.name,
			};
			const request = signedBy(peer(), { method: 'PUT', path: pathOf(peer().put(name)), headers }, { payload });
			const body = kind === 'plain' ? plainChunks(whole, PIECE, trailer) : signedChunks(whole, PIECE, request, trailer);
			return await send(peer().target.endpoint, { ...request, body });
		};

		it('are taken', async () => {
			expect(await putChunks(`${kind} trailer`, crc(whole))).toMatchObject({ status: 200 });
			expect(await peer().readBack(`${kind} trailer`)).toEqual(expected);
		});

		it('are compared', async () => {
			expect(await putChunks(`${kind} wrong trailer`, crc(other))).toMatchObject(peer().expected('wrongChecksum'));
		});
	});

	it('must be checksums', async () => {
		expect(await putRaw('no checksum', { 'x-amz-checksum-crc32': 'abc' })).toMatchObject(peer().expected('noChecksum'));
	});

	it('may be left to Content-MD5', async () => {
		expect(await outcome(put('md5', { ContentMD5: digest('md5', whole) }))).toEqual({ status: 200 });
		expect(await peer().readBack('md5')).toEqual(expected);
	});

	it.each([
		['wrong', digest('md5', other), 'BadDigest'],
		['too short', 'YWJj', 'InvalidDigest'],
	])('by Content-MD5 are refused where %s', async (name, value, code) => {
		expect(await putRaw(`md5 ${name}`, { 'content-md5': value })).toMatchObject({ status: 400, code });
	});

	it('by Content-MD5 are refused where no base64', async () => {
		expect(await putRaw('md5 no base64', { 'content-md5': '***' })).toMatchObject(peer().expected('brokenMd5'));
	});

	it('may be left out by a client that streams', async () => {
		const client = peer().clientWith({ requestChecksumCalculation: 'WHEN_REQUIRED' });
		const streamed = { ...peer().put('without'), Body: CONTENT.stream(), ContentLength: CONTENT.size };
		await client.send(new PutObjectCommand(streamed));
		expect(await peer().readBack('without')).toEqual(expected);
		client.destroy();
	});

	it('follow what comes in small pieces, which the client joins', async () => {
		const small = Readable.from(
			whole
				.toString('latin1')
				.match(/[^]{1,1000}/g)!
				.map((piece) => Buffer.from(piece, 'latin1')),
		);
		const client = peer().clientWith({ requestStreamBufferSize: 64 * 1024 });
		await client.send(
			new PutObjectCommand({ ...peer().put('small pieces'), Body: small, ContentLength: whole.length }),
		);
		expect(await peer().readBack('small pieces')).toEqual(expected);
		client.destroy();
	});

	it('are given back to those who ask', async () => {
		const sha256 = digest('sha256', whole);
		await put('asked', { ChecksumSHA256: sha256 });
		const { key, keys } = await peer().target.landed('asked');
		const reader = peer().clientWith({ keys });
		const at = { Bucket: peer().bucket, Key: key, ChecksumMode: 'ENABLED' } as const;
		const head = await reader.send(new HeadObjectCommand(at));
		const { Body, ChecksumSHA256 } = await reader.send(new GetObjectCommand(at));
		const kept = peer().expected('keptChecksum').of(sha256);
		expect([head.ChecksumSHA256, ChecksumSHA256]).toEqual([kept, kept]);
		expect(await Body!.transformToByteArray()).toHaveLength(whole.length);
		reader.destroy();
	});
});
