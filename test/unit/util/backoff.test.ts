import { backoff } from '../../../filex/util/backoff';

describe('a pause before another attempt', () => {
	it('doubles with each failure', () => {
		expect([1, 2, 3, 4].map((failures) => backoff(failures, 500, () => 0.5))).toEqual([500, 1000, 2000, 4000]);
	});

	it('differs by up to a half', () => {
		expect(backoff(2, 500, () => 0)).toBe(500);
		expect(backoff(2, 500, () => 0.999)).toBeCloseTo(1499, 0);
	});
});
