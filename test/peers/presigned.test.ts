import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Content } from '../support/content';
import { describePeers } from './peer';
import { errorOf, send, type RawResponse } from './raw';

const HOUR = 3600;

/** Does as a pre-signed URL says. */
async function follow(
	url: string,
	method: string,
	headers: Record<string, string> = {},
	body?: Buffer,
): Promise<RawResponse> {
	const { origin, host, pathname, search } = new URL(url);
	return await send(origin, { method, path: pathname, query: search.slice(1), headers: { host, ...headers }, body });
}

/** The URL with one of its parameters changed. */
function changed(url: string, name: string, value: string): string {
	const other = new URL(url);
	expect(other.searchParams.has(name)).toBe(true);
	other.searchParams.set(name, value);
	return other.href;
}

describePeers('pre-signed URLs', (peer) => {
	const content = new Content(1000);
	const whole = content.bytes();
	let client: S3Client;
	const getUrl = async (name = 'placed', options = {}): Promise<string> =>
		await getSignedUrl(client, new GetObjectCommand(peer().get(name)), { expiresIn: HOUR, ...options });
	const putUrl = async (name: string): Promise<string> =>
		await getSignedUrl(client, new PutObjectCommand(peer().put(name)), { expiresIn: HOUR });

	beforeAll(async () => {
		// The checksum that it would add by itself is that of no body at all.
		client = peer().clientWith({ requestChecksumCalculation: 'WHEN_REQUIRED' });
		await peer().target.place('placed', content);
	});
	afterAll(() => client.destroy());

	it('get an object, as often as wanted', async () => {
		const url = await getUrl();
		expect(new URL(url).searchParams.get('X-Amz-Security-Token')).toBe(peer().keys.sessionToken);
		for (let time = 0; time < 2; time++) expect(await follow(url, 'GET')).toMatchObject({ status: 200, body: whole });
	});

	it('get a part of an object', async () => {
		expect(await follow(await getUrl(), 'GET', { range: 'bytes=5-6' })).toMatchObject({
			status: 206,
			body: whole.subarray(5, 7),
		});
	});

	it('get an object by an odd name', async () => {
		const name = "ä +&=%'(1)~.txt";
		await peer().target.place(name, content);
		expect(await follow(await getUrl(name), 'GET')).toMatchObject({ status: 200, body: whole });
	});

	it('put an object', async () => {
		expect(await follow(await putUrl('put'), 'PUT', {}, whole)).toMatchObject({ status: 200 });
		expect(await peer().readBack('put')).toEqual({ size: 1000, sha256: content.digest('sha256') });
	});

	it('give what was asked for as headers of the answer', async () => {
		const [ResponseContentType, ResponseContentDisposition] = ['text/x-odd', 'attachment; filename="a.txt"'];
		const command = new GetObjectCommand({ ...peer().get('placed'), ResponseContentType, ResponseContentDisposition });
		const { headers } = await follow(await getSignedUrl(client, command), 'GET');
		expect(headers).toMatchObject({
			'content-type': ResponseContentType,
			'content-disposition': ResponseContentDisposition,
		});
	});

	it('end in time', async () => {
		const url = await getUrl('placed', { signingDate: new Date(Date.now() - 10 * 60_000), expiresIn: 60 });
		const { status, body } = await follow(url, 'GET');
		expect(status).toBe(403);
		expect(errorOf(body)).toMatchObject({
			Code: 'AccessDenied',
			Message: peer().expected('message').of('Request has expired'),
		});
	});

	it('do not begin before their time', async () => {
		const url = await getUrl('placed', { signingDate: new Date(Date.now() + HOUR * 1000) });
		expect(await follow(url, 'GET')).toMatchObject(peer().expected('futureUrl'));
	});

	it.each(['604801', '-1', 'soon'])('do not last for %s seconds', async (seconds) => {
		expect(await follow(changed(await getUrl(), 'X-Amz-Expires', seconds), 'GET')).toMatchObject(
			peer().expected('urlLifetime'),
		);
	});

	it('are for one method', async () => {
		expect(await follow(await getUrl(), 'PUT', {}, whole)).toMatchObject({ status: 403 });
		expect(await follow(await putUrl('put'), 'GET')).toMatchObject({ status: 403 });
	});

	it('are for one host', async () => {
		expect(await follow(await getUrl(), 'GET', { host: 'localhost' })).toMatchObject({
			status: 403,
			code: 'SignatureDoesNotMatch',
		});
	});

	it('are for one object', async () => {
		const url = (await getUrl()).replace('/placed?', '/place?');
		expect(await follow(url, 'GET')).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
	});

	it.each([
		['X-Amz-Expires', () => '3601'],
		['X-Amz-Signature', () => '0'.repeat(64)],
		['X-Amz-Date', (date: string) => date.replace(/\d(\d)Z$/, (_, units) => `0${(Number(units) + 1) % 10}Z`)],
	])('are refused with another %s', async (name, other) => {
		const url = await getUrl();
		const refused = await follow(changed(url, name, other(new URL(url).searchParams.get(name)!)), 'GET');
		expect(refused).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
	});

	it('are refused with a parameter more', async () => {
		const url = `${await getUrl()}&response-content-type=text%2Fhtml`;
		expect(await follow(url, 'GET')).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
	});

	it('are refused without a parameter', async () => {
		const url = new URL(await getUrl());
		url.searchParams.delete('X-Amz-Expires');
		expect(await follow(url.href, 'GET')).toMatchObject(peer().expected('urlLifetime'));
	});

	it('are refused together with a signature in the headers', async () => {
		const authorization = 'AWS4-HMAC-SHA256 Credential=x';
		expect(await follow(await getUrl(), 'GET', { authorization })).toMatchObject({
			status: 400,
			code: 'InvalidArgument',
		});
	});

	it('hold a client to the headers that were signed', async () => {
		const url = await getSignedUrl(
			client,
			new PutObjectCommand({ ...peer().put('typed'), ContentType: 'text/plain' }),
			{
				signableHeaders: new Set(['content-type']),
			},
		);
		expect(await follow(url, 'PUT', { 'content-type': 'text/plain' }, whole)).toMatchObject({ status: 200 });
		expect(await follow(url, 'PUT', { 'content-type': 'text/html' }, whole)).toMatchObject({
			status: 403,
			code: 'SignatureDoesNotMatch',
		});
	});

	it('do nothing that their session may not', async () => {
		const foreign = new GetObjectCommand({ Bucket: peer().bucket, Key: peer().target.foreignKey });
		expect(await follow(await getSignedUrl(client, foreign), 'GET')).toMatchObject({
			status: 403,
			code: 'AccessDenied',
		});
	});

	it('end with their session', async () => {
		const ended = peer().clientWith({ keys: await peer().target.expiredSession() });
		const url = await getSignedUrl(ended, new GetObjectCommand(peer().get('placed')), { expiresIn: HOUR });
		expect(await follow(url, 'GET')).toMatchObject(peer().expected('expiredToken'));
		ended.destroy();
	});
});
