import { PassThrough, Readable } from 'node:stream';
import { endOnError } from '../../../nodes/FileXDownload/destination/end-on-error';

describe('a stream that ends, whatever becomes of its source', () => {
	it('hands on all of it', async () => {
		const { stream, failure } = endOnError(Readable.from([Buffer.from('ab'), Buffer.from('c')]));
		expect(Buffer.concat(await stream.toArray()).toString()).toBe('abc');
		expect(failure()).toBeUndefined();
	});

	it.each<[string, (source: PassThrough) => void]>([
		['breaks', (source) => source.destroy(new Error('cut'))],
		['is dropped', (source) => source.destroy()],
	])('says afterwards that the source %s', async (_name, then) => {
		const source = new PassThrough();
		const { stream, failure } = endOnError(source);
		source.write('ab');
		setTimeout(() => then(source), 20);
		expect(Buffer.concat(await stream.toArray()).toString()).toBe('ab');
		expect(failure()).toMatchObject({ message: expect.stringMatching(/cut|Premature close/) });
	});

	it('ends at once for a source that broke before', async () => {
		const source = new PassThrough().on('error', () => {});
		source.destroy(new Error('cut'));
		await new Promise((resolve) => source.once('close', resolve));
		const { stream, failure } = endOnError(source);
		expect(await stream.toArray()).toEqual([]);
		expect(failure()).toMatchObject({ message: 'cut' });
	});
});
