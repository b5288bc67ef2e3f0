import { Agent } from 'node:http';
import type { LookupFunction } from 'node:net';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { Content } from '../support/content';
import { describePeers, outcome } from './peer';
import { errorOf, pathOf, send, signedBy } from './raw';

/** The most that AWS takes in one piece. */
const LARGEST_PUT = 5 * 2 ** 30;

/** The longest key, in bytes. */
const LONGEST_KEY = 1024;

/** Any name is this machine. */
const lookup: LookupFunction = (_name, { all }, callback) =>
	all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4);

describePeers('requests', (peer) => {
	const content = new Content(1000);
	const whole = content.bytes();
	beforeAll(async () => await peer().target.place('placed', content));

	describe('in virtual-host style', () => {
		it('are as good as in path style', async () => {
			const { virtualHost, readPrefix, bucket } = peer().target;
			const endpoint = `http://${virtualHost.slice(bucket.length + 1)}`;
			const requestHandler = { httpAgent: new Agent({ lookup }) };
			const client = peer().clientWith({ endpoint, forcePathStyle: false, requestHandler });
			await client.send(new PutObjectCommand({ ...peer().put('virtual host'), Body: whole }));
			expect(await peer().readBack('virtual host')).toEqual({ size: 1000, sha256: content.digest('sha256') });
			const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: `${readPrefix}placed` }));
			expect(Buffer.from(await Body!.transformToByteArray())).toEqual(whole);
			client.destroy();
		});

		it('name the bucket by their Host', async () => {
			const { virtualHost: host, endpoint, readPrefix } = peer().target;
			const request = signedBy(peer(), { method: 'GET', path: `/${readPrefix}placed`, headers: { host } });
			expect(await send(endpoint, request)).toMatchObject({ status: 200, body: whole });
		});
	});

	it('are told why they are refused, in XML', async () => {
		const request = signedBy(peer(), { method: 'GET', path: pathOf(peer().get('missing')) });
		const { status, headers, body } = await send(peer().target.endpoint, request);
		expect({ status, type: headers['content-type'] }).toEqual({ status: 404, type: 'application/xml' });
		expect(errorOf(body)).toMatchObject({ Code: 'NoSuchKey', RequestId: headers['x-amz-request-id'] });
		expect(errorOf(body)!.Message).toBe(peer().expected('message').of('The specified key does not exist.'));
	});

	it('have ids of their own', async () => {
		const request = signedBy(peer(), { method: 'GET', path: pathOf(peer().get('placed')) });
		const ids = new Set<unknown>();
		for (let time = 0; time < 2; time++)
			ids.add((await send(peer().target.endpoint, request)).headers['x-amz-request-id']);
		expect([...ids]).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
	});

	it('may have a key of 1,024 bytes', async () => {
		const name = 'k'.repeat(LONGEST_KEY - peer().target.readPrefix.length);
		expect(await outcome(peer().client.send(new GetObjectCommand(peer().get(name))))).toEqual({
			status: 404,
			code: 'NoSuchKey',
		});
	});

	it('may have no longer key', async () => {
		// Bytes count, not letters.
		const name = 'k'.repeat(LONGEST_KEY - peer().target.writePrefix.length - 1) + 'é';
		const put = peer().client.send(new PutObjectCommand({ ...peer().put(name), Body: whole }));
		expect(await outcome(put)).toEqual(peer().expected('longKey'));
	});

	it('for more than 5 GiB in one piece are refused before any of it is sent', async () => {
		const headers = { 'content-length': String(LARGEST_PUT + 1), expect: '100-continue' };
		const request = signedBy(
			peer(),
			{ method: 'PUT', path: pathOf(peer().put('huge')), headers },
			{ payload: 'UNSIGNED-PAYLOAD' },
		);
		expect(await send(peer().target.endpoint, request)).toMatchObject({ status: 400, code: 'EntityTooLarge' });
	});

	it('wait for leave to continue where they ask for it', async () => {
		const headers = { 'content-length': String(whole.length), expect: '100-continue' };
		const request = signedBy(peer(), { method: 'PUT', path: pathOf(peer().put('waited')), headers, body: whole });
		expect(await send(peer().target.endpoint, request)).toMatchObject({ status: 200 });
		expect(await peer().readBack('waited')).toMatchObject({ size: 1000 });
	});

	it('for putting must say how much before they begin', async () => {
		const headers = { 'transfer-encoding': 'chunked' };
		const request = signedBy(peer(), { method: 'PUT', path: pathOf(peer().put('endless')), headers, body: whole });
		expect(await send(peer().target.endpoint, request)).toMatchObject(peer().expected('unsizedPut'));
	});

	it('by an unknown method are refused', async () => {
		const request = signedBy(peer(), { method: 'PATCH', path: pathOf(peer().put('patched')) });
		expect(await send(peer().target.endpoint, request)).toMatchObject({ status: 405, code: 'MethodNotAllowed' });
	});
});
