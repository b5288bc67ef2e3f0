import { FileXError } from '../../../filex/errors';
import {
	arrivedByOwn,
	clearIn,
	isContended,
	isUnchanged,
	obstacleIn as obstacle,
	type OwnRequests,
	type RegisterPart,
	type SentFile,
	showsOwn,
	type Sighting,
	timeOf,
	tracesOf,
} from '../../../filex/submissions/sighting';
import { copy, NOON, received, requested, seen } from './sightings';

const obstacleIn = (sighting: Sighting, size: number, own: OwnRequests) => obstacle(sighting, size, own, 30);
const unseen = (part: RegisterPart, isClosed: boolean) => ({
	part,
	isClosed,
	why: new FileXError('unavailable', 'no answer', { hint: '', retrySafe: true }),
});
const nobody = { all: new Set<string>() };
const own = (id: string) => ({ all: new Set([id]), current: id });

describe('an obstacle', () => {
	it('is a request that another one may still send a file by', () => {
		expect(obstacleIn(seen({ submissions: [requested('a', -110)] }), 10, nobody)).toMatchObject({
			request: { trackingId: 'a' },
		});
	});

	it('is none that is dead: two minutes for a small file, hours for a large one', () => {
		const submissions = [requested('a', -121)];
		expect(obstacleIn(seen({ submissions }), 10, nobody)).toBeUndefined();
		expect(obstacleIn(seen({ submissions }), 5 * 2 ** 30, nobody)).toBeDefined();
	});

	it.each<[RegisterPart]>([['uploadSubSpace'], ['archive']])(
		'is a request for as long as filings count, where the account may not see the %s: its file may wait there',
		(place) => {
			const sight = (days: number) =>
				seen({ submissions: [requested('a', -86_400 * days)], unseen: [unseen(place, true)] });
			expect(obstacleIn(sight(0.03), 10, nobody)).toMatchObject({ request: { trackingId: 'a' }, until: NaN });
			expect(obstacleIn(sight(29), 10, nobody)).toHaveProperty('request');
			expect(obstacleIn(sight(31), 10, nobody)).toBeUndefined();
		},
	);

	it('is no request by which nothing lay in the upload sub-space ten minutes ago, where only the archive is not seen: tracking would tell by now', () => {
		const sight = seen({ submissions: [requested('a', -9000)], unseen: [unseen('archive', true)] });
		expect(clearIn(sight, 10)).toEqual(['a']);
		const since = (minutes: number) => ({ ...nobody, clearSince: new Map([['a', NOON - minutes * 60_000]]) });
		expect(obstacleIn(sight, 10, since(9))).toHaveProperty('request');
		expect(obstacleIn(sight, 10, since(11))).toBeUndefined();
		const hidden = seen({ submissions: [requested('a', -9000)], unseen: [unseen('uploadSubSpace', true)] });
		expect(clearIn(hidden, 10)).toEqual([]);
		expect(obstacleIn(hidden, 10, since(11))).toHaveProperty('request');
		expect(clearIn(seen({ submissions: [requested('a', -100)] }), 10)).toEqual([]);
		expect(
			clearIn(
				seen({
					submissions: [requested('a', -9000)],
					uploaded: { name: 'a.zip', size: 9, lastModified: new Date(NOON) },
				}),
				10,
			),
		).toEqual([]);
	});

	it.each<[RegisterPart]>([['tracking'], ['uploadSubSpace'], ['archive']])(
		'is a lack of answers about the %s, but not where the account may not look there',
		(place) => {
			expect(obstacleIn(seen({ unseen: [unseen(place, false)] }), 10, nobody)).toMatchObject({
				unseen: { part: place },
			});
			expect(obstacleIn(seen({ unseen: [unseen(place, true)] }), 10, nobody)).toBeUndefined();
		},
	);

	it("is not one's own request, whatever its letter case", () => {
		expect(obstacleIn(seen({ submissions: [requested('AB-CD', -10)] }), 10, own('ab-cd'))).toBeUndefined();
		expect(arrivedByOwn(seen({ submissions: [received('AB-CD', -10)] }), own('ab-cd'))).toBeDefined();
	});

	it('is any request where fileX does not say what time it is', () => {
		expect(obstacleIn(seen({ at: NaN, submissions: [requested('a', -9999)] }), 10, nobody)).toBeDefined();
	});

	it('is an earlier request, and none that is certainly later', () => {
		const submissions = [requested('mine', -10), requested('other', -13)];
		expect(obstacleIn(seen({ submissions }), 10, own('mine'))).toMatchObject({ request: { trackingId: 'other' } });
		expect(obstacleIn(seen({ submissions }), 10, own('other'))).toBeUndefined();
	});

	it('is, for both, a request of nearly the same time', () => {
		const submissions = [requested('a', -10), requested('b', -11)];
		expect(obstacleIn(seen({ submissions }), 10, own('a'))).toBeDefined();
		expect(obstacleIn(seen({ submissions }), 10, own('b'))).toBeDefined();
	});

	it("is a file that lies in the sub-space, of whatever size and age, but not what is left of an upload of one's own", () => {
		const file = (size: number, minutes: number) => ({
			name: 'a.zip',
			size,
			lastModified: new Date(NOON - minutes * 60_000),
		});
		expect(obstacleIn(seen({ uploaded: file(10, 60) }), 10, nobody)).toHaveProperty('uploaded');
		expect(obstacleIn(seen({ uploaded: file(3, 9) }), 10, nobody)).toHaveProperty('uploaded');
		expect(obstacleIn(seen({ uploaded: file(3, 11) }), 10, nobody)).toHaveProperty('uploaded');
		expect(obstacleIn(seen({ uploaded: file(3, 9) }), 10, { ...nobody, leftover: file(3, 9) })).toBeUndefined();
		expect(obstacleIn(seen({ uploaded: file(4, 9) }), 10, { ...nobody, leftover: file(3, 9) })).toHaveProperty(
			'uploaded',
		);
	});
});

