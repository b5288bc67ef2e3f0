import { PassThrough, Readable } from 'node:stream';
import { uploadBody } from '../../../filex/transfer/upload-body';
import { LONGEST_TIMER } from '../../../filex/util/deadline';
import { dripping } from '../../support/dripping';

describe('a file on its way out', () => {
	it('is handed on whole, counted and hashed', async () => {
		const body = uploadBody(Readable.from([Buffer.from('ab'), Buffer.from('c')]), 3, 'a.zip');
		expect(Buffer.concat(await body.stream.toArray()).toString()).toBe('abc');
		expect(body.handedOn()).toBe(3);
		expect(body.sha256()).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
		body.close();
	});

	it.each<[string, (source: PassThrough) => void]>([
		['continues after the announced size', (source) => source.end('!')],
		['breaks after its last byte', (source) => source.destroy(new Error('EIO'))],
	])('is not handed on to its end when it %s: no one may take it for whole', async (_name, then) => {
		const source = new PassThrough();
		const body = uploadBody(source, 3, 'a.zip');
		source.write('ab');
		source.write('c');
		setTimeout(() => then(source), 20);
		await expect(body.stream.toArray()).rejects.toMatchObject({ kind: 'incomplete' });
		expect(body.handedOn()).toBeLessThan(3);
		expect(body.sha256()).toBeUndefined();
		body.close();
	});

	it('is not handed on when it broke before it came here', async () => {
		const source = new PassThrough().on('error', () => {});
		source.destroy(new Error('EIO'));
		await new Promise((resolve) => source.once('close', resolve));
		const body = uploadBody(source, 3, 'a.zip');
		await expect(body.stream.toArray()).rejects.toMatchObject({
			kind: 'incomplete',
			message: expect.stringContaining('EIO'),
		});
		body.close();
	});

	it('is said to stand still when no one takes it', async () => {
		const body = uploadBody(Readable.from([Buffer.alloc(1_000_000)]), 2_000_000, 'a.zip', { idle: 20 });
		await new Promise((resolve) => body.stalled.addEventListener('abort', resolve, { once: true }));
		body.close();
	});

	it.each([
		['a byte now and then', 10_000],
		['all of its bytes, and then no end', 3],
	])('fails, by its own fault, when its source gives %s', async (_what, size) => {
		const source = dripping(size);
		const body = uploadBody(source, size, 'a.zip', {
			idle: LONGEST_TIMER,
			pace: { least: 100, within: 120 },
		});
		await expect(body.stream.resume().toArray()).rejects.toMatchObject({
			kind: 'incomplete',
			message: expect.stringContaining('it was given too slowly, fewer than 100 bytes in 0.12 s'),
		});
		expect(body.failure()).toMatchObject({ retrySafe: true });
		body.close();
		expect(source.destroyed).toBe(true);
	});

	it('is said to stand still when it is taken a byte now and then', async () => {
		const body = uploadBody(Readable.from([Buffer.alloc(1_000_000), Buffer.alloc(1_000_000)]), 2_000_000, 'a.zip', {
			idle: 60_000,
			pace: { least: 100, within: 120 },
		});
		const taking = setInterval(() => body.stream.read(1), 5);
		await new Promise((resolve) => body.stalled.addEventListener('abort', resolve, { once: true }));
		clearInterval(taking);
		expect(body.failure()).toBeUndefined();
		body.close();
	});
});
