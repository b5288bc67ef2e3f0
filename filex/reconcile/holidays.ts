import { allForYear } from '@18f/us-federal-holidays';
import { addDays, type CalendarDay, weekdayOf } from './calendar-day';

export interface Holiday {
	name: string;
	/** Whether the markets are open on it, though federal offices are closed. */
	isTradingDay: boolean;
}

const TRADING_DAYS = ['Columbus Day', 'Veterans Day'];

/** The first year in which the markets observed it: it became law two days before 19 June 2021. */
const FIRST_JUNETEENTH = 2022;

const BY_YEAR = new Map<number, ReadonlyMap<CalendarDay, Holiday>>();

/**
 * Days of a year on which the US markets, or at least federal offices, are closed, by the day of observance. Federal law
 * (5 U.S.C. 6103) names the holidays; the markets add Good Friday, and decide when they are observed (NYSE Rule 7.2):
 * on the Friday before where one falls on a Saturday, on the Monday after where it falls on a Sunday. A New Year's Day
 * on a Saturday is not observed, because the Friday before ends a year's accounts.
 */
export function holidaysOf(year: number): ReadonlyMap<CalendarDay, Holiday> {
	const known = BY_YEAR.get(year);
	if (known) return known;
	const made = new Map<CalendarDay, Holiday>([[goodFriday(year), { name: 'Good Friday', isTradingDay: false }]]);
	const asInTheLaw = { shiftSaturdayHolidays: false, shiftSundayHolidays: false };
	for (const { name, dateString } of allForYear(year, asInTheLaw)) {
		if (name.startsWith('Juneteenth') && year < FIRST_JUNETEENTH) continue;
		const observed = observedOn(dateString);
		if (observed !== undefined) made.set(observed, { name, isTradingDay: TRADING_DAYS.includes(name) });
	}
	BY_YEAR.set(year, made);
	return made;
}

function observedOn(day: CalendarDay): CalendarDay | undefined {
	const weekday = weekdayOf(day);
	if (weekday === 0) return addDays(day, 1);
	if (weekday !== 6) return day;
	return day.endsWith('-01-01') ? undefined : addDays(day, -1);
}

/** Two days before Easter Sunday, which is reckoned as J. Meeus gives it (Astronomical Algorithms, chapter 8). */
function goodFriday(year: number): CalendarDay {
	const a = year % 19;
	const [b, c] = [Math.floor(year / 100), year % 100];
	const g = Math.floor((8 * b + 13) / 25);
	const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
	const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
	const m = Math.floor((a + 11 * h + 19 * l) / 433);
	const month = Math.floor((h + l - 7 * m + 90) / 25);
	const day = (h + l - 7 * m + 33 * month + 19) % 32;
	return addDays(`${year}-0${month}-${String(day).padStart(2, '0')}`, -2);
}
