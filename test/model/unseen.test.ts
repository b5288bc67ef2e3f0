import { REGISTER_PARTS, type RegisterPart } from '../../filex/submissions/sighting';
import { explore } from './explore';
import type { Blindness, Bounds, Method, SenderPlan } from './world';

const BASE: Bounds = {
	senders: [],
	crashes: 0,
	leaps: 2,
	leap: 40 * 60_000,
	looks: 3,
	splitLooks: false,
	skews: [0],
	faults: false,
	lag: true,
	patience: 120_000,
};

const LIMIT = 300_000;

/** One after the other, as by hand: a step that is run again. */
const again = (method: Method): SenderPlan[] => [{ method }, { method, begins: 'end' }];

/** All that can be closed of some places, but for nothing. */
function subsets(places: readonly RegisterPart[]): RegisterPart[][] {
	return Array.from({ length: 2 ** places.length - 1 }, (_, mask) =>
		places.filter((_place, bit) => ((mask + 1) >> bit) & 1),
	);
}

const blind = (places: RegisterPart[], how: Blindness) => Object.fromEntries(places.map((place) => [place, how]));

async function expectOnce(bounds: Partial<Bounds>): Promise<string[]> {
	const { twice, untrue, endings } = await explore({ ...BASE, ...bounds });
	expect({ twice, untrue }).toEqual({ twice: undefined, untrue: [] });
	return [...endings.keys()];
}

describe('one file over REST, by an account that may not see where it waits, and a fileX that picks up after hours', () => {
	describe.each(subsets(['uploadSubSpace', 'archive']).map((places) => [places.join(' and '), places] as const))(
		'%s closed',
		(_name, places) => {
			it(
				'is filed once by a step that is run again, and held until tracking tells',
				async () => {
					const endings = await expectOnce({
						senders: again('rest'),
						blind: blind(places, 'closed'),
						crashes: 1,
						faults: true,
					});
					expect(endings).toEqual(expect.arrayContaining(['accepted, held', 'accepted, duplicate']));
				},
				LIMIT,
			);

			it(
				'is filed once by two at a time',
				async () => {
					await expectOnce({
						senders: [{ method: 'rest' }, { method: 'rest' }],
						blind: blind(places, 'closed'),
						crashes: 1,
						faults: true,
						leap: 125_000,
					});
				},
				LIMIT,
			);
		},
	);

	it(
		'is sent in the end where only the archive is closed, and nothing came of an earlier request',
		async () => {
			const endings = await expectOnce({
				senders: [{ method: 'rest' }, { method: 'rest', begins: 'end', patience: Infinity }],
				blind: { archive: 'closed' },
				crashes: 1,
				leaps: 3,
				looks: 5,
				tellsAtPickUp: true,
			});
			expect(endings).toContain('accepted, crashed');
		},
		LIMIT,
	);
});

describe('one file, where a place gives no answer of its own', () => {
	const methods: Method[] = ['rest', 's3', 'sftp'];

	it.each(
		methods.flatMap((method) =>
			subsets(REGISTER_PARTS).map((places) => [method, places.join(' and '), places] as const),
		),
	)(
		'over %s, %s silent: is not sent',
		async (method, _name, places) => {
			const endings = await expectOnce({ senders: [{ method }], blind: blind(places, 'silent'), leaps: 1 });
			expect(endings).toEqual(['held']);
		},
		LIMIT,
	);

	it.each(REGISTER_PARTS.map((place) => [place]))(
		'over REST, %s at some looks: is filed at most once',
		async (place) => {
			const endings = await expectOnce({
				senders: again('rest'),
				blind: blind([place], 'flaky'),
				splitLooks: true,
				leap: 125_000,
				faults: true,
			});
			expect(endings).toEqual(expect.arrayContaining(['accepted, duplicate']));
		},
		LIMIT,
	);

	it.each(methods.slice(1).flatMap((method) => REGISTER_PARTS.map((place) => [method, place] as const)))(
		'over %s, %s at some looks: is filed at most once by a step that is run again',
		async (method, place) => {
			const endings = await expectOnce({ senders: again(method), blind: blind([place], 'flaky'), splitLooks: true });
			expect(endings).toEqual(expect.arrayContaining(['accepted, duplicate', 'accepted, held']));
		},
		LIMIT,
	);
});

describe('one file over S3 Direct or SFTP, all places seen', () => {
	it.each<[Method]>([['s3'], ['sftp']])(
		'is filed once by a step over %s that is run again, whatever broke',
		async (method) => {
			const endings = await expectOnce({
				senders: again(method),
				crashes: 1,
				faults: true,
				looks: 5,
				leap: 125_000,
				splitLooks: true,
			});
			expect(endings).toEqual(expect.arrayContaining(['accepted, duplicate', 'accepted, held']));
		},
		LIMIT,
	);

	it.each<[Method, Method]>([
		['s3', 'rest'],
		['sftp', 'rest'],
		['sftp', 's3'],
		['s3', 'sftp'],
		['rest', 's3'],
		['rest', 'sftp'],
	])(
		'is filed once over %s after a sender over %s has ended',
		async (second, first) => {
			await expectOnce({
				senders: [{ method: first }, { method: second, begins: 'end' }],
				crashes: 1,
				faults: true,
				looks: 4,
				leap: 125_000,
			});
		},
		LIMIT,
	);

	it.each<[Method]>([['s3'], ['sftp']])(
		'is not sent over %s while a request of another sender over REST is alive, though tracking gives no answer at some looks',
		async (method) => {
			// A sender over REST that gives up and asks again does not see what is under way over the other methods.
			const endings = await expectOnce({
				senders: [
					{ method: 'rest', looks: 2 },
					{ method, begins: 'request' },
				],
				blind: { tracking: 'flaky' },
				splitLooks: true,
				leaps: 1,
				leap: 20_000,
				crashes: 1,
			});
			expect(endings).toEqual(expect.arrayContaining(['crashed, held', 'accepted, duplicate']));
		},
		LIMIT,
	);
});

describe('what is not promised', () => {
	it.each<[Method, RegisterPart]>([
		['s3', 'archive'],
		['s3', 'uploadSubSpace'],
		['sftp', 'archive'],
	])(
		'over %s, by an account that may not see the %s: another process files it once more',
		async (method, place) => {
			expect((await explore({ ...BASE, senders: again(method), blind: { [place]: 'closed' } })).twice).toBeDefined();
		},
		LIMIT,
	);

	it(
		'two at the same moment over S3 Direct',
		async () => {
			expect((await explore({ ...BASE, senders: [{ method: 's3' }, { method: 's3' }] })).twice).toBeDefined();
		},
		LIMIT,
	);
});