describe('what became of a file whose answer was lost', () => {
	it('tracking tells by its ID', () => {
		const submissions = [received('a', 0), requested('b', 0)];
		expect(arrivedByOwn(seen({ submissions }), { all: new Set(['a', 'b']) })?.trackingId).toBe('a');
		expect(arrivedByOwn(seen({ submissions }), own('b'))).toBeUndefined();
	});

	const sent = (changes: Partial<SentFile> = {}): SentFile => ({
		size: 10,
		own: new Set(),
		lookedAt: NOON,
		isWholeWhenSeen: true,
		...changes,
	});

	it('a copy that was not there before tells, whatever its time', () => {
		const before = new Set(['0001/focus/in_arcv/old']);
		const archived = [copy('old', 5), copy('new', -3600), copy('other', 5, 11)];
		expect(tracesOf(seen({ archived }), sent({ archivedBefore: before }), NOON)).toEqual([
			{ path: '0001/focus/in_arcv/new', isCertain: true },
		]);
		expect(
			tracesOf(
				seen({ archived, submissions: [received('new', 0, { arcvFileName: 'new' })] }),
				sent({ archivedBefore: before }),
				NOON,
			),
		).toEqual([]);
	});

	it('where no one had looked before, only a copy of that time does', () => {
		const archived = [copy('now', -20), copy('hour', -3600), copy('day', -86_400)];
		expect(tracesOf(seen({ archived }), sent(), NOON)).toEqual([
			{ path: '0001/focus/in_arcv/now', isCertain: true },
			{ path: '0001/focus/in_arcv/hour', isCertain: false },
		]);
	});

	it('what lies in the upload sub-space tells, but over SFTP it may never have been completed', () => {
		const uploaded = { name: 'a.zip', size: 10, lastModified: new Date(NOON + 1) };
		expect(tracesOf(seen({ uploaded }), sent(), NOON)).toEqual([{ path: '', isCertain: true }]);
		expect(tracesOf(seen({ uploaded }), sent({ isWholeWhenSeen: false }), NOON)).toEqual([
			{ path: '', isCertain: false },
		]);
		expect(tracesOf(seen({ uploaded: { ...uploaded, size: 9 } }), sent(), NOON)).toEqual([]);
	});

	it('no one tells while others have asked for the same name', () => {
		expect(isContended(seen({ submissions: [requested('other', 3)] }), new Set(['mine']), NOON)).toBe(true);
		expect(
			isContended(seen({ submissions: [requested('mine', 3), received('other', 1)] }), new Set(['mine']), NOON),
		).toBe(false);
	});
});

