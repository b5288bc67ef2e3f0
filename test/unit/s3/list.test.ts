import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Access } from '../../../filex/s3/access';
import { listFiles } from '../../../filex/s3/list';

const PLACE = { bucket: 'bucket-filex', prefix: '0001/crd/reports/' };
const WHAT = '0001/crd/reports';
const KEYS = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };

const entry = (key: string, changes: Record<string, string | undefined> = {}) => {
	const fields = { Key: key, LastModified: '2026-01-02T03:04:05.000Z', Size: '5', ...changes };
	return `<Contents>${Object.entries(fields)
		.map(([name, value]) => (value === undefined ? '' : `<${name}>${value}</${name}>`))
		.join('')}</Contents>`;
};

const page = (contents: string, changes: Record<string, string | undefined> = {}) => {
	const fields = { Name: PLACE.bucket, Prefix: PLACE.prefix, Delimiter: '/', IsTruncated: 'false', ...changes };
	return `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${Object.entries(
		fields,
	)
		.map(([name, value]) => (value === undefined ? '' : `<${name}>${value}</${name}>`))
		.join('')}${contents}</ListBucketResult>`;
};

/** An empty page of a listing that never ends. */
const unending = (number: number) => ({
	Name: PLACE.bucket,
	Prefix: PLACE.prefix,
	IsTruncated: true,
	KeyCount: 0,
	NextContinuationToken: String(number),
});

const A = entry(`${PLACE.prefix}a.pdf`);

