import { Readable } from 'node:stream';
import type { S3Access } from '../../../filex/s3/access';
import { PIECE } from '../../../filex/s3/ranged-read';
import { readObject } from '../../../filex/s3/read';

const OBJECT = { bucket: 'b', key: 'a.bin', path: 's3://b/a.bin' };

/** A store that ignores If-Match, which no server here does. @param etags of its answers, in their order */
function store(size: number, etags: string[]): S3Access {
	const send = async ({ input }: { input: { Range: string } }) => {
		const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(input.Range)!.map(Number);
		const end = Math.min(to! + 1, size);
		return {
			ETag: etags.length > 1 ? etags.shift() : etags[0],
			ContentRange: `bytes ${from}-${end - 1}/${size}`,
			Body: Readable.from([Buffer.alloc(end - from!)]),
			$metadata: { httpStatusCode: 206, requestId: '1' },
		};
	};
	class GetObjectCommand {
		constructor(readonly input: object) {}
	}
	return {
		repeatedly: async (_what: string, request: (call: object) => Promise<unknown>) =>
			await request({ s3: { send }, sdk: { GetObjectCommand }, abortSignal: new AbortController().signal }),
	} as unknown as S3Access;
}

describe('a file in S3 that is replaced while it is read', () => {
	it('is not mixed with what replaces it, also where the store does not look to it', async () => {
		const { stream } = await readObject(store(3 * PIECE, ['"a"', '"a"', '"b"']), OBJECT);
		await expect(stream.toArray()).rejects.toMatchObject({
			kind: 'incomplete',
			message: "'s3://b/a.bin' was replaced while it was being downloaded",
		});
	});

	it('is not taken up again', async () => {
		await expect(readObject(store(100, ['"b"']), OBJECT, { from: 10, version: '"a"' })).rejects.toMatchObject({
			kind: 'incomplete',
		});
	});

	it('is read where it stays the same', async () => {
		const { stream, size } = await readObject(store(2 * PIECE + 5, ['"a"']), OBJECT);
		expect(Buffer.concat(await stream.toArray()).length).toBe(size);
	});
});
