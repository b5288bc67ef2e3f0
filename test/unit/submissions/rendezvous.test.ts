import { setImmediate as turn } from 'node:timers/promises';
import { type Member, Rendezvous } from '../../../filex/submissions/rendezvous';

/** A clock that stands still until it is told to go on. */
function stoppedClock() {
	const sleepers: Array<() => void> = [];
	return {
		sleep: async () => await new Promise<void>((resolve) => sleepers.push(resolve)),
		pass: () => sleepers.splice(0).forEach((wake) => wake()),
	};
}

describe('those that go step by step together', () => {
	let clock: ReturnType<typeof stoppedClock>;
	let late: Member[];
	let meeting: Rendezvous;

	beforeEach(() => {
		clock = stoppedClock();
		late = [];
		meeting = new Rendezvous((member) => late.push(member), clock);
	});

	/** Whether a step is taken by now. */
	async function isTaken(step: Promise<void>): Promise<boolean> {
		let taken = false;
		void step.then(() => (taken = true));
		await turn();
		return taken;
	}

	it('wait for each other at each step', async () => {
		const [a, b] = [meeting.join(), meeting.join()];
		const first = a.reach(0);
		expect(await isTaken(first)).toBe(false);
		const second = b.reach(0);
		expect([await isTaken(first), await isTaken(second)]).toEqual([true, true]);
		const further = a.reach(1);
		expect(await isTaken(further)).toBe(false);
		b.pass(2);
		expect(await isTaken(further)).toBe(true);
	});

	it('do not wait for one that left, and one that left waits for no one', async () => {
		const [a, b] = [meeting.join(), meeting.join()];
		const step = a.reach(0);
		b.leave();
		expect(await isTaken(step)).toBe(true);
		expect(await isTaken(b.reach(5))).toBe(true);
	});

	it('wait no longer than the life of a URL allows for one that is behind', async () => {
		const [a, b, c] = [meeting.join(), meeting.join(), meeting.join()];
		const steps = [a.reach(1), b.reach(1)];
		expect(await isTaken(steps[0]!)).toBe(false);
		clock.pass();
		expect([await isTaken(steps[0]!), await isTaken(steps[1]!)]).toEqual([true, true]);
		expect(late).toEqual([c]);
		expect(await isTaken(c.reach(1))).toBe(true);
	});

	it('alone waits for nothing', async () => {
		expect(await isTaken(meeting.join().reach(3))).toBe(true);
	});
});