describe('an S3 listing', () => {
	let server: Server;
	let access: S3Access;
	let asked: string[];
	let answer: (token: string | null) => { status?: number; type?: string; body: string };

	beforeAll(async () => {
		server = createServer((request, response) => {
			asked.push(request.url!);
			const {
				status = 200,
				type = 'application/xml',
				body,
			} = answer(new URL(request.url!, 'http://x').searchParams.get('continuation-token'));
			response.writeHead(status, { 'Content-Type': type, Server: 'gateway' }).end(body);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	});
	beforeEach(() => {
		asked = [];
		access = new S3Access(
			{ credentials: async () => KEYS, drop: () => {} },
			{ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, pathStyle: true },
		);
	});
	afterEach(async () => await access.close());
	afterAll(async () => await new Promise((resolve) => server.close(resolve)));

	const names = async (body: string, type?: string) => {
		answer = () => ({ body, type });
		return (await listFiles(access, PLACE, WHAT)).map(({ name }) => name);
	};

	it.each<[string, string, string[]]>([
		['with files', page(A), ['a.pdf']],
		["with the folder's own entry", page(entry(PLACE.prefix, { Size: '0' }) + A), ['a.pdf']],
		['with no files', page('', { KeyCount: '0' }), []],
		['without IsTruncated, but with KeyCount', page(A, { IsTruncated: undefined, KeyCount: '1' }), ['a.pdf']],
		[
			'with its folders counted',
			page(`${A}<CommonPrefixes><Prefix>${PLACE.prefix}sub/</Prefix></CommonPrefixes>`, { KeyCount: '2' }),
			['a.pdf'],
		],
		[
			'with encoded keys',
			page(entry('0001%2Fcrd%2Freports%2Fa+b%26c.pdf'), { EncodingType: 'url', Prefix: '0001%2Fcrd%2Freports%2F' }),
			['a b&c.pdf'],
		],
	])('is taken %s', async (_shape, body, expected) => expect(await names(body)).toEqual(expected));

	it.each<[string, string, string?]>([
		['an HTML page', '<html><head><title>Sign in</title></head><body>Sign in</body></html>', 'text/html'],
		['an HTML page that is no XML', '<!DOCTYPE html><html><br><p>Sign in', 'text/html'],
		['an empty answer', ''],
		['a text', 'OK', 'text/plain'],
		['JSON', '{"files":[]}', 'application/json'],
		['XML of another service', '<Result><Contents/></Result>'],
		['an empty listing without a name', page('', { Name: undefined })],
		['a listing of another bucket', page('', { Name: 'other' })],
		['a listing of another prefix', page('', { Prefix: '0001/' })],
		['a listing without a prefix', page('', { Prefix: undefined })],
		['a listing without IsTruncated and KeyCount', page('', { IsTruncated: undefined })],
		['an empty listing without KeyCount', page('')],
		['a listing that counts more than it has', page(A, { KeyCount: '2' })],
		['an entry without a size', page(entry(`${PLACE.prefix}a.pdf`, { Size: undefined }))],
		['an entry with a negative size', page(entry(`${PLACE.prefix}a.pdf`, { Size: '-1' }))],
		['an entry without a time', page(entry(`${PLACE.prefix}a.pdf`, { LastModified: undefined }))],
		['an entry whose time is none', page(entry(`${PLACE.prefix}a.pdf`, { LastModified: 'yesterday' }))],
		['an entry without a key', page(entry('', { Key: undefined }))],
		['an entry of elsewhere', page(entry('0001/crd/other/a.pdf'))],
		['an entry with a slash', page(entry(`${PLACE.prefix}a/b.pdf`))],
		['the same key twice', page(A + A)],
		['a page that breaks off', page(A, { IsTruncated: 'true' })],
		['an encoding that is broken', page(entry('%E0%A4%A'), { EncodingType: 'url' })],
	])('is not %s', async (_what, body, type = 'application/xml') => {
		await expect(names(body, type)).rejects.toMatchObject({
			kind: 'unexpected-answer',
			isForeign: true,
			retrySafe: true,
			httpStatus: 200,
			message: expect.stringContaining(`HTTP 200, ${type}, server gateway`),
		});
	});

	it('of a page without an end is broken off after 8 MiB', async () => {
		let sent = 0;
		const endless = createServer((_, response) => {
			const more = () => {
				do sent += A.length * 1000;
				while (!response.destroyed && response.write(A.repeat(1000)));
			};
			response
				.writeHead(200, { 'Content-Type': 'application/xml' })
				.on('drain', more)
				.write(page('').slice(0, -'</ListBucketResult>'.length));
			more();
		});
		await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
		const open = new S3Access(
			{ credentials: async () => KEYS, drop: () => {} },
			{ endpoint: `http://127.0.0.1:${(endless.address() as AddressInfo).port}`, pathStyle: true },
		);
		await expect(listFiles(open, PLACE, WHAT)).rejects.toMatchObject({
			isForeign: true,
			message: expect.stringContaining('longer than 8 MiB'),
		});
		expect(sent).toBeLessThan(4 * 32 * 2 ** 20);
		await open.close();
		endless.closeAllConnections();
		await new Promise((resolve) => endless.close(resolve));
	});

	it('is read page by page', async () => {
		answer = (token) => ({
			body:
				token === null
					? page(A, { IsTruncated: 'true', NextContinuationToken: 'n' })
					: page(entry(`${PLACE.prefix}b.pdf`)),
		});
		expect((await listFiles(access, PLACE, WHAT)).map(({ name }) => name)).toEqual(['a.pdf', 'b.pdf']);
		expect(asked).toHaveLength(2);
	});

	it('whose pages lead in a circle is refused', async () => {
		answer = (token) => ({
			body: page(entry(`${PLACE.prefix}${token}.pdf`), {
				IsTruncated: 'true',
				NextContinuationToken: token === 'x' ? 'y' : 'x',
			}),
		});
		await expect(listFiles(access, PLACE, WHAT)).rejects.toThrow(/its continuation token was there before/);
		expect(asked).toHaveLength(3);
	});

	it('without an end is broken off after 2,000 pages', async () => {
		let pages = 0;
		await expect(listFiles({ repeatedly: async () => unending(++pages) as never }, PLACE, WHAT)).rejects.toThrow(
			/more than 2000 pages/,
		);
		expect(pages).toBe(2000);
	});

	it('is broken off after a quarter of an hour', async () => {
		let [pages, minutes] = [0, 0];
		await expect(
			listFiles({ repeatedly: async () => unending(++pages) as never }, PLACE, WHAT, () => 60_000 * minutes++),
		).rejects.toThrow(/longer than 15 minutes/);
		expect(pages).toBe(16);
	});

	it('is broken off after a million files', async () => {
		let pages = 0;
		const contents = () =>
			Array.from({ length: 100_000 }, (_, index) => ({
				Key: `${PLACE.prefix}${pages}-${index}`,
				Size: 1,
				LastModified: new Date(0),
			}));
		const output = () => ({ ...unending(++pages), KeyCount: 100_000, Contents: contents() });
		await expect(listFiles({ repeatedly: async () => output() as never }, PLACE, WHAT)).rejects.toThrow(
			/more than 1000000 files/,
		);
		expect(pages).toBe(11);
	});
});
