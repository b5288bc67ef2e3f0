import { parseDateTime } from '../../../filex/util/time';

describe('a date and time', () => {
	it.each([
		['2026-03-31T17:00:00', 'America/New_York', '2026-03-31T21:00:00.000Z'],
		['2026-01-31T17:00:00.250', 'America/New_York', '2026-01-31T22:00:00.250Z'],
		['2026-03-31', 'Europe/Berlin', '2026-03-30T22:00:00.000Z'],
		['2026-03-31T17:00:00Z', 'America/New_York', '2026-03-31T17:00:00.000Z'],
		['2026-03-31T17:00:00-07:00', 'America/New_York', '2026-04-01T00:00:00.000Z'],
		['2026-03-31T17:00:00', 'Asia/Kolkata', '2026-03-31T11:30:00.000Z'],
		['2026-03-31T17:00:00', 'UTC', '2026-03-31T17:00:00.000Z'],
	])('%s in %s is %s', (text, zone, utc) => expect(parseDateTime(text, zone)?.toISOString()).toBe(utc));

	it.each(['', 'soon', '2026-13-01'])('is not what %j is', (text) =>
		expect(parseDateTime(text, 'UTC')).toBeUndefined(),
	);

	it('makes one format for each time zone', () => {
		const made = jest.spyOn(Intl, 'DateTimeFormat');
		for (let second = 10; second < 60; second++) parseDateTime(`2026-03-31T17:00:${second}`, 'Pacific/Auckland');
		expect(made.mock.calls.length).toBe(1);
		made.mockRestore();
	});
});
