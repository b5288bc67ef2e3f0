import { addDays, dayOf, instantOf, isCalendarDay } from '../../../filex/reconcile/calendar-day';
import { datedPattern } from '../../../filex/reconcile/dated-pattern';
import { readTimeOfDay } from '../../../filex/reconcile/time-of-day';
import { checkTimeZone } from '../../../filex/reconcile/time-zone';
import { DateTime } from '../../support/luxon';

describe('a time of day', () => {
	it.each([
		['17:00', 17 * 60],
		['9:05', 9 * 60 + 5],
		['09:05', 9 * 60 + 5],
		['00:00', 0],
		['24:00', 24 * 60],
		['17:00:00', 17 * 60],
		['17:00:00.000000', 17 * 60],
		['17:00:30', 17 * 60 + 0.5],
		[' 5:00 PM ', 17 * 60],
		['5:00pm', 17 * 60],
		['12:00 AM', 0],
		['12:30 a.m.', 30],
		['12:00 PM', 12 * 60],
		['11:59 pm', 23 * 60 + 59],
	])('is read from %j', (text, minutes) => expect(readTimeOfDay(text, 'Due Time')).toBe(minutes * 60_000));

	it.each([
		'',
		'17',
		'1700',
		'24:01',
		'25:00',
		'17:60',
		'17:00:60',
		'13:00 PM',
		'0:30 AM',
		'5 PM',
		'17.00',
		'-1:00',
		'noon',
	])('is refused: %j', (text) =>
		expect(() => readTimeOfDay(text, 'Due Time')).toThrow(`'Due Time' is '${text}', which is not a time of day`),
	);
});

describe('a time zone', () => {
	it.each(['America/New_York', 'america/new_york', 'US/Eastern', 'UTC', 'Etc/GMT+5', 'America/Indiana/Knox'])(
		'can be %s',
		(name) => expect(checkTimeZone(name, 'Time Zone')).toBe(name),
	);

	it.each(['', 'EST', 'EDT', 'EST5EDT', 'Eastern', 'America/New York', 'America/Nowhere', '-05:00', 'GMT-5'])(
		'cannot be %j',
		(name) =>
			expect(() => checkTimeZone(name, 'Time Zone')).toThrow(`'Time Zone' is '${name}', which is not a time zone`),
	);
});

