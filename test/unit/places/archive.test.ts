import { parseArchivedName } from '../../../filex/places/archive';

describe("an archived file's name", () => {
	it("gives the guide's example", () => {
		expect(parseArchivedName('20190322190521330_file1.zip')).toEqual({
			originalName: 'file1.zip',
			uploadedAt: new Date('2019-03-22T23:05:21.330Z'),
		});
	});

	it.each([
		['winter', '20260115120000000', '2026-01-15T17:00:00.000Z'],
		['summer', '20260715120000000', '2026-07-15T16:00:00.000Z'],
		['the last second before daylight saving begins', '20260308015959999', '2026-03-08T06:59:59.999Z'],
		['the first second after it began', '20260308030000000', '2026-03-08T07:00:00.000Z'],
		['an hour that the clock skips', '20260308023000000', '2026-03-08T07:30:00.000Z'],
		['the hour that occurs twice, of which the first is meant', '20261101013000000', '2026-11-01T05:30:00.000Z'],
		['the hour after it', '20261101020000000', '2026-11-01T07:00:00.000Z'],
		['the last hour before it', '20261101005959000', '2026-11-01T04:59:59.000Z'],
		["New Year's Eve", '20251231235959999', '2026-01-01T04:59:59.999Z'],
	])('is read in US Eastern time: %s', (_when, stamp, utc) => {
		expect(parseArchivedName(`${stamp}_x`)?.uploadedAt.toISOString()).toBe(utc);
	});

	it('keeps underscores and digits of the original name', () => {
		expect(parseArchivedName('20260115120000000_20260115120000000_a_b')?.originalName).toBe('20260115120000000_a_b');
	});

	it.each([
		'file1.zip',
		'2019032219052133_file1.zip',
		'20191322190521330_file1.zip',
		'20190230000000000_x',
		'20190322190521330_',
		'',
	])('is not what %j is', (name) => expect(parseArchivedName(name)).toBeUndefined());
});
