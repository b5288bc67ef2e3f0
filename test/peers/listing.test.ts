import {
	GetObjectCommand,
	ListObjectsV2Command,
	paginateListObjectsV2,
	type ListObjectsV2CommandInput,
	type ListObjectsV2CommandOutput,
} from '@aws-sdk/client-s3';
import { Content } from '../support/content';
import { describePeers, outcome } from './peer';

/** As many as need three pages. */
const COUNT = 2500;
const PLACERS = 8;

const NAMES = Array.from({ length: COUNT }, (_, index) => `many/${String(index).padStart(4, '0')}.txt`);

/** Names with what URLs, XML, or both set apart. */
const ODD = [
	'a b',
	'a+b',
	'a%20b',
	'100%',
	'a=b',
	'a&b',
	"it's",
	'(a)',
	'~a',
	'a"b',
	'a<b>',
	'a;b',
	'a,b',
	'a@b:c',
	'Zoë',
	'日本',
	'🎉',
];

describePeers('listings', (peer) => {
	const list = async (more: Partial<ListObjectsV2CommandInput> = {}): Promise<ListObjectsV2CommandOutput> => {
		const { Prefix = '', StartAfter, ...rest } = more;
		const { readPrefix } = peer().target;
		const within = {
			Prefix: readPrefix + Prefix,
			...(StartAfter !== undefined && { StartAfter: readPrefix + StartAfter }),
		};
		return await peer().client.send(new ListObjectsV2Command({ Bucket: peer().bucket, ...within, ...rest }));
	};
	/** Names as they were placed. */
	const names = ({ Contents = [] }: ListObjectsV2CommandOutput): string[] =>
		Contents.map(({ Key }) => Key!.slice(peer().target.readPrefix.length));
	const folders = ({ CommonPrefixes = [] }: ListObjectsV2CommandOutput): string[] =>
		CommonPrefixes.map(({ Prefix }) => Prefix!.slice(peer().target.readPrefix.length));

	beforeAll(async () => {
		const left = [
			...NAMES,
			...ODD.map((name) => `odd/${name}`),
			'tree/a/1',
			'tree/a/2',
			'tree/b/1',
			'tree/c',
			'tree/d&e/1',
		];
		const place = async (): Promise<void> => {
			for (let name = left.pop(); name !== undefined; name = left.pop()) {
				await peer().target.place(name, new Content(name.length, name.slice(-16).replace(/[^ -~]/g, '')));
			}
		};
		await Promise.all(Array.from({ length: PLACERS }, place));
	});

	it('come by pages of a thousand at most', async () => {
		const pages: string[][] = [];
		const input = { Bucket: peer().bucket, Prefix: `${peer().target.readPrefix}many/` };
		for await (const page of paginateListObjectsV2({ client: peer().client }, input)) pages.push(names(page));
		// A page may have fewer, says AWS, and RGW does so.
		expect(Math.max(...pages.map(({ length }) => length))).toBeLessThanOrEqual(1000);
		expect(pages.flat()).toEqual(NAMES);
	});

	it('come by smaller pages where asked for', async () => {
		const page = await list({ Prefix: 'many/', MaxKeys: 3 });
		expect(names(page)).toEqual(NAMES.slice(0, 3));
		expect(page).toMatchObject({
			KeyCount: 3,
			MaxKeys: 3,
			IsTruncated: true,
			NextContinuationToken: expect.any(String) as string,
		});
		const next = await list({ Prefix: 'many/', MaxKeys: 3, ContinuationToken: page.NextContinuationToken });
		expect(names(next)).toEqual(NAMES.slice(3, 6));
		expect(next.ContinuationToken).toBe(page.NextContinuationToken);
	});

	it('never come by more than a thousand', async () => {
		const page = await list({ Prefix: 'many/', MaxKeys: 5000 });
		expect(page).toMatchObject({ KeyCount: names(page).length, IsTruncated: true });
		expect(page.KeyCount).toBeLessThanOrEqual(1000);
		expect(page.KeyCount).toBeGreaterThanOrEqual(peer().expected('fullPage').fewest);
		expect(names(page)).toEqual(NAMES.slice(0, page.KeyCount));
	});

	it('may be of nothing', async () => {
		expect(await list({ Prefix: 'many/', MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
		expect(await list({ Prefix: 'none/' })).toMatchObject({ KeyCount: 0, IsTruncated: false });
	});

	it('start after any name, also one that does not exist', async () => {
		expect(names(await list({ Prefix: 'many/', StartAfter: NAMES[2490] }))).toEqual(NAMES.slice(2491));
		expect(names(await list({ Prefix: 'many/', StartAfter: 'many/2490.txu' }))).toEqual(NAMES.slice(2491));
	});

	it('tell sizes, ETags and times', async () => {
		const { Contents, Name, Prefix } = await list({ Prefix: 'tree/c' });
		const prefix = peer().target.readPrefix;
		expect({ Name, Prefix }).toEqual({ Name: peer().bucket, Prefix: `${prefix}tree/c` });
		const etag = `"${new Content(6, 'tree/c').digest('md5')}"`;
		const object = {
			Key: `${prefix}tree/c`,
			Size: 6,
			ETag: etag,
			LastModified: expect.any(Date) as Date,
			StorageClass: 'STANDARD',
		};
		expect(Contents).toEqual([expect.objectContaining(object)]);
	});

	it('fold what has a delimiter', async () => {
		const page = await list({ Prefix: 'tree/', Delimiter: '/' });
		expect(folders(page)).toEqual(['tree/a/', 'tree/b/', 'tree/d&e/']);
		expect(names(page)).toEqual(['tree/c']);
		expect(page.KeyCount).toBe(4);
	});

	it('fold by pages as well', async () => {
		const page = await list({ Prefix: 'tree/', Delimiter: '/', MaxKeys: 2 });
		expect(folders(page)).toEqual(['tree/a/', 'tree/b/']);
		expect(page.IsTruncated).toBe(true);
		const next = await list({
			Prefix: 'tree/',
			Delimiter: '/',
			MaxKeys: 2,
			ContinuationToken: page.NextContinuationToken,
		});
		expect(folders(next)).toEqual(['tree/d&e/']);
		expect(names(next)).toEqual(['tree/c']);
		expect(next.IsTruncated).toBe(false);
	});

	it('are in the order of UTF-8 bytes', async () => {
		const sorted = ODD.map((name) => `odd/${name}`).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
		expect(names(await list({ Prefix: 'odd/' }))).toEqual(sorted);
	});

	it('encode names where asked to', async () => {
		const { Contents, EncodingType } = await list({ Prefix: 'odd/', EncodingType: 'url' });
		expect(EncodingType).toBe('url');
		const decoded = Contents!.map(({ Key }) =>
			decodeURIComponent(Key!.replaceAll('+', ' ')).slice(peer().target.readPrefix.length),
		);
		expect(decoded.sort()).toEqual(ODD.map((name) => `odd/${name}`).sort());
	});

	it.each(ODD)('name objects as they can be got: %s', async (name) => {
		const [found] = (await list({ Prefix: `odd/${name}` })).Contents!;
		const { Body } = await peer().client.send(new GetObjectCommand({ Bucket: peer().bucket, Key: found!.Key }));
		expect(await Body!.transformToByteArray()).toHaveLength(`odd/${name}`.length);
	});

	it.each<[string, Partial<ListObjectsV2CommandInput>, 'negativeMaxKeys' | 'madeUpPage']>([
		['fewer than no keys', { MaxKeys: -1 }, 'negativeMaxKeys'],
		['a page that no one asked for', { ContinuationToken: 'made up' }, 'madeUpPage'],
	])('are not given of %s', async (_, input, difference) => {
		expect(await outcome(list(input))).toEqual(peer().expected(difference));
	});
});
