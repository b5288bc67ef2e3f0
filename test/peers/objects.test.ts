import type { Readable } from 'node:stream';
import {
	GetObjectCommand,
	HeadObjectCommand,
	PutObjectCommand,
	type GetObjectCommandInput,
	type GetObjectCommandOutput,
	type HeadObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { Content, summary } from '../support/content';
import { describePeers, outcome } from './peer';
import { pathOf, send, signedBy, type RawResponse } from './raw';
import { SIZES, MIB } from '../support/sizes';

const OTHER_ETAG = '"00000000000000000000000000000000"';

describePeers('objects', (peer) => {
	const content = new Content(1000);
	const whole = content.bytes();
	const etag = `"${content.digest('md5')}"`;

	/** Gets the placed object. */
	const get = async (more: Partial<GetObjectCommandInput> = {}, name = 'placed'): Promise<GetObjectCommandOutput> =>
		await peer().client.send(new GetObjectCommand({ ...peer().get(name), ...more }));
	const bodyOf = async ({ Body }: GetObjectCommandOutput): Promise<Buffer> =>
		Buffer.from(await Body!.transformToByteArray());

	const rawGet = async (headers: Record<string, string>): Promise<RawResponse> => {
		const request = signedBy(peer(), { method: 'GET', path: pathOf(peer().get('placed')), headers });
		return await send(peer().target.endpoint, request);
	};

	beforeAll(async () => {
		await peer().target.place('placed', content);
		await peer().target.place('empty', new Content(0));
	});

	describe('put in one piece', () => {
		it.each(SIZES)(
			'of $name come back as they were',
			async ({ name, bytes }) => {
				const sent = new Content(bytes);
				const before = process.resourceUsage().maxRSS;
				const command = new PutObjectCommand({ ...peer().put(name), Body: sent.stream(), ContentLength: bytes });
				const { ETag } = await peer().client.send(command);
				expect(ETag).toBe(`"${sent.digest('md5')}"`);
				expect(await peer().readBack(name)).toEqual({ size: bytes, sha256: sent.digest('sha256') });
				// In KiB: neither side of the test may have held a large object.
				expect(process.resourceUsage().maxRSS - before).toBeLessThan((400 * MIB) / 1024);
			},
			600_000,
		);

		it('keep their own names, however odd', async () => {
			// All that fileX takes in the name of an upload (guide, FAQ 5).
			const name = "paper&ink,a=b-'c':d@e!_f.txt";
			await peer().client.send(new PutObjectCommand({ ...peer().put(name), Body: whole }));
			expect(await peer().readBack(name)).toEqual({ size: 1000, sha256: content.digest('sha256') });
		});

		it('replace what had the name before', async () => {
			for (const size of [5, 7]) {
				const sent = new Content(size, `version ${size}`);
				await peer().client.send(new PutObjectCommand({ ...peer().put('twice'), Body: sent.bytes() }));
				expect(await peer().readBack('twice')).toEqual({ size, sha256: sent.digest('sha256') });
			}
		});
	});

	describe('got in part', () => {
		it.each([
			['bytes=0-0', 0, 1],
			['bytes=10-19', 10, 20],
			['bytes=990-', 990, 1000],
			['bytes=-5', 995, 1000],
			['bytes=-5000', 0, 1000],
			['bytes=900-5000', 900, 1000],
		])('give just the bytes of %s', async (range, start, end) => {
			const answer = await get({ Range: range });
			expect(answer).toMatchObject({
				$metadata: { httpStatusCode: 206 },
				ContentRange: `bytes ${start}-${end - 1}/1000`,
			});
			expect(await bodyOf(answer)).toEqual(whole.subarray(start, end));
		});

		it.each(['bytes=1000-', 'bytes=5000-6000'])('refuse %s, which is beyond their end', async (range) => {
			expect(await outcome(get({ Range: range }))).toEqual({ status: 416, code: 'InvalidRange' });
		});

		it('refuse any range of nothing', async () => {
			expect(await outcome(get({ Range: 'bytes=0-0' }, 'empty'))).toEqual({ status: 416, code: 'InvalidRange' });
		});

		it('refuse the last no bytes', async () => {
			expect(await rawGet({ range: 'bytes=-0' })).toMatchObject(peer().expected('lastNothing'));
		});

		it('are whole where a range makes no sense', async () => {
			expect(await rawGet({ range: 'bytes=9-3' })).toMatchObject(peer().expected('backwardRange'));
		});

		it('are in part where If-Range names the object as it is', async () => {
			expect(await rawGet({ range: 'bytes=0-9', 'if-range': etag })).toMatchObject({
				status: 206,
				body: whole.subarray(0, 10),
			});
		});

		it('are whole where If-Range names another', async () => {
			expect(await rawGet({ range: 'bytes=0-9', 'if-range': OTHER_ETAG })).toMatchObject(
				peer().expected('ifRangeOfAnother'),
			);
		});
	});

	describe('got on a condition', () => {
		const past = new Date('2001-02-03T04:05:06Z');
		const future = (): Date => new Date(Date.now() + 60_000);

		it.each<[string, () => Partial<GetObjectCommandInput>]>([
			['If-Match with its ETag', () => ({ IfMatch: etag })],
			['If-None-Match with another ETag', () => ({ IfNoneMatch: OTHER_ETAG })],
			['If-Modified-Since the past', () => ({ IfModifiedSince: past })],
			['If-Unmodified-Since a minute ahead', () => ({ IfUnmodifiedSince: future() })],
			['If-Match, whatever If-Unmodified-Since', () => ({ IfMatch: etag, IfUnmodifiedSince: past })],
		])('are given: %s', async (_, condition) => {
			expect(await bodyOf(await get(condition()))).toEqual(whole);
		});

		it.each<[string, Partial<GetObjectCommandInput>]>([
			['If-Match with another ETag', { IfMatch: OTHER_ETAG }],
			['If-Unmodified-Since the past', { IfUnmodifiedSince: past }],
		])('are refused: %s', async (_, condition) => {
			expect(await outcome(get(condition))).toEqual({ status: 412, code: 'PreconditionFailed' });
		});

		it.each<[string, () => Partial<GetObjectCommandInput>]>([
			['If-None-Match with its ETag', () => ({ IfNoneMatch: etag })],
			['If-None-Match with its ETag, whatever If-Modified-Since', () => ({ IfNoneMatch: etag, IfModifiedSince: past })],
			['If-Modified-Since just now', () => ({ IfModifiedSince: new Date() })],
		])('are known already: %s', async (_, condition) => {
			expect(await outcome(get(condition()))).toMatchObject({ status: 304 });
		});
	});

	describe('asked after with HEAD', () => {
		it('tell size, ETag and time', async () => {
			const { ContentLength, ETag, LastModified, AcceptRanges } = await peer().client.send(
				new HeadObjectCommand(peer().get('placed')),
			);
			expect({ ContentLength, ETag, AcceptRanges }).toEqual({ ContentLength: 1000, ETag: etag, AcceptRanges: 'bytes' });
			expect(Math.abs(LastModified!.getTime() - Date.now())).toBeLessThan(3_600_000);
		});

		it('obey conditions', async () => {
			const head = async (condition: object): Promise<HeadObjectCommandOutput> =>
				await peer().client.send(new HeadObjectCommand({ ...peer().get('placed'), ...condition }));
			expect(await outcome(head({ IfMatch: OTHER_ETAG }))).toMatchObject({ status: 412 });
			expect(await outcome(head({ IfNoneMatch: etag }))).toMatchObject({ status: 304 });
		});

		it('are 404 where missing', async () => {
			expect(await outcome(peer().client.send(new HeadObjectCommand(peer().get('missing'))))).toEqual({
				status: 404,
				code: 'NotFound',
			});
		});
	});

	it('are NoSuchKey where missing', async () => {
		expect(await outcome(get({}, 'missing'))).toEqual({ status: 404, code: 'NoSuchKey' });
	});

	it('can be empty', async () => {
		const { Body, ContentLength } = await peer().client.send(new GetObjectCommand(peer().get('empty')));
		expect(ContentLength).toBe(0);
		expect(await summary(Body as Readable)).toMatchObject({ size: 0 });
	});
});
