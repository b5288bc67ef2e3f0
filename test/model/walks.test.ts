import { randomInt } from 'node:crypto';
import type { RegisterPart } from '../../filex/submissions/sighting';
import { Random } from '../support/random';
import { walk } from './walk';
import type { Blindness, Bounds, Method, SenderPlan } from './world';

const WALKS = Number(process.env.WALKS ?? 100_000);

/** `WALK_SEED=123` repeats all of them. */
const SEED = Number(process.env.WALK_SEED ?? randomInt(2 ** 31));

const BASE: Bounds = {
	senders: [],
	crashes: 0,
	leaps: 4,
	leap: 125_000,
	looks: 12,
	splitLooks: true,
	skews: [0],
	faults: true,
	lag: true,
	patience: 120_000,
};

/** A world in which a file is to be filed at most once, and the method of a last sender where that is to know in the end. */
function promised(random: Random): { bounds: Bounds; last?: Method } {
	const common = {
		...BASE,
		crashes: random.between(0, 2),
		leap: random.pick([20_000, 65_000, 125_000, 40 * 60_000]),
		lag: random.chance(0.7),
		faults: random.chance(0.7),
	};
	const method = random.pick<Method>(['rest', 'rest', 's3', 'sftp']);
	if (method !== 'rest') {
		// Nothing registers these: one after the other.
		const senders: SenderPlan[] = [{ method: random.pick<Method>(['rest', 's3', 'sftp']) }, { method, begins: 'end' }];
		const blind: Bounds['blind'] = random.chance(0.5)
			? { [random.pick<RegisterPart>(['tracking', 'uploadSubSpace', 'archive'])]: 'flaky' }
			: {};
		return { bounds: { ...common, senders, blind }, last: method };
	}
	const senders: SenderPlan[] = Array.from({ length: random.between(2, 4) }, () => ({
		method: 'rest',
		begins: random.pick(['now', 'now', 'request', 'end']),
		isInBatch: random.chance(0.3),
	}));
	const blind: Record<string, Blindness> = {};
	for (const place of ['uploadSubSpace', 'archive'])
		if (random.chance(0.3)) blind[place] = random.pick<Blindness>(['closed', 'flaky', 'silent']);
	if (random.chance(0.2)) blind.tracking = 'flaky';
	const isSeen = !Object.values(blind).some((how) => how !== 'flaky');
	return {
		bounds: {
			...common,
			senders,
			blind,
			skews: random.chance(0.3) ? [0, 1500] : [0],
			tellsAtPickUp: random.chance(0.5),
		},
		last: isSeen ? 'rest' : undefined,
	};
}

it(`files a file at most once, tells the truth, and knows in the end, ${WALKS} random ways (WALK_SEED=${SEED})`, async () => {
	const random = new Random(SEED);
	const ends = new Map<string, number>();
	for (let turn = 0; turn < WALKS; turn++) {
		const { bounds, last } = promised(random);
		const { filings, isTruthful, last: end, steps } = await walk(bounds, random, last);
		if (filings > 1 || !isTruthful || (last && !['accepted', 'duplicate'].includes(end!))) {
			expect({ turn, seed: SEED, bounds, filings, isTruthful, end, steps }).toEqual('filed once, and known');
		}
		ends.set(end ?? 'not asked', (ends.get(end ?? 'not asked') ?? 0) + 1);
	}
	// Else the walks went nowhere.
	expect(ends.get('accepted')).toBeGreaterThan(WALKS / 50);
	expect(ends.get('duplicate')).toBeGreaterThan(WALKS / 50);
}, 900_000);
