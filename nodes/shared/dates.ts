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
	const text = textOf(value);
	const instant = text === undefined ? undefined : instantOf(text.trim(), timeZone);
	if (instant !== undefined) return instant;
	throw inputError(
		field,
		`'${field}' is not a date and time`,
		`It is ${shown(value)}. Write it like 2026-03-31T17:00:00, or with an offset like 2026-03-31T17:00:00-04:00. For a number, use an expression like {{ DateTime.fromMillis(number) }}.`,
	);
}

/**
 * A day of the calendar: a date, with or without a time, or a moment, of which the day in `timeZone` is meant. Midnight
 * elsewhere, of another day than that, is refused: databases and n8n's own `$today` give dates like that, and a day too early
 * or too late would be guessed.
 */
export function asDay(field: string, value: unknown, timeZone: string): CalendarDay {
	const instant = asInstant(field, value, 'UTC');
	const [, date, hours = '00', minutes = '00', seconds = '00', fraction = '', offset = ''] =
		ISO.exec(textOf(value)!.trim()) ?? [];
	const day = offset === '' ? new Date(instant).toISOString().slice(0, 10) : dayOf(instant, timeZone);
	const isMidnight = /^0*$/.test(hours + minutes + seconds + fraction);
	if (isMidnight && date !== day)
		throw inputError(
			field,
			`'${field}' is midnight of ${date} in ${offset.toUpperCase() === 'Z' ? 'UTC' : `UTC${offset}`}, which is ${day} in ${timeZone}`,
			`Give the date alone, e.g. ${date}.`,
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

/** The ISO text of a Date or a luxon DateTime, from whatever realm an expression gave it: each of them writes itself so. */
function textOf(value: unknown): string | undefined {
	if (typeof value === 'string') return value;
	const { toJSON } = (typeof value === 'object' && value !== null ? value : {}) as { toJSON?: unknown };
	const text: unknown = typeof toJSON === 'function' ? toJSON.call(value) : undefined;
	return typeof text === 'string' ? text : undefined;
}
