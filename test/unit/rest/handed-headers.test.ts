import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { RestSpace } from '../../../filex';
import type { HttpRequest, HttpUpload } from '../../../filex';

const URL = 'https://bucket.s3.amazonaws.com/k?X-Amz-Signature=ab12';
const FILE = { orgId: '0001', application: 'crd', subSpace: 'in', name: 'a.zip' };

/** A fileX that hands out this with a URL, and the requests that the storage behind it gets. */
function spaceWith(handed: object): { space: RestSpace; sent: HttpRequest[] } {
	const sent: HttpRequest[] = [];
	const http = {
		authorized: async () => ({ status: 200, headers: {}, body: JSON.stringify({ url: URL, ...handed }) }),
		stream: async (request: HttpRequest) => {
			sent.push(request);
			return {
				status: 200,
				headers: { 'content-length': '1', etag: '"9dd4e461268c8034f5c8564e155c67a6"', 'x-amz-request-id': '1' },
				body: Readable.from(['x']),
			};
		},
		upload: async (request: HttpUpload) => {
			sent.push(request);
			await text(request.body);
			return {
				status: 200,
				headers: { etag: '"9dd4e461268c8034f5c8564e155c67a6"', 'x-amz-request-id': '1' },
				body: '',
			};
		},
	};
	return { space: new RestSpace('https://filex.example', http as never), sent };
}

const content = { size: 1, open: async () => Readable.from([Buffer.from('x')], { objectMode: false }) };

it('headers that come with a URL are sent with an upload and a download, and never override its length', async () => {
	const { space, sent } = spaceWith({
		headers: {
			'x-amz-server-side-encryption': 'aws:kms',
			'Content-Type': 'application/zip',
			'Content-Length': '99',
			Authorization: 'Bearer x',
		},
	});
	const request = await space.requestUpload(FILE);
	expect(await request.send(content, new AbortController().signal)).toMatchObject({ outcome: 'accepted' });
	(await space.read(FILE)).stream.resume();
	expect(sent.map(({ headers }) => headers)).toEqual([
		{ 'x-amz-server-side-encryption': 'aws:kms', 'content-type': 'application/zip', 'Content-Length': '1' },
		{ 'x-amz-server-side-encryption': 'aws:kms', 'content-type': 'application/zip' },
	]);
});

it('without any, an upload says what its bytes are', async () => {
	const { space, sent } = spaceWith({});
	await (await space.requestUpload(FILE)).send(content, new AbortController().signal);
	expect(sent[0]!.headers).toEqual({ 'Content-Type': 'application/octet-stream', 'Content-Length': '1' });
});