describe('a calendar day', () => {
	it.each(['2026-02-28', '2028-02-29', '1990-01-01', '2199-12-31'])('can be %s', (day) =>
		expect(isCalendarDay(day)).toBe(true),
	);

	it.each(['2026-02-29', '2026-13-01', '2026-1-1', '1989-12-31', '2200-01-01', '2026-01-01T00:00', ''])(
		'cannot be %j',
		(day) => expect(isCalendarDay(day)).toBe(false),
	);

	it.each([
		['2026-03-08T04:59:59.999Z', 'America/New_York', '2026-03-07'],
		['2026-03-08T05:00:00.000Z', 'America/New_York', '2026-03-08'],
		['2026-03-09T03:59:59.999Z', 'America/New_York', '2026-03-08'],
		['2026-03-09T04:00:00.000Z', 'America/New_York', '2026-03-09'],
		['2026-11-02T04:59:59.999Z', 'America/New_York', '2026-11-01'],
		['2026-11-02T05:00:00.000Z', 'America/New_York', '2026-11-02'],
		['2026-01-01T00:00:00.000Z', 'Pacific/Kiritimati', '2026-01-01'],
	])('at %s in %s is %s', (instant, zone, day) => expect(dayOf(Date.parse(instant), zone)).toBe(day));

	it.each([
		// Clocks go from 02:00 to 03:00.
		['2026-03-08', '01:59', 'America/New_York', '2026-03-08T06:59:00.000Z'],
		['2026-03-08', '02:00', 'America/New_York', '2026-03-08T07:00:00.000Z'],
		['2026-03-08', '02:30', 'America/New_York', '2026-03-08T07:30:00.000Z'],
		['2026-03-08', '03:30', 'America/New_York', '2026-03-08T07:30:00.000Z'],
		// Clocks go from 02:00 back to 01:00: the first is meant.
		['2026-11-01', '00:59', 'America/New_York', '2026-11-01T04:59:00.000Z'],
		['2026-11-01', '01:30', 'America/New_York', '2026-11-01T05:30:00.000Z'],
		['2026-11-01', '02:00', 'America/New_York', '2026-11-01T07:00:00.000Z'],
		['2026-11-01', '24:00', 'America/New_York', '2026-11-02T05:00:00.000Z'],
		// A business day on which clocks change: in Cairo 00:00 to 01:00.
		['2026-04-24', '00:00', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
		['2026-04-24', '00:30', 'Africa/Cairo', '2026-04-23T22:30:00.000Z'],
		['2026-04-24', '01:30', 'Africa/Cairo', '2026-04-23T22:30:00.000Z'],
	])('has its %s %s in %s at %s', (day, time, zone, instant) =>
		expect(new Date(instantOf(day, readTimeOfDay(time, 'Due Time'), zone)).toISOString()).toBe(instant),
	);

	it.each(['America/New_York', 'Asia/Jerusalem', 'Africa/Cairo', 'Australia/Lord_Howe'])(
		'begins and ends in %s when Luxon says so, for three years',
		(zone) => {
			for (let day = '2026-01-01'; day < '2029-01-01'; day = addDays(day, 1)) {
				const starts = DateTime.fromISO(day, { zone }).startOf('day').toMillis();
				expect([day, instantOf(day, 0, zone)]).toEqual([day, starts]);
				expect(dayOf(starts, zone)).toBe(day);
				expect(dayOf(starts - 1, zone)).toBe(addDays(day, -1));
			}
		},
	);
});

describe('a dated pattern', () => {
	it.each([
		'yyyyMMdd',
		'yyyy-MM-dd',
		'yyMMdd',
		'ddMMMyy',
		'MMMM d yyyy',
		'MMM',
		'M',
		'd',
		'dd.MM.yyyy',
		'yyyyooo',
		'yy_o',
		'EEEE',
		'EEE_dd',
		'y',
		'yyyyMM',
		'2026MM',
	])('writes {%s} as Luxon does, on every day of a leap year', (format) => {
		const pattern = datedPattern(`{${format}}`);
		const fitsAnyDay = pattern.fitsAnyDay();
		for (let day = '2028-01-01'; day < '2029-01-01'; day = addDays(day, 1)) {
			const written = DateTime.fromISO(day).setLocale('en-US').toFormat(format);
			expect(pattern.of(day)).toBe(written);
			expect(pattern.fits(day)(written)).toBe(true);
			expect(fitsAnyDay(written)).toBe(true);
		}
	});

	it.each([
		[
			'crd_{yyyyMMdd}_*.csv',
			'crd_20260302_*.csv',
			['crd_20260302_1.csv', 'CRD_20260302_.CSV'],
			['crd_20260303_1.csv', 'x_crd_20260302_1.csv'],
		],
		['a_{yyyyMMdd}.{csv,txt}', 'a_20260302.{csv,txt}', ['a_20260302.csv', 'a_20260302.txt'], ['a_20260302.zip']],
		['{crd,iard}_{MM}?.zip', '{crd,iard}_03?.zip', ['crd_031.zip', 'iard_03x.zip'], ['crd_03.zip']],
		['{crd_{yyyyMMdd},daily}.csv', '{crd_20260302,daily}.csv', ['crd_20260302.csv', 'daily.csv'], ['crd_.csv']],
		['a_{dd}.csv, b_{MMM}.csv', 'a_02.csv, b_Mar.csv', ['a_02.csv', 'b_mar.csv'], ['a_03.csv']],
		['[{}]_{dd}.csv', '[{}]_02.csv', ['{_02.csv'], ['x_02.csv']],
		['*', '*', ['anything'], []],
		['{yyyy-MM-dd}T{ooo}.x', '2026-03-02T061.x', ['2026-03-02T061.x'], ['2026-03-02T061-x']],
	])('%j of 2 March 2026 is %j', (text, of, fitting, others) => {
		const pattern = datedPattern(text);
		expect(pattern.of('2026-03-02')).toBe(of);
		expect(fitting.filter((name) => !pattern.fits('2026-03-02')(name))).toEqual([]);
		expect(others.filter((name) => pattern.fits('2026-03-02')(name))).toEqual([]);
	});

	it.each([
		['crd_{yyyyMMdd}_*.csv', true],
		['crd_{MMdd}.csv', true],
		['crd_{MMM}_{d}.csv', true],
		['crd_{yyyyooo}.csv', true],
		['crd_{yyyyMM}.csv', false],
		['crd_{dd}.csv', false],
		['crd_{EEE}.csv', false],
		['daily.csv', false],
		['*', false],
		['a_{yyyyMMdd}.csv, daily.csv', false],
		['a_{yyyyMMdd}.csv, b_{yyMMdd}.csv', true],
		['{crd_{yyyyMMdd},daily}.csv', false],
		['{crd_{yyyyMMdd},daily}_{MMdd}.csv', true],
		['{crd,iard}_{yyyyMMdd}.csv', true],
		['[{MMdd}].csv', false],
		['{odd,even}_{yyyyMMdd}.csv', true],
		['{MM,BD}_{yyyyMMdd}.csv', true],
		['a.{yyyy}{M}_{d}_*.csv', true],
		['{d}.{M}.csv, *.txt', false],
		['{yyyyo}.csv', true],
	])('%j names the day: %s', (text, expected) => expect(datedPattern(text).namesTheDay).toBe(expected));

	it.each([
		['', /'File Name Pattern' is empty/],
		['  ', /is empty/],
		['a_{YYYYMMDD}.csv', /'YYYY' in '\{YYYYMMDD\}' is not a part of a date/],
		['a_{yyyymmdd}.csv', /'mm' in '\{yyyymmdd\}' is not a part of a date/],
		['a_{yyyyMMddHHmm}.csv', /'HH' in/],
		['a_{csv}.csv', /'c' in '\{csv\}' is not a part of a date/],
		['a_{}.csv', /'\{\}' holds no date/],
		['a_{2026}.csv', /holds no date/],
		['a_{yyyy*MM}.csv', /'\*' in/],
		['a_{MMM d, yyyy}.csv', /has a comma, so it is a choice of texts and not a date/],
		['a_{yyyyMMdd.csv', /a '\{' is not closed/],
		['a_yyyyMMdd}.csv', /a '\}' closes nothing/],
		['a_[.csv', /a '\[' is not closed/],
		['a_yyyyMMdd.csv', /'yyyyMMdd' stands without braces: write \{yyyyMMdd\}/],
		['a_<YYYY-MM-DD>.csv', /'YYYY-MM-DD' stands without braces/],
		['a_ddMMMyy.csv', /'ddMMMyy' stands without braces/],
		['a_{{yyyyMMdd}}.csv', /has two pairs of braces, where one is meant: \{yyyyMMdd\}/],
		['a_{d}-{M}*.csv', /a month without its zeros stands beside .* write \{MM\}, or put a separator between/],
		['a*{d}-{MM}.csv', /a day without its zeros/],
		['a_{yyyy}_{M}{d}.csv', /a month without its zeros/],
		['a_{Md}.csv', /a month without its zeros/],
		['a_{yyyyo}?.csv', /a day of the year without its zeros .* write \{ooo\}/],
		['a_{M}_{d}[0-9].csv', /a day without its zeros/],
		['a_{M}_{d}{1,2}.csv', /a day without its zeros/],
		['{{d}*,x}_{MM}.csv', /a day without its zeros/],
		['a_{MM,dd}.csv', /has a comma/],
		[`${'a'.repeat(501)}`, /longer than 500 characters/],
	])('is refused: %j', (text, message) => expect(() => datedPattern(text)).toThrow(message));
});
