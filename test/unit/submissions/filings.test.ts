import { filingsIn as knownFilings } from '../../../filex/submissions/filings';
import type { Sighting } from '../../../filex/submissions/sighting';
import { submission } from './sample';

const NOON = Date.UTC(2026, 2, 31, 12);
const at = (seconds: number) => new Date(NOON + seconds * 1000).toISOString();
const received = (trackingId: string, seconds: number, changes: object = {}) =>
	submission({
		trackingId,
		submissionTime: at(seconds),
		status: 'Received by FINRA',
		fileSize: 10,
		arcvFileName: `20260331080000000_${trackingId}`,
		...changes,
	});
const seen = (changes: Partial<Sighting> = {}): Sighting => ({
	at: NOON,
	submissions: [],
	archived: [],
	unseen: [],
	...changes,
});
const filingsIn = (...args: Parameters<typeof knownFilings>) => knownFilings(...args).map(({ filing }) => filing);
const copy = (name: string, seconds: number, size = 10) => ({
	path: `0001/focus/in_arcv/${name}`,
	size,
	at: NOON + seconds * 1000,
});

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
});
