import { createRequire } from 'node:module';
import { FileXError } from '../../../filex';
import { asDay, asInstant } from '../../../nodes/shared/dates';

/** The one that n8n gives to expressions. */
const { DateTime } = createRequire(require.resolve('n8n-workflow'))('luxon') as typeof import('luxon');

const FIELD = 'Submitted After';
const ZONE = 'America/New_York';

describe('a date and time', () => {
	it.each<[unknown, string]>([
		// Without an offset it is in the workflow's time zone.
		['2026-03-31T17:00:00', '2026-03-31T21:00:00.000Z'],
		['2026-03-31 17:00:00', '2026-03-31T21:00:00.000Z'],
		['2026-03-31T17:00', '2026-03-31T21:00:00.000Z'],
		['2026-03-31', '2026-03-31T04:00:00.000Z'],
		['  2026-01-31  ', '2026-01-31T05:00:00.000Z'],
		['2026-03-31T17:00:00.123456789', '2026-03-31T21:00:00.123Z'],
		['2026-03-31T17:00:00-04:00', '2026-03-31T21:00:00.000Z'],
		['2026-03-31T17:00:00-0400', '2026-03-31T21:00:00.000Z'],
		['2026-03-31 17:00:00 -04', '2026-03-31T21:00:00.000Z'],
		['2026-03-31T17:00:00.000+05:30', '2026-03-31T11:30:00.000Z'],
		['2026-03-31t17:00:00z', '2026-03-31T17:00:00.000Z'],
		['2028-02-29', '2028-02-29T05:00:00.000Z'],
		// A time that the clock skips is moved on.
		['2026-03-08T02:30:00', '2026-03-08T07:30:00.000Z'],
		[new Date('2026-03-31T21:00:00Z'), '2026-03-31T21:00:00.000Z'],
		[DateTime.fromISO('2026-03-31T17:00:00', { zone: ZONE }), '2026-03-31T21:00:00.000Z'],
		[DateTime.fromISO('2026-03-31T17:00:00', { zone: ZONE }).toISO(), '2026-03-31T21:00:00.000Z'],
		[DateTime.fromISO('2026-03-31T17:00:00', { zone: ZONE }).toString(), '2026-03-31T21:00:00.000Z'],
		[DateTime.fromISO('2026-03-31T17:00:00', { zone: ZONE }).toSQL(), '2026-03-31T21:00:00.000Z'],
	])('takes %p as %s', (value, expected) =>
		expect(new Date(asInstant(FIELD, value, ZONE)).toISOString()).toBe(expected),
	);

	it.each<[unknown]>([
		['2026-02-30'],
		['2026-02-30T00:00:00Z'],
		['2027-02-29'],
		['2026-13-01'],
		['2026-00-10'],
		['2026-03-31T24:00:00'],
		['2026-03-31T17:60:00'],
		['2026-03-31T17:00:00+24:00'],
		['2026-03-31T17:00:00+05:60'],
		['2026-3-1'],
		['31.03.2026'],
		['03/31/2026'],
		['soon'],
		['20260331'],
		['1774990800000'],
		[1774990800000],
		[1774990800],
		[0],
		[NaN],
		[true],
		[[]],
		[{}],
		[Object.create(null)],
		[new Date(NaN)],
		[DateTime.invalid('for the test')],
		[{ toJSON: () => ({}) }],
		['2026-03-31T17:00:00'.padEnd(100_000, ' x')],
	])('refuses %p', (value) => {
		let refused: unknown;
		try {
			asInstant(FIELD, value, ZONE);
		} catch (error) {
			refused = error;
		}
		expect(refused).toBeInstanceOf(FileXError);
		expect(refused).toMatchObject({
			kind: 'input',
			field: FIELD,
			message: `'${FIELD}' is not a date and time`,
			hint: expect.stringMatching(/2026-03-31T17:00:00/) as string,
		});
		expect((refused as FileXError).hint.length).toBeLessThan(400);
	});
});

describe('a day in a field', () => {
	const ZONE = 'America/New_York';

	it.each([
		['2026-03-31', '2026-03-31'],
		[' 2026-03-31 ', '2026-03-31'],
		['2026-03-31T00:00:00', '2026-03-31'],
		['2026-03-31 23:59', '2026-03-31'],
		['2026-03-31T00:00:00-04:00', '2026-03-31'],
		['2026-03-31T22:00:00-04:00', '2026-03-31'],
		['2026-04-01T02:00:00Z', '2026-03-31'],
		['2026-03-31T12:00:00.000Z', '2026-03-31'],
		[new Date('2026-04-01T03:59:59.999Z'), '2026-03-31'],
		[new Date('2026-04-01T04:00:00.000Z'), '2026-04-01'],
		['2026-03-31T00:00:00-10:00', '2026-03-31'],
		[{ toJSON: () => '2026-03-31T00:00:00.000-04:00' }, '2026-03-31'],
	])('is read from %p', (value, day) => expect(asDay('Date', value, ZONE)).toBe(day));

	it("is not guessed from midnight of n8n's own zone, where the day there is another", () =>
		expect(() => asDay('Date', '2026-03-31T00:00:00.000-04:00', 'America/Chicago')).toThrow(
			"'Date' is midnight of 2026-03-31 in UTC-04:00, which is 2026-03-30 in America/Chicago",
		));

	it('is read from midnight in UTC where that is the same day', () =>
		expect(asDay('Date', '2026-03-31T00:00:00.000Z', 'Asia/Tokyo')).toBe('2026-03-31'));

	it.each([
		['2026-03-31T00:00:00.000Z', "'Date' is midnight of 2026-03-31 in UTC, which is 2026-03-30 in America/New_York"],
		[new Date('2026-03-31'), "'Date' is midnight of 2026-03-31 in UTC, which is 2026-03-30 in America/New_York"],
		[
			'2026-03-31T00:00+02:00',
			"'Date' is midnight of 2026-03-31 in UTC+02:00, which is 2026-03-30 in America/New_York",
		],
		[
			{ toJSON: () => '2026-03-31T00:00:00.000+09:00' },
			"'Date' is midnight of 2026-03-31 in UTC+09:00, which is 2026-03-30 in America/New_York",
		],
		['2026-02-30', "'Date' is not a date and time"],
		['1989-12-31', "'Date' is '1989-12-31', which is not a day from 1990 to 2199"],
		[20260331, "'Date' is not a date and time"],
		[true, "'Date' is not a date and time"],
	])('is not guessed from %p', (value, message) => expect(() => asDay('Date', value, ZONE)).toThrow(message));
});
