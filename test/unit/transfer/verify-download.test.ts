import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { verifyDownload } from '../../../filex/transfer/verify-download';
import { dripping } from '../../support/dripping';

describe('a verified stream', () => {
	it('hands the bytes on and knows their SHA-256', async () => {
		const { stream, sha256 } = verifyDownload(Readable.from([Buffer.from('ab'), Buffer.from('c')]), 3, 'f');
		expect(String(await buffer(stream))).toBe('abc');
		expect(sha256()).toBe(createHash('sha256').update('abc').digest('hex'));
	});

	it.each([
		['fewer', 4],
		['more', 2],
	])('fails on %s bytes than announced', async (_word, size) => {
		const { stream } = verifyDownload(Readable.from([Buffer.from('abc')]), size, 'f');
		await expect(buffer(stream)).rejects.toMatchObject({
			kind: 'incomplete',
			retrySafe: true,
			message: expect.stringContaining(`3 of ${size} bytes`),
		});
	});

	it('fails when its source breaks off, though no one listens yet', async () => {
		const source = new Readable({ read() {} });
		const { stream } = verifyDownload(source, 3, 'f');
		source.destroy();
		await new Promise((resolve) => stream.once('close', resolve));
		await expect(buffer(stream)).rejects.toMatchObject({ kind: 'incomplete' });
	});

	it('fails when it stands still', async () => {
		const source = new Readable({ read() {} });
		source.push('a');
		const { stream } = verifyDownload(source, 3, 'f', { idle: 20 });
		await expect(buffer(stream)).rejects.toMatchObject({
			kind: 'unavailable',
			message: expect.stringContaining('stood still'),
		});
		expect(source.destroyed).toBe(true);
	});

	it('does not take a consumer that is slow with the last of it for a stall', async () => {
		const { stream } = verifyDownload(Readable.from([Buffer.from('abc')]), 3, 'f', { idle: 20 });
		await new Promise((resolve) => setTimeout(resolve, 100));
		expect(String(await buffer(stream))).toBe('abc');
	});

	it.each([
		['a byte now and then', 10_000],
		['all of its bytes, and then no end', 3],
	])('fails when its source gives %s', async (_what, size) => {
		const source = dripping(size);
		const { stream } = verifyDownload(source, size, 'f', { pace: { least: 100, within: 120 } });
		await expect(buffer(stream)).rejects.toMatchObject({
			kind: 'unavailable',
			retrySafe: true,
			message: expect.stringContaining('came too slowly: fewer than 100 bytes in 0.12 s'),
		});
		expect(source.destroyed).toBe(true);
	});

	it('does not take a slow line for a dead one, nor a consumer that rests', async () => {
		const slow = verifyDownload(dripping(60, 2), 60, 'f', { pace: { least: 1, within: 600 } });
		const rested = verifyDownload(Readable.from([Buffer.alloc(100_000), Buffer.alloc(100_000)]), 200_000, 'f', {
			pace: { least: 1_000_000, within: 60 },
		});
		const bytes = [];
		for await (const chunk of rested.stream) {
			bytes.push((chunk as Buffer).length);
			await new Promise((resolve) => setTimeout(resolve, 200));
		}
		expect(bytes.reduce((sum, each) => sum + each)).toBe(200_000);
		expect((await buffer(slow.stream)).length).toBe(60);
	});

	it('lets its source go when its consumer leaves', async () => {
		const source = new Readable({ read() {} });
		const { stream } = verifyDownload(source, 3, 'f');
		stream.destroy();
		await new Promise((resolve) => source.once('close', resolve));
		expect(source.destroyed).toBe(true);
	});
});
