import { planParts, sizeOfPart } from '../../../filex/s3/part-plan';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

describe('parts of an upload to S3', () => {
	it.each([
		['just more than one request takes', 64 * MIB + 1, { partSize: 16 * MIB, parts: 5, buffers: 3 }],
		['60 GB', 60e9, { partSize: 16 * MIB, parts: 3577, buffers: 3 }],
		['200 GiB', 200 * GIB, { partSize: 23 * MIB, parts: 8905, buffers: 2 }],
		['5 TB', 5e12, { partSize: 530 * MIB, parts: 8997, buffers: 0 }],
		['5 TiB, the most that S3 takes', 5 * 1024 * GIB, { partSize: 583 * MIB, parts: 8993, buffers: 0 }],
	])('of %s', (_what, size, plan) => {
		expect(planParts(size)).toEqual(plan);
	});

	it('are what S3 takes, and add up, whatever the size', () => {
		for (let size = 1; size <= 5 * 1024 * GIB; size = Math.ceil(size * 1.37)) {
			const plan = planParts(size);
			expect(plan.parts).toBeLessThanOrEqual(10_000);
			expect(plan.partSize).toBeLessThanOrEqual(5 * GIB);
			expect(plan.partSize % MIB).toBe(0);
			expect(plan.partSize * plan.buffers).toBeLessThanOrEqual(48 * MIB);
			const last = sizeOfPart(plan, size, plan.parts);
			expect(last).toBeGreaterThan(0);
			expect((plan.parts - 1) * plan.partSize + last).toBe(size);
		}
	});
});
