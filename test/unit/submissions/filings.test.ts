import type { Sighting } from '../../../filex/submissions/sighting';
import { filingsIn as knownFilings } from '../../../filex/submissions/filings';
import { copy, received, seen } from './sightings';

const filingsIn = (...args: Parameters<typeof knownFilings>) => knownFilings(...args).map(({ filing }) => filing);
const nameless = { arcvFileName: undefined };

describe('filings that may be the same file', () => {
	it('are as large, or of unknown size, the newest first', () => {
		const submissions = [
			received('old', -100),
			received('other', -50, { fileSize: 11 }),
			received('new', -10, { fileSize: null }),
		];
		expect(filingsIn(seen({ submissions }), 10, 30).map(({ trackingId }) => trackingId)).toEqual(['new', 'old']);
	});

	it('are not those that FINRA rejected, which it needs again', () => {
		const submissions = [
			received('a', -1, { downstreamStatus: 'REJECTED' }),
			received('b', -2, { downstreamStatus: 'PARTIALLY_REJECTED' }),
		];
		expect(filingsIn(seen({ submissions }), 10, 30).map(({ trackingId }) => trackingId)).toEqual(['b']);
	});

	it('are unclear where FINRA says what the guide does not know, and rejected whatever blanks there are', () => {
		const submissions = [
			received('a', -1, { downstreamStatus: 'FAILED' }),
			received('b', -2, { downstreamStatus: 'REJECTED ' }),
			received('c', -3, { downstreamStatus: 'RECEIVED' }),
		];
		expect(
			knownFilings(seen({ submissions }), 10, 30).map(({ filing, isClear }) => [filing.trackingId, isClear]),
		).toEqual([
			['a', false],
			['c', true],
		]);
	});

	it('have the size of their archived copy where tracking gives none', () => {
		const submissions = [received('a', -1, { fileSize: null }), received('b', -2, { fileSize: null })];
		const archived = [copy('20260331080000000_a', 0, 11), copy('20260331080000000_b', 0)];
		expect(filingsIn(seen({ submissions, archived }), 10, 30).map(({ trackingId }) => trackingId)).toEqual(['b']);
	});

	it('count for so many days', () => {
		const submissions = [received('a', -86_400 * 7 + 1), received('b', -86_400 * 7 - 1)];
		expect(filingsIn(seen({ submissions }), 10, 7).map(({ trackingId }) => trackingId)).toEqual(['a']);
	});

	it('may be known to the archive only, and count once where tracking knows them too', () => {
		const archived = [copy('20260331080000000_t', -20), copy('sftp', -10), copy('large', -5, 11)];
		const filings = filingsIn(seen({ submissions: [received('t', -20)], archived }), 10, 30);
		expect(filings.map(({ trackingId, archivePath }) => [trackingId, archivePath])).toEqual([
			[null, '0001/focus/in_arcv/sftp'],
			['t', '0001/focus/in_arcv/20260331080000000_t'],
		]);
	});

	describe('where FINRA rejected one, and tracking does not name its archived copy', () => {
		const nameless = (trackingId: string, seconds: number, downstreamStatus: string) =>
			received(trackingId, seconds, { arcvFileName: null, downstreamStatus });
		const paths = (sighting: Sighting) =>
			filingsIn(sighting, 10, 30).map(({ trackingId, archivePath }) => trackingId ?? archivePath);

		it('leave the copy out with it', () => {
			expect(paths(seen({ submissions: [nameless('a', -100, 'REJECTED')], archived: [copy('a', -90)] }))).toEqual([]);
		});

		it('hold the copies of the others', () => {
			const submissions = [nameless('a', -100, 'REJECTED'), nameless('b', -50, 'ACCEPTED')];
			expect(paths(seen({ submissions, archived: [copy('b', -40), copy('a', -90)] }))).toEqual([
				'0001/focus/in_arcv/b',
				'b',
			]);
		});

		it('hold a copy of another time or size', () => {
			const submissions = [nameless('a', -100, 'REJECTED')];
			expect(paths(seen({ submissions, archived: [copy('before', -200)] }))).toEqual(['0001/focus/in_arcv/before']);
			expect(
				paths(seen({ submissions: [nameless('a', -100, 'REJECTED')], archived: [copy('large', -90, 11)] })),
			).toEqual([]);
		});

		it('hold all copies where it is not clear which is whose', () => {
			const submissions = [nameless('a', -100, 'REJECTED')];
			expect(paths(seen({ submissions, archived: [copy('a', -90), copy('sftp', -80)] }))).toEqual([
				'0001/focus/in_arcv/sftp',
				'0001/focus/in_arcv/a',
			]);
		});
	});

	it('count from the very moment that they are asked for, and where no time is known', () => {
		const submissions = [
			received('a', -86_400),
			received('b', -86_401),
			received('c', 0, { submissionTime: undefined }),
		];
		const ids = filingsIn(seen({ submissions }), 10, 1).map(({ trackingId }) => trackingId);
		expect(ids.sort()).toEqual(['a', 'c']);
	});

	it('count without regard to time where fileX does not say its own', () => {
		expect(filingsIn(seen({ at: NaN, archived: [copy('old', -86_400 * 80)] }), 10, 30)).toHaveLength(1);
	});

	it('that only the archive shows are clear', () => {
		expect(knownFilings(seen({ archived: [copy('a', -5)] }), 10, 30)).toMatchObject([{ isClear: true }]);
	});
});

describe('the copy of a rejected submission that tracking gives no name for', () => {
	const rejected = (id: string, seconds: number, changes: object = {}) =>
		received(id, seconds, { downstreamStatus: 'REJECTED', ...nameless, ...changes });
	const paths = (...args: Parameters<typeof filingsIn>) => filingsIn(...args).map(({ archivePath }) => archivePath);

	it('is the first of its size after it, give or take what clocks differ by', () => {
		expect(paths(seen({ submissions: [rejected('r', -100)], archived: [copy('a', -95)] }), 10, 30)).toEqual([]);
		expect(paths(seen({ submissions: [rejected('r', -100)], archived: [copy('a', -130)] }), 10, 30)).toEqual([]);
		expect(paths(seen({ submissions: [rejected('r', -100)], archived: [copy('a', -131)] }), 10, 30)).toHaveLength(1);
	});

	it('is of any size where the submission has none, and else of its own only', () => {
		const archived = [copy('a', -95)];
		expect(paths(seen({ submissions: [rejected('r', -100, { fileSize: null })], archived }), 10, 30)).toEqual([]);
		expect(paths(seen({ submissions: [rejected('r', -100, { fileSize: 11 })], archived }), 10, 30)).toHaveLength(1);
	});

	it('goes to the earlier of two submissions first', () => {
		const accepted = received('ok', -50, { downstreamStatus: 'ACCEPTED', ...nameless });
		const archived = [copy('late', -45), copy('early', -95)];
		const left = paths(seen({ submissions: [accepted, rejected('r', -100)], archived }), 10, 30);
		expect(left).toContain('0001/focus/in_arcv/late');
		expect(left).not.toContain('0001/focus/in_arcv/early');
	});

	it('is not taken from a submission that has a name', () => {
		const named = received('n', -100, { downstreamStatus: 'REJECTED' });
		expect(paths(seen({ submissions: [named], archived: [copy('a', -95)] }), 10, 30)).toHaveLength(1);
	});
});
