import { mapLimit } from '../../../filex/util/map-limit';

describe('bounded mapping', () => {
	it('runs so many at a time and keeps the order', async () => {
		let running = 0;
		let most = 0;
		const results = await mapLimit([5, 1, 3, 2, 4], 2, async (n) => {
			most = Math.max(most, ++running);
			for (let i = 0; i < n; i++) await new Promise((resolve) => setImmediate(resolve));
			running--;
			return n * 10;
		});
		expect(results).toEqual([50, 10, 30, 20, 40]);
		expect(most).toBe(2);
	});

	it.each([0, -1, NaN, 0.5])('does everything, one at a time, when told %d at a time', async (parallel) => {
		expect(await mapLimit([1, 2], parallel, async (n) => n)).toEqual([1, 2]);
	});

	it('does nothing for nothing, and fails when the work does', async () => {
		expect(await mapLimit([], 4, async (n) => n)).toEqual([]);
		await expect(mapLimit([1], 4, async () => await Promise.reject(new Error('no')))).rejects.toThrow('no');
	});
});
