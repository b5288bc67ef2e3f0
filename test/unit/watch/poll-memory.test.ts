import { PollMemory } from '../../../filex/watch/poll-memory';

const MINUTE = 60_000;

describe('the memory of polls', () => {
	it('lets one poll of a trigger run at a time', () => {
		const memory = new PollMemory();
		expect(memory.begin('a')).toBe(true);
		expect(memory.begin('a')).toBe(false);
		expect(memory.begin('b')).toBe(true);
		memory.end('a');
		expect(memory.begin('a')).toBe(true);
	});

	it('tells of a lasting failure at a widening interval', () => {
		const memory = new PollMemory();
		const told: number[] = [];
		for (let minute = 0; minute <= 120; minute++) if (memory.failed('a', 'unavailable', minute * MINUTE)) told.push(minute);
		expect(told).toEqual([0, 5, 20, 50, 110]);
	});

	it('tells again at once when the cause changes, and after it had worked', () => {
		const memory = new PollMemory();
		expect(memory.failed('a', 'unavailable', 0)).toBe(true);
		expect(memory.failed('a', 'host-key', MINUTE)).toBe(true);
		expect(memory.failed('a', 'host-key', 2 * MINUTE)).toBe(false);
		memory.succeeded('a');
		expect(memory.failed('a', 'host-key', 3 * MINUTE)).toBe(true);
	});
});
