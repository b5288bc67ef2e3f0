import { type CalendarDay, dayOf, inputError, isCalendarDay, parseDateTime } from '../../filex';
import { shown } from './values';

/** ISO 8601 as people and programs write it: a date alone, or with a time after T or a space, with or without an offset. */
const ISO =
	/^(\d{4}-\d{2}-\d{2})(?:[T ]+(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)? *(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/**
 * A date and time as ms since 1970. Takes ISO 8601, a Date and luxon's DateTime; refuses a day that no calendar
 * has, and bare numbers, which may be seconds, milliseconds or a date without its hyphens.
 *
 * @param timeZone of a text that has no offset of its own
 */
export function asInstant(field: string, value: unknown, timeZone: string): number {
	const instant = typeof value === 'string' ? instantOf(value.trim(), timeZone) : instantOfObject(value, timeZone);
	if (instant !== undefined) return instant;
	throw inputError(
		field,
		`'${field}' is not a date and time`,
		`It is ${shown(value)}. Write it like 2026-03-31T17:00:00, or with an offset like 2026-03-31T17:00:00-04:00. For a number, use an expression like {{ DateTime.fromMillis(number) }}.`,
	);
}

/**
 * A day of the calendar: a date, with or without a time, or a moment, of which the day in `timeZone` is meant. Midnight
 * in UTC of another day than that is refused: databases give dates like that, and a day too early would be guessed.
 */
export function asDay(field: string, value: unknown, timeZone: string): CalendarDay {
	const instant = asInstant(field, value, 'UTC');
	const isMoment = typeof value !== 'string' || /(Z|[+-]\d{2}(:?\d{2})?)$/i.test(value.trim().slice(10));
	const inUtc = new Date(instant).toISOString();
	const day = isMoment ? dayOf(instant, timeZone) : inUtc.slice(0, 10);
	if (isMoment && inUtc.endsWith('T00:00:00.000Z') && !inUtc.startsWith(day))
		throw inputError(
			field,
			`'${field}' is midnight of ${inUtc.slice(0, 10)} in UTC, which is ${day} in ${timeZone}`,
			`Give the date alone, e.g. ${inUtc.slice(0, 10)}.`,
		);
	return sensible(field, day);
}

function sensible(field: string, day: string): CalendarDay {
	if (isCalendarDay(day)) return day;
	throw inputError(
		field,
		`'${field}' is ${shown(day)}, which is not a day from 1990 to 2199`,
		'Check what the expression returns.',
	);
}

function instantOf(text: string, timeZone: string): number | undefined {
	const [, date, hours = '00', minutes = '00', seconds = '00', fraction = '', offset = ''] = ISO.exec(text) ?? [];
	if (date === undefined) return undefined;
	const wall = `${date}T${hours}:${minutes}:${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}`;
	// `Date` moves a day that the month does not have into the next one.
	const asUtc = Date.parse(`${wall}Z`);
	if (Number.isNaN(asUtc) || new Date(asUtc).toISOString() !== `${wall}Z`) return undefined;
	if (offset === '') return parseDateTime(wall, timeZone)?.getTime();
	const [, sign, offsetHours = '00', offsetMinutes = '00'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset) ?? [];
	if (Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return undefined;
	return asUtc - (sign === '-' ? -1 : 1) * (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
}

/** Of a Date or a luxon DateTime, from whatever realm an expression gave it: each of them writes itself as ISO. */
function instantOfObject(value: unknown, timeZone: string): number | undefined {
	const { toJSON } = (typeof value === 'object' && value !== null ? value : {}) as { toJSON?: unknown };
	if (typeof toJSON !== 'function') return undefined;
	const text: unknown = toJSON.call(value);
	return typeof text === 'string' ? instantOf(text, timeZone) : undefined;
}
