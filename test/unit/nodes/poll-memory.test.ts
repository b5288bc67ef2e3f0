import { PollMemory } from '../../../nodes/shared/poll-memory';

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

	it('lets a poll wait for the end of the one that is under way', async () => {
		const memory = new PollMemory();
		await memory.ended('a');
		memory.begin('a');
		let ended = false;
		const waiting = memory.ended('a').then(() => (ended = true));
		await Promise.resolve();
		expect(ended).toBe(false);
		memory.end('a');
		await waiting;
	});

	it('reports polls that are skipped once none has come about for a quarter of an hour', () => {
		const memory = new PollMemory();
		const told = (from: number) =>
			Array.from({ length: 20 }, (_, index) => from + index).filter((minute) => memory.skipped('a', minute * MINUTE));
		expect(told(0)).toEqual([15, 16, 17, 18, 19]);
		memory.succeeded('a');
		expect(told(100)).toEqual([115, 116, 117, 118, 119]);
	});

	it('reports a lasting failure at a widening interval', () => {
		const memory = new PollMemory();
		const told: number[] = [];
		for (let minute = 0; minute <= 120; minute++)
			if (memory.failed('a', 'unavailable', minute * MINUTE)) told.push(minute);
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
