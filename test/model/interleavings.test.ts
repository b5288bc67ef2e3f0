import { explore } from './explore';
import type { Bounds, SenderPlan } from './world';

const REST: SenderPlan = { method: 'rest' };

const BATCH: SenderPlan = { method: 'rest', isInBatch: true };

const BASE: Bounds = {
	senders: [REST, REST],
	crashes: 0,
	leaps: 3,
	leap: 50_000,
	looks: 4,
	splitLooks: false,
	skews: [0],
	faults: false,
	lag: false,
	patience: 120_000,
};

/** Over the lease of a request in one leap. */
const FAR = 125_000;

const LIMIT = 300_000;

describe('one file, several senders over REST, in every order of their steps', () => {
	it.each<[string, Partial<Bounds>]>([
		[
			'two, both of which may crash, each place read for itself, a fileX that takes its time',
			{ crashes: 2, lag: true, splitLooks: true, leaps: 2, looks: 3 },
		],
		[
			'two, one of which may crash, answers lost, pages in their place and connections broken',
			{ crashes: 1, faults: true, leaps: 2 },
		],
		['the same, and a fileX that takes its time', { crashes: 1, faults: true, lag: true, leaps: 2, leap: FAR }],
		[
			'two, both of which may crash, with times that are out of order within the tolerance',
			{ crashes: 2, skews: [0, 1500], leaps: 2, leap: FAR },
		],
		[
			'two, each in a batch with another file that holds it up, one of which may crash, answers lost and connections broken',
			{ senders: [BATCH, BATCH], crashes: 1, faults: true, leaps: 2, leap: FAR, looks: 3 },
		],
		['one in a batch and one alone, a fileX that takes its time', { senders: [BATCH, REST], crashes: 1, lag: true }],
		['two that may send again, answers lost and connections broken', { faults: true, leaps: 2, leap: FAR, looks: 6 }],
		[
			"two, by a fileX whose clock is ahead of its tracking's times, within the grace",
			{ crashes: 1, faults: true, leaps: 2, leap: FAR - 25_000, ahead: 25_000 },
		],
		['three, two of which may crash', { senders: [REST, REST, REST], crashes: 2, leaps: 2, leap: FAR, looks: 2 }],
		[
			'three, one of which may crash, answers lost and connections broken',
			{ senders: [REST, REST, REST], crashes: 1, faults: true, leaps: 1, leap: FAR, looks: 2 },
		],
	])(
		'%s: filed at most once, and every sender tells the truth',
		async (_name, bounds) => {
			const { twice, untrue, states, endings } = await explore({ ...BASE, ...bounds });
			expect({ twice, untrue }).toEqual({ twice: undefined, untrue: [] });
			// Else nothing was explored.
			expect(states).toBeGreaterThan(10_000);
			expect([...endings.keys()]).toEqual(
				expect.arrayContaining([expect.stringMatching(/accepted/), expect.stringMatching(/duplicate/)]),
			);
		},
		LIMIT,
	);

	it(
		'has gone through senders that sent a second time',
		async () => {
			expect((await explore({ ...BASE, faults: true, leaps: 2, leap: FAR, looks: 6 })).sends).toBe(2);
		},
		LIMIT,
	);

	it(
		'sends nothing where the clock of fileX does not fit its tracking',
		async () => {
			const { endings } = await explore({ ...BASE, leaps: 0, ahead: 70_000 });
			expect([...endings.keys()]).toEqual(['held, held']);
			expect(
				(await explore({ ...BASE, crashes: 1, faults: true, leaps: 2, leap: FAR, ahead: 70_000 })).twice,
			).toBeUndefined();
		},
		LIMIT,
	);

	it('files it exactly once where nothing goes wrong', async () => {
		const { endings } = await explore({ ...BASE, leaps: 0 });
		expect([...endings.keys()]).toEqual(['accepted, duplicate']);
	});
});

describe('what the protocol rests on', () => {
	it.each<[string, Partial<Bounds>]>([
		['requests that others do not see', { hidesRequests: true, leaps: 0 }],
		['times of requests that are out of order by more than the tolerance', { skews: [0, 2500], leaps: 0 }],
		['bytes that arrive long after their connection has ended', { linger: 120_000, leaps: 4 }],
		[
			'tracking that does not tell within ten minutes of a pick-up, where the archive is closed',
			{
				senders: [REST, { ...REST, begins: 'end', patience: Infinity }],
				blind: { archive: 'closed' },
				lag: true,
				leap: 40 * 60_000,
				leaps: 3,
				looks: 5,
			},
		],
	])(
		'%s would let a file be filed twice',
		async (_name, bounds) => {
			expect((await explore({ ...BASE, ...bounds })).twice).toBeDefined();
		},
		LIMIT,
	);
});
