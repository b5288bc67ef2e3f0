import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { verified } from '../../filex/verified';

describe('a verified stream', () => {
	it('hands the bytes on and knows their SHA-256', async () => {
		const { stream, sha256 } = verified(Readable.from([Buffer.from('ab'), Buffer.from('c')]), 3, 'f');
		expect(String(await buffer(stream))).toBe('abc');
		expect(sha256()).toBe(createHash('sha256').update('abc').digest('hex'));
	});

	it.each([
		['fewer', 4],
		['more', 2],
	])('fails on %s bytes than announced', async (_word, size) => {
		const { stream } = verified(Readable.from([Buffer.from('abc')]), size, 'f');
		await expect(buffer(stream)).rejects.toMatchObject({ kind: 'incomplete', retrySafe: true, message: expect.stringContaining(`3 of ${size} bytes`) });
	});

	it('fails when its source breaks off, though nobody listens yet', async () => {
		const source = new Readable({ read() {} });
		const { stream } = verified(source, 3, 'f');
		source.destroy();
		await new Promise((resolve) => stream.once('close', resolve));
		await expect(buffer(stream)).rejects.toMatchObject({ kind: 'incomplete' });
	});

	it('fails when it stands still', async () => {
		const source = new Readable({ read() {} });
		source.push('a');
		const { stream } = verified(source, 3, 'f', 20);
		await expect(buffer(stream)).rejects.toMatchObject({ kind: 'unavailable', message: expect.stringContaining('stood still') });
		expect(source.destroyed).toBe(true);
	});

	it('does not take a consumer that is slow with the last of it for a stall', async () => {
		const { stream } = verified(Readable.from([Buffer.from('abc')]), 3, 'f', 20);
		await new Promise((resolve) => setTimeout(resolve, 100));
		expect(String(await buffer(stream))).toBe('abc');
	});

	it('lets its source go when its consumer leaves', async () => {
		const source = new Readable({ read() {} });
		const { stream } = verified(source, 3, 'f');
		stream.destroy();
		await new Promise((resolve) => source.once('close', resolve));
		expect(source.destroyed).toBe(true);
	});
});
