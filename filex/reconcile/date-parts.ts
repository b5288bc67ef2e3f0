import { type CalendarDay, weekdayOf, yearOf } from './calendar-day';

const MONTHS = [
	'January',
	'February',
	'March',
	'April',
	'May',
	'June',
	'July',
	'August',
	'September',
	'October',
	'November',
	'December',
];
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const DIGIT = '[0-9]';

/** One letter group of a date part. */
export interface DatePart {
	/** What it tells of a date. */
	names: 'year' | 'month' | 'day' | 'dayOfYear' | 'weekday';
	of(day: CalendarDay): string;
	/** A name pattern of all that it can be. */
	shape: string;
	/** The same with all its digits, of what has fewer on some days. */
	padded?: string;
}

const short = (names: string[]) => names.map((name) => name.slice(0, 3));
const oneOf = (names: string[]) => `{${names.join(',')}}`;
const upTo = (digits: number) => oneOf(Array.from({ length: digits }, (_, index) => DIGIT.repeat(index + 1)));
const monthOf = (day: CalendarDay) => Number(day.slice(5, 7));

const YEAR: DatePart = { names: 'year', of: (day) => day.slice(0, 4), shape: DIGIT.repeat(4) };

/** By the letters that Luxon, which n8n's expressions use, has for them. */
export const DATE_PARTS: Readonly<Record<string, DatePart>> = {
	yyyy: YEAR,
	y: YEAR,
	yy: { names: 'year', of: (day) => day.slice(2, 4), shape: DIGIT.repeat(2) },
	MMMM: { names: 'month', of: (day) => MONTHS[monthOf(day) - 1]!, shape: oneOf(MONTHS) },
	MMM: { names: 'month', of: (day) => short(MONTHS)[monthOf(day) - 1]!, shape: oneOf(short(MONTHS)) },
	MM: { names: 'month', of: (day) => day.slice(5, 7), shape: DIGIT.repeat(2) },
	M: { names: 'month', of: (day) => String(monthOf(day)), shape: upTo(2), padded: 'MM' },
	dd: { names: 'day', of: (day) => day.slice(8), shape: DIGIT.repeat(2) },
	d: { names: 'day', of: (day) => String(Number(day.slice(8))), shape: upTo(2), padded: 'dd' },
	ooo: { names: 'dayOfYear', of: (day) => String(dayOfYear(day)).padStart(3, '0'), shape: DIGIT.repeat(3) },
	o: { names: 'dayOfYear', of: (day) => String(dayOfYear(day)), shape: upTo(3), padded: 'ooo' },
	EEEE: { names: 'weekday', of: (day) => WEEKDAYS[weekdayOf(day)]!, shape: oneOf(WEEKDAYS) },
	EEE: { names: 'weekday', of: (day) => short(WEEKDAYS)[weekdayOf(day)]!, shape: oneOf(short(WEEKDAYS)) },
};

function dayOfYear(day: CalendarDay): number {
	return (Date.parse(day) - Date.parse(`${yearOf(day)}-01-01`)) / 86_400_000 + 1;
}
