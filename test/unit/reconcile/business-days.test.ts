import { join } from 'node:path';
import { BusinessDays } from '../../../filex/reconcile/business-days';
import { addDays, weekdayOf } from '../../../filex/reconcile/calendar-day';
import { readClosedDays } from '../../../filex/reconcile/closed-days';
import { ROOT } from '../../../scripts/run';
import { NYSE_CLOSINGS } from '../../support/nyse-closings';
import { runProgram } from '../../support/program';

const MARKETS = new BusinessDays();
const OFFICES = new BusinessDays({ observesTradingHolidays: true });

function daysOf(year: number): string[] {
	const days: string[] = [];
	for (let day = `${year}-01-01`; day.startsWith(String(year)); day = addDays(day, 1)) days.push(day);
	return days;
}

const closedWeekdays = (calendar: BusinessDays, year: number) =>
	daysOf(year).filter((day) => ![0, 6].includes(weekdayOf(day)) && calendar.whyClosed(day) !== undefined);

describe('business days', () => {
	it.each(Object.keys(NYSE_CLOSINGS).map(Number))(
		'in %i are those on which the New York Stock Exchange is open',
		(year) => expect(closedWeekdays(MARKETS, year)).toEqual(NYSE_CLOSINGS[year]!.map((day) => `${year}-${day}`)),
	);

	it('have Juneteenth from 2022 on, and no New Year on a Friday', () => {
		expect(closedWeekdays(MARKETS, 2021)).toEqual([
			'2021-01-01',
			'2021-01-18',
			'2021-02-15',
			'2021-04-02',
			'2021-05-31',
			'2021-07-05',
			'2021-09-06',
			'2021-11-25',
			'2021-12-24',
		]);
		expect(closedWeekdays(MARKETS, 2022)).toEqual([
			'2022-01-17',
			'2022-02-21',
			'2022-04-15',
			'2022-05-30',
			'2022-06-20',
			'2022-07-04',
			'2022-09-05',
			'2022-11-24',
			'2022-12-26',
		]);
	});

	it.each([
		[2026, ['2026-10-12', '2026-11-11']],
		[2027, ['2027-10-11', '2027-11-11']],
		// Veterans Day is a Saturday in 2028, and a Sunday in 2029.
		[2028, ['2028-10-09', '2028-11-10']],
		[2029, ['2029-10-08', '2029-11-12']],
	])('in %i can leave out Columbus Day and Veterans Day as well', (year, more) => {
		const markets = closedWeekdays(MARKETS, year);
		expect(closedWeekdays(OFFICES, year).filter((day) => !markets.includes(day))).toEqual(more);
	});

	it('say why a day is none', () => {
		const closed = readClosedDays('2026-12-24, 2026-12-28 to 2027-01-02', 'Extra Closed Days');
		const calendar = new BusinessDays({ closed, closedField: 'Extra Closed Days' });
		const why = ['2026-12-23', '2026-12-24', '2026-12-25', '2026-12-26', '2026-12-27', '2026-12-28', '2027-01-01'].map(
			(day) => calendar.whyClosed(day),
		);
		expect(why).toEqual([
			undefined,
			"in 'Extra Closed Days'",
			'Christmas Day',
			'a Saturday',
			'a Sunday',
			"in 'Extra Closed Days'",
			"New Year's Day",
		]);
		expect(calendar.whyClosed('2027-01-04')).toBeUndefined();
	});

	it.each([
		['2026-03-03', -1, '2026-03-02'],
		['2026-03-02', -1, '2026-02-27'],
		['2026-04-06', -1, '2026-04-02'],
		['2026-04-02', 1, '2026-04-06'],
		['2026-12-24', 2, '2026-12-29'],
		['2027-12-30', 1, '2027-12-31'],
		['2027-12-31', 1, '2028-01-03'],
		['2026-03-07', 1, '2026-03-09'],
		['2026-03-03', 0, '2026-03-03'],
	])('go from %s by %i to %s', (day, count, expected) => expect(MARKETS.shift(day, count)).toBe(expected));

	it('are refused to be looked for where closings leave none', () => {
		const closed = readClosedDays('2026-01-01 to 2026-12-31', 'Extra Closed Days');
		const calendar = new BusinessDays({ closed, closedField: 'Extra Closed Days' });
		expect(() => calendar.shift('2026-06-01', 1)).toThrow(
			/^'Extra Closed Days' leaves no business day in 60 days around/,
		);
	});

	it.each(['UTC', 'Asia/Tokyo', 'Pacific/Honolulu', 'America/Santiago', 'Pacific/Kiritimati'])(
		'are the same on a machine whose time zone is %s',
		async (TZ) => {
			const code = `const { holidaysOf } = require(${JSON.stringify(join(__dirname, '../../../filex/reconcile/holidays.ts'))});
				console.log(JSON.stringify([2024, 2025, 2026, 2027, 2028].flatMap((year) => [...holidaysOf(year).entries()]
					.filter(([, { isTradingDay }]) => !isTradingDay).map(([day]) => day).sort())));`;
			const { stdout, stderr } = await runProgram(process.execPath, ['--import', 'tsx', '--eval', code], {
				env: { TZ },
				cwd: ROOT,
			});
			expect(stderr).toBe('');
			expect(JSON.parse(stdout)).toEqual(
				Object.entries(NYSE_CLOSINGS).flatMap(([year, days]) => days.map((day) => `${year}-${day}`)),
			);
		},
	);
});

describe('extra closed days', () => {
	it.each([
		['', []],
		[' , ', []],
		['2026-12-24', [{ from: '2026-12-24', to: '2026-12-24' }]],
		['2026-12-24,2026-12-31;2027-01-04\n2027-01-05', ['2026-12-24', '2026-12-31', '2027-01-04', '2027-01-05']],
		['2026-12-28 to 2027-01-02', [{ from: '2026-12-28', to: '2027-01-02' }]],
		['2026-12-28 TO 2027-01-02', [{ from: '2026-12-28', to: '2027-01-02' }]],
		['2026-12-28/2027-01-02', [{ from: '2026-12-28', to: '2027-01-02' }]],
		['2026-12-28..2027-01-02', [{ from: '2026-12-28', to: '2027-01-02' }]],
		['2026-12-28 - 2027-01-02', [{ from: '2026-12-28', to: '2027-01-02' }]],
		['2026-12-28 – 2027-01-02', [{ from: '2026-12-28', to: '2027-01-02' }]],
	])('are read from %j', (text, expected) =>
		expect(readClosedDays(text, 'Closed')).toEqual(
			expected.map((each) => (typeof each === 'string' ? { from: each, to: each } : each)),
		),
	);

	it.each([
		['2026-02-30', /has '2026-02-30', which is not a date/],
		['12/24/2026', /which is not a date/],
		['2026-12-24T00:00:00', /which is not a date/],
		['20261224', /which is not a date/],
		['0001-01-01', /which is not a date/],
		['2026-12-24 to', /which is not a date/],
		['to 2026-12-24', /which is not a date/],
		['2026-12-24 to 2026-12-25 to 2026-12-26', /which is not a date/],
		['2027-01-02 to 2026-12-28', /ends before it begins/],
		['2026-01-01 to 2027-01-03', /a range of more than a year/],
		['2026-01-01,'.repeat(501), /more than 500 entries/],
	])('are refused: %j', (text, message) => expect(() => readClosedDays(text, 'Closed')).toThrow(message));
});
