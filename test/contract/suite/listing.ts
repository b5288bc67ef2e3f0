import { mapLimit } from '../../../filex';
import { Content } from '../../support/content';
import type { Bench } from './bench';

const SECOND = 1000;

/** Listings. */
export function listing(bench: Bench): void {
	it('lists applications and sub-spaces', async () => {
		const { orgId, application, subSpace } = bench.target.reports;
		const space = bench.space();
		expect((await space.applications(orgId)).map(({ name }) => name)).toContain(application);
		expect((await space.subSpaces(orgId, application)).map(({ name }) => name)).toContain(subSpace);
	});

	it('lists the files of a sub-space with size and time', async () => {
		const published = await bench.target.publish('listed.csv', new Content(4));
		const { size, lastModified } = (await bench.space().list(bench.target.reports)).find(
			({ name }) => name === 'listed.csv',
		)!;
		expect(size).toBe(4);
		expect(Math.floor(lastModified.getTime() / SECOND)).toBe(published.getTime() / SECOND);
	});

	it('lists an empty sub-space as empty', async () => {
		expect(await bench.space().list(bench.target.empty)).toEqual([]);
	});

	it('lists a file that was replaced again', async () => {
		const space = bench.space();
		for (const size of [7, 5]) {
			await bench.target.publish('relisted.csv', new Content(size));
			const files = await space.list(bench.target.reports);
			expect(files.filter(({ name }) => name === 'relisted.csv')).toMatchObject([{ size }]);
		}
	});

	it('lists more than 2,000 files, each once', async () => {
		const names = Array.from({ length: 2050 }, (_, index) => `many-${index}.txt`);
		await mapLimit(names, 16, async (name) => await bench.target.publish(name, new Content(1)));
		const listed = (await bench.space().list(bench.target.reports))
			.map(({ name }) => name)
			.filter((name) => name.startsWith('many-'));
		expect(listed.sort()).toEqual(names.sort());
	});
}
