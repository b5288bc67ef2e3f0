import { wallTimeToUtc, zoneOffset } from '../util/time';

const DAY = 86_400_000;

/** A day of the calendar, e.g. `2026-03-31`. Two of them compare as texts. */
export type CalendarDay = string;

/** Days outside are mistyped, or a number taken for a date. */
const FIRST: CalendarDay = '1990-01-01';
const LAST: CalendarDay = '2199-12-31';

/** Whether a text is a day that the calendar has, of a time that a business can be about. */
export function isCalendarDay(text: string): boolean {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < FIRST || text > LAST) return false;
	const time = Date.parse(`${text}T00:00:00Z`);
	// `Date` moves 30 February on to March.
	return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

export function addDays(day: CalendarDay, count: number): CalendarDay {
	return isoDay(midnight(day) + count * DAY);
}

/** 0 is Sunday. */
export function weekdayOf(day: CalendarDay): number {
	return new Date(midnight(day)).getUTCDay();
}

export function yearOf(day: CalendarDay): number {
	return Number(day.slice(0, 4));
}

/** The day that the calendar shows in a time zone. @param instant ms since 1970 */
export function dayOf(instant: number, timeZone: string): CalendarDay {
	return isoDay(instant + zoneOffset(instant, timeZone));
}

/**
 * When a clock in a time zone shows a time of a day. A time that the clock skips is moved on by what is skipped; of one
 * that it shows twice, the first is meant.
 *
 * @param timeOfDay ms since midnight
 */
export function instantOf(day: CalendarDay, timeOfDay: number, timeZone: string): number {
	return wallTimeToUtc(midnight(day) + timeOfDay, timeZone);
}

/** `2026-03-31 17:00` */
export function clockTime(instant: number, timeZone: string): string {
	return new Date(instant + zoneOffset(instant, timeZone)).toISOString().slice(0, 16).replace('T', ' ');
}

function midnight(day: CalendarDay): number {
	return Date.parse(`${day}T00:00:00Z`);
}

function isoDay(utc: number): CalendarDay {
	return new Date(utc).toISOString().slice(0, 10);
}
