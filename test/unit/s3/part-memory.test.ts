import { PartMemory } from '../../../filex/s3/part-memory';
import { planParts } from '../../../filex/s3/part-plan';

const GIB = 2 ** 30;

describe('the memory for parts', () => {
	it('lets one upload have it all, others a part each, and the next one have it again', () => {
		const memory = new PartMemory(32 * 2 ** 20);
		const plan = planParts(GIB);
		const first = memory.take(plan);
		const others = [memory.take(plan), memory.take(plan)];
		expect([first, ...others].map(({ buffers }) => buffers)).toEqual([3, 1, 1]);
		others[0]!.release();
		expect(memory.take(plan).buffers).toBe(1);
		first.release();
		expect(memory.take(plan).buffers).toBe(3);
	});

	it('has none for parts that are too large, which are streamed', () => {
		expect(new PartMemory(32 * 2 ** 20).take(planParts(600 * GIB)).buffers).toBe(0);
	});
});
