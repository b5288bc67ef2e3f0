import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { PartSource } from '../../../filex/s3/part-source';

const bytes = randomBytes(1000);
const piecesOf = (length: number) =>
	Readable.from(
		Array.from({ length: Math.ceil(bytes.length / length) }, (_, index) =>
			bytes.subarray(index * length, (index + 1) * length),
		),
	);

describe('a stream cut into parts', () => {
	it.each([1, 7, 100, 333, 1000])('gives the same bytes, however it comes: in pieces of %i', async (length) => {
		const source = new PartSource(piecesOf(length));
		const parts = [Buffer.alloc(300), Buffer.alloc(300), Buffer.alloc(300), Buffer.alloc(100)];
		// All at once: they are filled in the order in which they ask.
		await Promise.all(parts.map(async (part) => await source.fill(part)));
		await source.end();
		expect(Buffer.concat(parts).equals(bytes)).toBe(true);
	});

	it('can be streamed part by part', async () => {
		const source = new PartSource(piecesOf(170));
		const parts: Buffer[] = [];
		for (const length of [400, 400, 200]) parts.push(Buffer.concat(await source.stream(length).toArray()));
		expect(parts.map((part) => part.length)).toEqual([400, 400, 200]);
		expect(Buffer.concat(parts).equals(bytes)).toBe(true);
	});

	it('fails where it ends early, and where the source does', async () => {
		await expect(new PartSource(piecesOf(100)).fill(Buffer.alloc(1001))).rejects.toThrow('ended early');
		const broken = new Readable({ read: () => {} });
		broken.destroy(new Error('gone'));
		await expect(new PartSource(broken).fill(Buffer.alloc(1))).rejects.toThrow('gone');
	});
});
