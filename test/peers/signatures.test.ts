import { signedChunks } from './chunks';
import { Content } from '../support/content';
import { describePeers } from './peer';
import { errorOf, pathOf, send, signedBy, type RawRequest, type RawResponse } from './raw';
import { sha256 } from './signature';

const PIECE = 64 * 1024;
const MINUTE = 60_000;
const WRONG = '0'.repeat(64);
const MISMATCH = { status: 403, code: 'SignatureDoesNotMatch' };

describePeers('signatures', (peer) => {
	const content = new Content(1000);
	const whole = content.bytes();
	const answer = async (request: RawRequest): Promise<RawResponse> => await send(peer().target.endpoint, request);
	const put = (name: string, ...signing: [Parameters<typeof signedBy>[2]?]): ReturnType<typeof signedBy> =>
		signedBy(
			peer(),
			{ method: 'PUT', path: pathOf(peer().put(name)), headers: { 'content-type': 'text/plain' }, body: whole },
			...signing,
		);
	const get = (): ReturnType<typeof signedBy> =>
		signedBy(peer(), { method: 'GET', path: pathOf(peer().get('placed')) });

	beforeAll(async () => await peer().target.place('placed', content));

	it('are taken as AWS describes them', async () => {
		expect(await answer(put('plain'))).toMatchObject({ status: 200 });
		expect(await peer().readBack('plain')).toEqual({ size: 1000, sha256: content.digest('sha256') });
		expect(await answer(get())).toMatchObject({ status: 200, body: whole });
	});

	it('need not cover the body', async () => {
		expect(await answer(put('unsigned body', { payload: 'UNSIGNED-PAYLOAD' }))).toMatchObject({ status: 200 });
		expect(await peer().readBack('unsigned body')).toMatchObject({ size: 1000 });
	});

	it('take parameters in any order', async () => {
		const query = `list-type=2&prefix=${encodeURIComponent(peer().target.readPrefix)}`;
		const request = signedBy(peer(), { method: 'GET', path: `/${peer().bucket}`, query });
		expect(await answer({ ...request, query: query.split('&').reverse().join('&') })).toMatchObject({ status: 200 });
	});

	it.each<[string, (request: RawRequest) => Partial<RawRequest>]>([
		[
			'a wrong signature',
			({ headers }) => ({
				headers: { ...headers, authorization: headers.authorization!.replace(/[0-9a-f]{64}$/, WRONG) },
			}),
		],
		['another header', ({ headers }) => ({ headers: { ...headers, 'content-type': 'text/html' } })],
		['another path', ({ path }) => ({ path: `${path}x` })],
		['a parameter more', () => ({ query: 'acl=' })],
	])('are refused with %s', async (_, change) => {
		const request = put('refused');
		expect(await answer({ ...request, ...change(request) })).toMatchObject(MISMATCH);
	});

	it('are refused with another method', async () => {
		expect(await answer({ ...get(), method: 'DELETE' })).toMatchObject(MISMATCH);
	});

	it('are refused with another parameter', async () => {
		const request = signedBy(peer(), { method: 'GET', path: `/${peer().bucket}`, query: 'list-type=2&prefix=a' });
		expect(await answer({ ...request, query: 'list-type=2&prefix=b' })).toMatchObject(MISMATCH);
	});

	it('are refused with a wrong secret', async () => {
		expect(await answer(put('refused', { keys: { ...peer().keys, secretAccessKey: 'wrong' } }))).toMatchObject(
			MISMATCH,
		);
	});

	it('are refused with another body than the signed one', async () => {
		const request = put('other body');
		const body = Buffer.from(whole);
		body[500]! ^= 1;
		expect(await answer({ ...request, body })).toMatchObject({ status: 400, code: 'XAmzContentSHA256Mismatch' });
	});

	it.each([-60, 60])('are refused %s minutes away from now', async (minutes) => {
		const request = put('skewed', { at: new Date(Date.now() + minutes * MINUTE) });
		expect(await answer(request)).toMatchObject({ status: 403, code: 'RequestTimeTooSkewed' });
	});

	it.each([-10, 10])('are taken %s minutes away from now', async (minutes) => {
		expect(await answer(put('a little skewed', { at: new Date(Date.now() + minutes * MINUTE) }))).toMatchObject({
			status: 200,
		});
	});

	it('are needed', async () => {
		const { host } = new URL(peer().target.endpoint);
		const request = { method: 'GET', path: pathOf(peer().get('placed')), headers: { host } };
		expect(await answer(request)).toMatchObject({ status: 403, code: 'AccessDenied' });
	});

	it('are refused for what the region is not', async () => {
		const request = put('region', { region: 'eu-south-9' });
		expect(await answer(request)).toMatchObject(peer().expected('otherRegion'));
	});

	it('are refused where they are none', async () => {
		const request = get();
		const broken = { ...request, headers: { ...request.headers, authorization: 'AWS4-HMAC-SHA256 nothing' } };
		expect(await answer(broken)).toMatchObject(peer().expected('brokenSignature'));
	});

	it('are refused where of an unknown kind', async () => {
		const request = get();
		const unknown = { ...request, headers: { ...request.headers, authorization: 'Bearer abc' } };
		expect(await answer(unknown)).toMatchObject({ status: 400, code: 'InvalidArgument' });
	});

	it('that are refused say so in XML', async () => {
		const { body, headers } = await answer(put('refused', { keys: { ...peer().keys, secretAccessKey: 'wrong' } }));
		expect(headers['content-type']).toBe('application/xml');
		expect(errorOf(body)).toMatchObject({
			Code: 'SignatureDoesNotMatch',
			RequestId: expect.stringMatching(/./) as string,
		});
		expect(headers['x-amz-request-id']).toBe(errorOf(body)!.RequestId);
	});

	describe('of chunks', () => {
		const large = new Content(PIECE * 2 + 100);
		/** Frames that `size` does not count are no part of the object. */
		const chunks = (name: string, size = large.size): ReturnType<typeof signedBy> => {
			const headers = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': String(size) };
			const request = { method: 'PUT', path: pathOf(peer().put(name)), headers };
			const result = signedBy(peer(), request, { payload: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' });
			return { ...result, body: signedChunks(large.bytes(), PIECE, result) };
		};

		/** With a signature that is wrong at one of the chunks. */
		const withWrong = (index: number): RawRequest => {
			const { body, ...request } = chunks('tampered');
			const frames = body!.toString('latin1').split('chunk-signature=');
			frames[index + 1] = WRONG + frames[index + 1]!.slice(WRONG.length);
			return { ...request, body: Buffer.from(frames.join('chunk-signature='), 'latin1') };
		};

		it('are taken as AWS describes them', async () => {
			expect(await answer(chunks('chunks'))).toMatchObject({ status: 200 });
			expect(await peer().readBack('chunks')).toEqual({ size: large.size, sha256: large.digest('sha256') });
		});

		it.each([
			['first', 0],
			['second', 1],
		])('are refused for a wrong one at the %s chunk', async (_, index) => {
			expect(await answer(withWrong(index))).toMatchObject(MISMATCH);
		});

		it('are refused for a wrong one at the empty chunk in the end', async () => {
			expect(await answer(withWrong(3))).toMatchObject(peer().expected('wrongLastChunk'));
		});

		it('are refused where a chunk is another', async () => {
			const { body, ...request } = chunks('tampered');
			body![200]! ^= 1;
			expect(await answer({ ...request, body })).toMatchObject(MISMATCH);
		});

		it('are refused where the last chunk is missing', async () => {
			const { body, ...request } = chunks('cut off');
			const end = body!.lastIndexOf('0;chunk-signature=');
			expect(await answer({ ...request, body: body!.subarray(0, end) })).toMatchObject(peer().expected('noLastChunk'));
		});

		it('are refused for another size', async () => {
			expect(await answer(chunks('other size', large.size + 1))).toMatchObject(peer().expected('otherChunkedSize'));
		});

		it('leave no object behind when refused', async () => {
			const { body, ...request } = chunks('nothing');
			body![200]! ^= 1;
			await answer({ ...request, body });
			await expect(peer().readBack('nothing')).rejects.toMatchObject({ name: 'NoSuchKey' });
		});
	});

	it('of hashes must be hashes', async () => {
		expect(await answer(put('no hash', { payload: 'no hash' }))).toMatchObject(peer().expected('noPayloadHash'));
		expect(await answer(put('other hash', { payload: sha256('other') }))).toMatchObject({
			status: 400,
			code: 'XAmzContentSHA256Mismatch',
		});
	});
});
