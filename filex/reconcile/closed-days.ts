import { inputError } from '../errors';
import { shorten } from '../util/shorten';
import { addDays, type CalendarDay, isCalendarDay } from './calendar-day';

/** Days in a row, both ends included. */
export interface ClosedDays {
	from: CalendarDay;
	to: CalendarDay;
}

/** Entries at most: a list of all closings of ten years has fewer. */
const MOST = 500;

/**
 * Reads days and ranges of days: `2026-12-24, 2026-12-28 to 2027-01-02`.
 *
 * @throws FileXError `input`
 */
export function readClosedDays(text: string, field: string): ClosedDays[] {
	const entries = text.split(/[,;\n]/).filter((entry) => entry.trim() !== '');
	if (entries.length > MOST) throw refused(field, `has more than ${MOST} entries`);
	return entries.map((entry) => {
		const [from = '', to = from, ...more] = entry.trim().split(/\s+(?:to|[-–])\s+|\s*(?:\/|\.\.)\s*/i);
		if (more.length > 0 || !isCalendarDay(from) || !isCalendarDay(to))
			throw refused(field, `has '${shorten(entry.trim())}', which is not a date or a range of dates`);
		if (to < from) throw refused(field, `has the range '${shorten(entry.trim())}', which ends before it begins`);
		if (to > addDays(from, 366)) throw refused(field, `has a range of more than a year: '${shorten(entry.trim())}'`);
		return { from, to };
	});
}

function refused(field: string, why: string): Error {
	return inputError(
		field,
		`'${field}' ${why}`,
		"Write dates like 2026-12-24, with commas between them, and ranges with 'to': 2026-12-28 to 2027-01-02.",
	);
}
