import { explore } from './explore';
import type { Bounds, Method, SenderPlan } from './world';

const METHODS: Method[] = ['s3', 'sftp'];

const LIMIT = 300_000;

/** Over the lease of a request in one leap. */
const FAR = 125_000;

const BASE: Bounds = {
	senders: [],
	crashes: 0,
	leaps: 2,
	leap: FAR,
	looks: 3,
	splitLooks: false,
	skews: [0],
	faults: false,
	lag: false,
	patience: 120_000,
};

const registering = (method: Method): SenderPlan => ({ method, registers: true });

describe.each(METHODS)('one file over %s, made known over REST first, in every order of steps', (method) => {
	const other: Method = method === 's3' ? 'sftp' : 's3';

	it.each<[string, Partial<Bounds>]>([
		['two, both of which may crash, a fileX that takes its time', { crashes: 2, lag: true }],
		['two, each place read for itself', { crashes: 1, splitLooks: true, lag: true }],
		['two, one of which may crash, answers lost and connections broken', { crashes: 1, faults: true }],
		['two that may send again', { faults: true, looks: 6 }],
		['two, with times that are out of order within the tolerance', { crashes: 2, skews: [0, 1500] }],
		['one beside one over REST', { senders: [registering(method), { method: 'rest' }], crashes: 1, faults: true }],
		['one beside one over the other method', { senders: [registering(method), registering(other)], crashes: 1 }],
		[
			'one in a batch beside one alone',
			{ senders: [{ ...registering(method), isInBatch: true }, registering(method)], crashes: 1 },
		],
		[
			'one after the other',
			{
				senders: [registering(method), { ...registering(method), begins: 'end' }],
				crashes: 1,
				faults: true,
				lag: true,
			},
		],
	])(
		'%s: filed at most once, and every sender tells the truth',
		async (_name, bounds) => {
			const senders = [registering(method), registering(method)];
			const { twice, untrue, states, endings } = await explore({ ...BASE, senders, ...bounds });
			expect({ twice, untrue }).toEqual({ twice: undefined, untrue: [] });
			expect(states).toBeGreaterThan(1000);
			expect([...endings.keys()]).toEqual(
				expect.arrayContaining([expect.stringMatching(/accepted/), expect.stringMatching(/duplicate/)]),
			);
		},
		LIMIT,
	);

	it.each<[string, Partial<Bounds>, boolean]>([
		['upload sub-space', { blind: { uploadSubSpace: 'closed' } }, false],
		['archive', { blind: { archive: 'closed' }, leap: 40 * 60_000, looks: 5 }, true],
	])(
		'by an account that may not see the %s: %#',
		async (_name, bounds, isFiledTwice) => {
			const senders: SenderPlan[] = [
				registering(method),
				{ ...registering(method), begins: 'end', patience: Infinity },
			];
			const { twice } = await explore({ ...BASE, senders, lag: true, leaps: 3, ...bounds });
			expect(twice !== undefined).toBe(isFiledTwice);
		},
		LIMIT,
	);

	it(
		'is filed twice beside a sender that does not make itself known',
		async () => {
			expect((await explore({ ...BASE, senders: [registering(method), { method }] })).twice).toBeDefined();
		},
		LIMIT,
	);
});