describe('the edges of what is judged', () => {
	const DAY = 86_400;
	/** For a small file: 60 s for its URL, and twice 30 s of grace. */
	const LEASE = 120;

	it('an own request is shown once tracking has it, whatever its letter case, and where there is none', () => {
		const sight = seen({ submissions: [requested('AB', -1)] });
		expect(showsOwn(sight, { all: new Set(), current: 'ab' })).toBe(true);
		expect(showsOwn(sight, { all: new Set(), current: 'other' })).toBe(false);
		expect(showsOwn(seen(), { all: new Set() })).toBe(true);
	});

	it('a request counts on the last day of the days to look back, and is not dead at the end of its lease', () => {
		const hidden = [unseen('uploadSubSpace', true), unseen('archive', true)];
		const at = (seconds: number, more: object = {}) => seen({ submissions: [requested('a', seconds)], ...more });
		expect(obstacleIn(at(-30 * DAY, { unseen: hidden }), 0, nobody)).toHaveProperty('request');
		expect(obstacleIn(at(-30 * DAY - 1, { unseen: hidden }), 0, nobody)).toBeUndefined();
		expect(obstacleIn(at(-LEASE), 0, nobody)).toEqual({
			request: expect.objectContaining({ trackingId: 'a' }),
			until: NOON,
		});
		expect(obstacleIn(at(-LEASE - 1), 0, nobody)).toBeUndefined();
	});

	it('a request that is later than the own one by just the tolerance is not certainly later', () => {
		const own = { all: new Set(['mine']), current: 'mine' };
		const others = (seconds: number) => seen({ submissions: [requested('mine', -60), requested('a', seconds)] });
		expect(obstacleIn(others(-58), 0, own)).toHaveProperty('request');
		expect(obstacleIn(others(-57), 0, own)).toBeUndefined();
	});

	it('a request past its lease is clear after more than ten minutes, not at ten', () => {
		const sight = seen({ submissions: [requested('a', -9000)], unseen: [unseen('archive', true)] });
		const since = (milliseconds: number) => ({ ...nobody, clearSince: new Map([['a', NOON - milliseconds]]) });
		expect(obstacleIn(sight, 0, since(600_000))).toHaveProperty('request');
		expect(obstacleIn(sight, 0, since(600_001))).toBeUndefined();
	});

	it('a file is unchanged only with the same size and the same time', () => {
		const file = { name: 'a.zip', size: 9, lastModified: new Date(NOON) };
		expect(isUnchanged(file, { ...file })).toBe(true);
		expect(isUnchanged(file, { ...file, size: 8 })).toBe(false);
		expect(isUnchanged(file, { ...file, lastModified: new Date(NOON + 1) })).toBe(false);
		expect(isUnchanged(file, undefined)).toBe(false);
		expect(isUnchanged(undefined, undefined)).toBe(true);
	});

	it('a name is contended by requests of others that may still arrive, not by what has arrived', () => {
		const contended = (...submissions: Sighting['submissions']) =>
			isContended(seen({ submissions }), new Set(['mine']), NOON);
		expect(contended(requested('a', -LEASE))).toBe(true);
		expect(contended(requested('a', -LEASE - 1))).toBe(false);
		expect(contended(requested('mine', 0))).toBe(false);
		expect(contended(received('a', 0))).toBe(false);
	});

	it('a submission without a time is neither earlier nor later than anything', () => {
		expect(timeOf({ submittedAt: null })).toBeNaN();
		expect(timeOf({ submittedAt: new Date(NOON).toISOString() })).toBe(NOON);
	});
});
