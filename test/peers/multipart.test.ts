import { createHash } from 'node:crypto';
import {
	AbortMultipartUploadCommand,
	CompleteMultipartUploadCommand,
	CreateMultipartUploadCommand,
	HeadObjectCommand,
	ListMultipartUploadsCommand,
	ListPartsCommand,
	UploadPartCommand,
	type AbortMultipartUploadCommandOutput,
	type CompletedPart,
	type CompleteMultipartUploadCommandOutput,
	type ListPartsCommandOutput,
	type UploadPartCommandOutput,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { Content } from '../support/content';
import { MIB, SIZES, SMALLEST_PART } from '../support/sizes';
import { describePeers, outcome } from './peer';
import { pathOf, send as sendRaw, signedBy } from './raw';

/** The ETag of an object that was put in parts. */
function etagOf(parts: Content[]): string {
	const hash = createHash('md5');
	for (const part of parts) hash.update(part.digest('md5'), 'hex');
	return `"${hash.digest('hex')}-${parts.length}"`;
}

const sha256Of = (parts: Content[]): string => {
	const hash = createHash('sha256');
	for (const part of parts) hash.update(part.bytes());
	return hash.digest('hex');
};

describePeers('multipart uploads', (peer) => {
	const create = async (name: string): Promise<{ Bucket: string; Key: string; UploadId: string }> => {
		const { UploadId } = await peer().client.send(new CreateMultipartUploadCommand(peer().put(name)));
		return { ...peer().put(name), UploadId: UploadId! };
	};
	type Begun = Awaited<ReturnType<typeof create>>;

	const send = async (begun: Begun, PartNumber: number, part: Content): Promise<UploadPartCommandOutput> =>
		await peer().client.send(new UploadPartCommand({ ...begun, PartNumber, Body: part.bytes() }));
	const upload = async (begun: Begun, PartNumber: number, part: Content): Promise<CompletedPart> => {
		const { ETag } = await send(begun, PartNumber, part);
		return { PartNumber, ETag };
	};
	const complete = async (begun: Begun, Parts: CompletedPart[]): Promise<CompleteMultipartUploadCommandOutput> =>
		await peer().client.send(new CompleteMultipartUploadCommand({ ...begun, MultipartUpload: { Parts } }));
	const list = async (begun: Begun, more = {}): Promise<ListPartsCommandOutput> =>
		await peer().client.send(new ListPartsCommand({ ...begun, ...more }));
	const listed = async (begun: Begun, more = {}): Promise<{ numbers: number[]; truncated?: boolean }> => {
		const { Parts = [], IsTruncated } = await list(begun, more);
		return { numbers: Parts.map(({ PartNumber }) => PartNumber!), truncated: IsTruncated };
	};
	const abort = async (begun: Begun): Promise<AbortMultipartUploadCommandOutput> =>
		await peer().client.send(new AbortMultipartUploadCommand(begun));
	const first = new Content(SMALLEST_PART, 'first');
	const second = new Content(SMALLEST_PART + 1, 'second');
	const last = new Content(7, 'last');

	it.each(SIZES)(
		'that lib-storage makes of $name come back as they were',
		async ({ name, bytes }) => {
			const sent = new Content(bytes);
			const before = process.resourceUsage().maxRSS;
			await new Upload({
				client: peer().client,
				params: { ...peer().put(`library ${name}`), Body: sent.stream() },
				partSize: 8 * MIB,
			}).done();
			expect(await peer().readBack(`library ${name}`)).toEqual({ size: bytes, sha256: sent.digest('sha256') });
			expect(process.resourceUsage().maxRSS - before).toBeLessThan((400 * MIB) / 1024);
		},
		600_000,
	);

	it('take parts in any order, and the last of those with one number', async () => {
		const begun = await create('by-hand');
		const three = await upload(begun, 3, last);
		const replaced = await upload(begun, 1, second);
		const two = await upload(begun, 2, second);
		const one = await upload(begun, 1, first);
		expect(one.ETag).toBe(`"${first.digest('md5')}"`);
		expect(one.ETag).not.toBe(replaced.ETag);

		const parts = [first, second, last];
		const { ETag } = await complete(begun, [one, two, three]);
		expect(ETag).toBe(peer().expected('completedEtag').of(etagOf(parts)));
		const { key, keys } = await peer().target.landed('by-hand');
		const reader = peer().clientWith({ keys });
		expect((await reader.send(new HeadObjectCommand({ Bucket: peer().bucket, Key: key }))).ETag).toBe(etagOf(parts));
		reader.destroy();
		const size = parts.reduce((sum, part) => sum + part.size, 0);
		expect(await peer().readBack('by-hand')).toEqual({ size, sha256: sha256Of(parts) });
	});

	it('take parts with gaps in their numbers', async () => {
		const begun = await create('with gaps');
		await complete(begun, [await upload(begun, 5, first), await upload(begun, 900, last)]);
		expect(await peer().readBack('with gaps')).toEqual({
			size: first.size + last.size,
			sha256: sha256Of([first, last]),
		});
	});

	it('have one part that may be small', async () => {
		const begun = await create('one small');
		await complete(begun, [await upload(begun, 1, last)]);
		expect(await peer().readBack('one small')).toEqual({ size: 7, sha256: last.digest('sha256') });
	});

	it('list their parts, by pages', async () => {
		const begun = await create('listed');
		for (const number of [4, 2, 9]) await upload(begun, number, last);
		expect(await listed(begun)).toEqual({ numbers: [2, 4, 9], truncated: false });
		expect(await listed(begun, { MaxParts: 2 })).toEqual({ numbers: [2, 4], truncated: true });
		expect(await listed(begun, { PartNumberMarker: '4' })).toEqual({ numbers: [9], truncated: false });
		const { Parts } = await list(begun);
		expect(Parts![0]).toMatchObject({
			PartNumber: 2,
			Size: 7,
			ETag: `"${last.digest('md5')}"`,
			LastModified: expect.any(Date) as Date,
		});
		await abort(begun);
	});

	it('are gone once aborted', async () => {
		const begun = await create('aborted');
		const part = await upload(begun, 1, last);
		await abort(begun);
		const gone = { status: 404, code: 'NoSuchUpload' };
		expect(await outcome(list(begun))).toEqual(peer().expected('partsOfNoUpload'));
		expect(await outcome(send(begun, 2, last))).toEqual(gone);
		expect(await outcome(complete(begun, [part]))).toEqual(peer().expected('completedNoUpload'));
		expect(await outcome(abort(begun))).toEqual(gone);
	});

	it('are known by their own ids only', async () => {
		const begun = await create('known');
		expect(await outcome(list({ ...begun, UploadId: 'made-up' }))).toEqual(peer().expected('partsOfNoUpload'));
		expect(await outcome(list({ ...begun, ...peer().put('another') }))).toEqual(peer().expected('partsOfNoUpload'));
		expect(await outcome(send({ ...begun, ...peer().put('another') }, 1, last))).toEqual({
			status: 404,
			code: 'NoSuchUpload',
		});
		await abort(begun);
	});

	it('leave out parts that are not named in the end', async () => {
		const begun = await create('left out');
		const parts = [await upload(begun, 1, first), await upload(begun, 3, last)];
		await upload(begun, 2, second);
		expect(await outcome(complete(begun, parts))).toEqual(peer().expected('unnamedPart'));
	});

	it('are listed to no one who may not', async () => {
		const list = peer().client.send(
			new ListMultipartUploadsCommand({ Bucket: peer().bucket, Prefix: peer().target.readPrefix }),
		);
		expect(await outcome(list)).toEqual({ status: 403, code: 'AccessDenied' });
	});

	describe('are not completed', () => {
		it.each<[string, (parts: CompletedPart[]) => CompletedPart[], string]>([
			['with a part that never came', (parts) => [...parts, { ...parts[0], PartNumber: 8 }], 'InvalidPart'],
			["with another part's ETag", ([one, two]) => [{ ...one, ETag: two!.ETag }, two!], 'InvalidPart'],
		])('%s', async (_, change, code) => {
			const begun = await create('refused');
			const parts = [await upload(begun, 1, first), await upload(begun, 2, last)];
			expect(await outcome(complete(begun, change(parts)))).toEqual({ status: 400, code });
			// A refused end is no end.
			expect((await listed(begun)).numbers).toEqual([1, 2]);
			await abort(begun);
		});

		it('with a small part before the last', async () => {
			const begun = await create('too small');
			const parts = [await upload(begun, 1, new Content(SMALLEST_PART - 1)), await upload(begun, 2, last)];
			expect(await outcome(complete(begun, parts))).toEqual({ status: 400, code: 'EntityTooSmall' });
			await abort(begun);
		});

		it.each([
			['without any part', '<CompleteMultipartUpload></CompleteMultipartUpload>'],
			['by what is no XML', 'complete, please'],
			['by XML that is cut off', '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>'],
			['by nothing', ''],
		])('%s', async (_, text) => {
			const begun = await create('malformed');
			await upload(begun, 1, last);
			const query = `uploadId=${encodeURIComponent(begun.UploadId)}`;
			const request = signedBy(peer(), { method: 'POST', path: pathOf(begun), query, body: Buffer.from(text) });
			const answer = await sendRaw(peer().target.endpoint, request);
			expect(answer).toMatchObject({ status: 400, code: 'MalformedXML' });
			await abort(begun);
		});
	});

	it.each<[string, (parts: CompletedPart[]) => CompletedPart[], 'partOrder' | 'partTwice']>([
		['the wrong order', (parts) => parts.reverse(), 'partOrder'],
		['one part twice', ([one]) => [one!, one!], 'partTwice'],
	])('do not take %s', async (_, change, difference) => {
		const begun = await create('order');
		const parts = [await upload(begun, 1, first), await upload(begun, 2, last)];
		expect(await outcome(complete(begun, change(parts)))).toEqual(peer().expected(difference));
	});

	it.each([0, 10_001])('do not take a part with number %s', async (number) => {
		const begun = await create('numbers');
		expect(await outcome(send(begun, number, last))).toEqual(peer().expected('partNumber'));
		await abort(begun);
	});
});
