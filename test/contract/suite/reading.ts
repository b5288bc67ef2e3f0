import { CheckedReader, type FilePath } from '../../../filex';
import { BY_THREAD } from '../../support/by-thread';
import { Content, summary } from '../../support/content';
import { MIB } from '../../support/sizes';
import type { Bench } from './bench';

/** Downloads. */
export function reading(bench: Bench): void {
	const file = (name: string): FilePath => ({ ...bench.target.reports, name });

	it.each([0, 1, 32_767, 32_768, 32_769, 4 * MIB, 5_000_003, 70 * MIB + 5])(
		'reads a file of %i bytes, byte for byte',
		async (size) => {
			const content = new Content(size, 'read');
			await bench.target.publish('read.bin', content);
			const { stream, listed, sha256 } = await new CheckedReader(bench.space()).read(file('read.bin'));
			expect(await summary(stream)).toEqual({ size, sha256: content.digest('sha256') });
			expect(listed.size).toBe(size);
			expect(sha256()).toBe(content.digest('sha256'));
		},
	);

	it.each(["it's (a) report & more+100%.csv", 'Überblick 2026.pdf', 'a:b!c@d,e&f-g=h_i.txt'])(
		'reads a file named %s',
		async (name) => {
			const content = new Content(100, 'odd');
			await bench.target.publish(name, content);
			const { stream } = await new CheckedReader(bench.space()).read(file(name));
			expect(await summary(stream)).toMatchObject({ sha256: content.digest('sha256') });
		},
	);

	it('reads ten files, five at a time', async () => {
		const contents = Array.from({ length: 10 }, (_, index) => new Content(300_000 + index, `file ${index}`));
		for (const [index, content] of contents.entries()) await bench.target.publish(`ten-${index}`, content);
		const reader = new CheckedReader(bench.space());
		const read = async (index: number) => (await summary((await reader.read(file(`ten-${index}`))).stream)).sha256;
		const digests = [
			...(await Promise.all([0, 1, 2, 3, 4].map(read))),
			...(await Promise.all([5, 6, 7, 8, 9].map(read))),
		];
		expect(digests).toEqual(contents.map((content) => content.digest('sha256')));
	});

	it('reads a file again that was replaced after the listing', async () => {
		const reader = new CheckedReader(bench.space());
		for (const [size, seed] of [
			[5, 'old'],
			[7, 'new'],
		] as const) {
			const content = new Content(size, seed);
			await bench.target.publish('replaced.bin', content);
			expect(await summary((await reader.read(file('replaced.bin'))).stream)).toEqual({
				size,
				sha256: content.digest('sha256'),
			});
		}
	});

	// The thread continues by itself, and takes no one's place in a file.
	(BY_THREAD ? it.skip : it)('continues in the middle of a file, unless it is another one by now', async () => {
		const content = new Content(9_000_000, 'resumed');
		await bench.target.publish('resumed.bin', content);
		const space = bench.space();
		const first = await space.read(file('resumed.bin'));
		first.stream.destroy();
		const resume = { from: 5_000_001, version: first.version! };
		const { stream, size } = await space.read(file('resumed.bin'), resume);
		expect(size).toBe(content.size);
		expect(Buffer.concat(await stream.toArray()).equals(content.bytes().subarray(resume.from))).toBe(true);
		await bench.target.publish('resumed.bin', new Content(9_000_000, 'another'));
		await expect(space.read(file('resumed.bin'), resume)).rejects.toMatchObject({
			kind: 'incomplete',
			retrySafe: true,
		});
	});

	it('continues with others after a download that is dropped', async () => {
		await bench.target.publish('dropped.bin', new Content(20 * MIB));
		const space = bench.space();
		const { stream } = await space.read(file('dropped.bin'));
		await new Promise((resolve) => stream.once('data', resolve));
		stream.destroy();
		const content = new Content(10, 'next');
		await bench.target.publish('next.bin', content);
		expect(await summary((await space.read(file('next.bin'))).stream)).toMatchObject({
			sha256: content.digest('sha256'),
		});
	});
}
