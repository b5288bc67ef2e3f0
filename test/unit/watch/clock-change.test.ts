import { movedByClock } from '../../../filex/watch/clock-change';
import { fingerprintOf } from '../../../filex/watch/fingerprint';

const NOW = new Date('2026-11-01T12:00:00Z');
const HOUR = 3_600_000;

const file = (name: string, hoursAgo: number, size = 10) => ({
	path: `0001/crd/reports/${name}`,
	size,
	lastModified: new Date(NOW.getTime() - hoursAgo * HOUR),
});
const moved = (files: ReturnType<typeof file>[], hours: number) =>
	files.map((each) => ({ ...each, lastModified: new Date(each.lastModified.getTime() + hours * HOUR) }));
const BEFORE = [file('a', 30), file('b', 200), file('c', 5)];
const isKnown = (fingerprint: string) => BEFORE.map(fingerprintOf).includes(fingerprint);
const told = (files: ReturnType<typeof file>[], known = isKnown) =>
	[...movedByClock(files, known, NOW)].map(({ path }) => path.slice(-1));

describe("a change of the server's clock", () => {
	it.each([1, -1])('by %i h changes no file', (hours) => expect(told(moved(BEFORE, hours))).toEqual(['a', 'b', 'c']));

	it('beside a new file leaves that one new', () => {
		expect(told([...moved(BEFORE, 1), file('new', 3)])).toEqual(['a', 'b', 'c']);
	});

	it.each([
		['by another time', moved(BEFORE, 2)],
		['by less than an hour', moved(BEFORE, 0.99)],
		['of some files, while others are as they were', [...moved(BEFORE.slice(0, 2), 1), BEFORE[2]!]],
		['of one file, which may have been published again', moved(BEFORE.slice(0, 1), 1)],
		['of other sizes', moved(BEFORE, 1).map((each) => ({ ...each, size: 11 }))],
	])('%s is none', (_name, files) => expect(told(files)).toEqual([]));

	it('is none where all files changed a moment ago: a job may write them every hour', () => {
		const hourly = [file('a', 1.1), file('b', 1.2)];
		const known = (fingerprint: string) => hourly.map(fingerprintOf).includes(fingerprint);
		expect(told(moved(hourly, 1), known)).toEqual([]);
	});
});
