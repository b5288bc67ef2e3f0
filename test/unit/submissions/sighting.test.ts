import { arrivedByOwn, filingsIn, isContended, obstacleIn, tracesOf, type SentFile, type Sighting } from '../../../filex/submissions/sighting';
import { submission } from './sample';

const NOON = Date.UTC(2026, 2, 31, 12);
const at = (seconds: number) => new Date(NOON + seconds * 1000).toISOString();
const requested = (trackingId: string, seconds: number) => submission({ trackingId, submissionTime: at(seconds) });
const received = (trackingId: string, seconds: number, changes: object = {}) =>
	submission({ trackingId, submissionTime: at(seconds), status: 'Received by FINRA', fileSize: 10, arcvFileName: `20260331080000000_${trackingId}`, ...changes });
const seen = (changes: Partial<Sighting> = {}): Sighting => ({ at: NOON, submissions: [], archived: [], hidden: [], ...changes });
const copy = (name: string, seconds: number, size = 10) => ({ path: `0001/focus/in_arcv/${name}`, size, at: NOON + seconds * 1000 });
const nobody = { all: new Set<string>() };
const own = (id: string) => ({ all: new Set([id]), current: id });

describe('filings that may be the same file', () => {
	it('are as large, or of unknown size, the newest first', () => {
		const submissions = [received('old', -100), received('other', -50, { fileSize: 11 }), received('new', -10, { fileSize: null })];
		expect(filingsIn(seen({ submissions }), 10, 30).map(({ trackingId }) => trackingId)).toEqual(['new', 'old']);
	});

	it('are not those that FINRA rejected, which it wants again', () => {
		const submissions = [received('a', -1, { downstreamStatus: 'REJECTED' }), received('b', -2, { downstreamStatus: 'PARTIALLY_REJECTED' })];
		expect(filingsIn(seen({ submissions }), 10, 30).map(({ trackingId }) => trackingId)).toEqual(['b']);
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
});

describe('an obstacle', () => {
	it('is a request that another one may still send a file by', () => {
		expect(obstacleIn(seen({ submissions: [requested('a', -110)] }), 10, nobody)).toMatchObject({ request: { trackingId: 'a' } });
	});

	it('is none that is dead: two minutes for a small file, hours for a large one', () => {
		const submissions = [requested('a', -121)];
		expect(obstacleIn(seen({ submissions }), 10, nobody)).toBeUndefined();
		expect(obstacleIn(seen({ submissions }), 5 * 2 ** 30, nobody)).toBeDefined();
		// Where the archive is hidden, only tracking can tell of a file that has come, and it may be behind.
		expect(obstacleIn(seen({ submissions, hidden: ['archive'] }), 10, nobody)).toMatchObject({ until: expect.closeTo(NOON - 121_000 + 720_000, -2) });
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

	it('is a file that lies in the sub-space, but not the leftover of a broken upload', () => {
		const file = (size: number, minutes: number) => ({ name: 'a.zip', size, lastModified: new Date(NOON - minutes * 60_000) });
		expect(obstacleIn(seen({ uploaded: file(10, 60) }), 10, nobody)).toHaveProperty('uploaded');
		expect(obstacleIn(seen({ uploaded: file(3, 9) }), 10, nobody)).toHaveProperty('uploaded');
		expect(obstacleIn(seen({ uploaded: file(3, 11) }), 10, nobody)).toBeUndefined();
		expect(obstacleIn(seen({ uploaded: file(3, 9) }), 10, { ...nobody, leftover: file(3, 9) })).toBeUndefined();
		expect(obstacleIn(seen({ uploaded: file(4, 9) }), 10, { ...nobody, leftover: file(3, 9) })).toHaveProperty('uploaded');
	});
});

describe('what became of a file whose answer was lost', () => {
	it('tracking tells by its ID', () => {
		const submissions = [received('a', 0), requested('b', 0)];
		expect(arrivedByOwn(seen({ submissions }), { all: new Set(['a', 'b']) })?.trackingId).toBe('a');
		expect(arrivedByOwn(seen({ submissions }), own('b'))).toBeUndefined();
	});

	const sent = (changes: Partial<SentFile> = {}): SentFile => ({ size: 10, own: new Set(), lookedAt: NOON, isWholeWhenSeen: true, ...changes });

	it('a copy that was not there before tells, whatever its time', () => {
		const before = new Set(['0001/focus/in_arcv/old']);
		const archived = [copy('old', 5), copy('new', -3600), copy('other', 5, 11)];
		expect(tracesOf(seen({ archived }), sent({ before }), NOON)).toEqual([{ path: '0001/focus/in_arcv/new', isCertain: true }]);
		expect(tracesOf(seen({ archived, submissions: [received('new', 0, { arcvFileName: 'new' })] }), sent({ before }), NOON)).toEqual([]);
	});

	it('where nobody had looked before, only a copy of that time does', () => {
		const archived = [copy('now', -20), copy('hour', -3600), copy('day', -86_400)];
		expect(tracesOf(seen({ archived }), sent(), NOON)).toEqual([
			{ path: '0001/focus/in_arcv/now', isCertain: true },
			{ path: '0001/focus/in_arcv/hour', isCertain: false },
		]);
	});

	it('what lies in the upload sub-space tells, but over SFTP it may never have been completed', () => {
		const uploaded = { name: 'a.zip', size: 10, lastModified: new Date(NOON + 1) };
		expect(tracesOf(seen({ uploaded }), sent(), NOON)).toEqual([{ path: '', isCertain: true }]);
		expect(tracesOf(seen({ uploaded }), sent({ isWholeWhenSeen: false }), NOON)).toEqual([{ path: '', isCertain: false }]);
		expect(tracesOf(seen({ uploaded: { ...uploaded, size: 9 } }), sent(), NOON)).toEqual([]);
	});

	it('nobody tells while others have asked for the same name', () => {
		expect(isContended(seen({ submissions: [requested('other', 3)] }), new Set(['mine']), NOON)).toBe(true);
		expect(isContended(seen({ submissions: [requested('mine', 3), received('other', 1)] }), new Set(['mine']), NOON)).toBe(false);
	});
});
