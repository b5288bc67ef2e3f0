import type { BusinessDays } from './business-days';
import { type CalendarDay, dayOf, instantOf } from './calendar-day';

/** Which business day an expectation is about. */
export type BusinessDate =
	/** The day on which is checked. */
	| { kind: 'sameDay' }
	/** So many business days before the day on which is checked. */
	| { kind: 'previousDay'; daysUntilDue: number }
	/** A day of the user's, and how many business days after it the files are due. */
	| { kind: 'given'; day: CalendarDay; daysUntilDue: number };

export interface TimingFields {
	businessDate: BusinessDate;
	/** When on the due day, as ms since midnight. */
	dueTime: number;
	timeZone: string;
	calendar: BusinessDays;
	/** The moment to judge by, in ms. */
	now: number;
	/** From when on files count, in ms; undefined where the pattern and the calendar say. */
	countFrom?: number;
	/** Until when files count, in ms; undefined where the pattern and the calendar say. */
	countUntil?: number;
	/** Whether names tell which day they are of. */
	namesTheDay: boolean;
}

/** When something is expected. All instants are in ms. */
export interface Timing {
	businessDate: CalendarDay;
	dueAt: number;
	/** Files that changed earlier do not count: they are of an earlier day. */
	from: number;
	/** Files that changed later may be of the next day: they count where what came before is not enough. */
	ownUntil: number;
	/** Files that changed later do not count: they are of a later day. */
	until: number;
	now: number;
	timeZone: string;
}

/** A day on which nothing is expected. */
export interface Closed {
	day: CalendarDay;
	why: string;
}

/** When the files of an expectation are due, and which files can be meant. */
export function timingOf(fields: TimingFields): Timing | { closed: Closed } {
	const { businessDate, dueTime, timeZone, calendar, now } = fields;
	const today = dayOf(now, timeZone);
	const day = businessDate.kind === 'given' ? businessDate.day : today;
	const why = calendar.whyClosed(day);
	if (why !== undefined) return { closed: { day, why } };
	const { date, dueDay } = daysOf(businessDate, today, calendar);
	const dueOn = (each: CalendarDay) => instantOf(each, dueTime, timeZone);
	const timing = { businessDate: date, dueAt: dueOn(dueDay), now, timeZone };
	const { countFrom = -Infinity, countUntil = Infinity } = fields;
	if (fields.namesTheDay) return { ...timing, from: countFrom, ownUntil: countUntil, until: countUntil };
	const begins = (each: CalendarDay, dueBefore: number) => Math.max(instantOf(each, 0, timeZone), dueBefore + 1);
	return {
		...timing,
		// What came by the time that it was due the day before was that day's.
		from: fields.countFrom ?? begins(date, dueOn(calendar.shift(dueDay, -1))),
		ownUntil: Math.min(begins(calendar.shift(date, 1), timing.dueAt) - 1, countUntil),
		until: Math.min(dueOn(calendar.shift(dueDay, 1)), countUntil),
	};
}

function daysOf(
	businessDate: BusinessDate,
	today: CalendarDay,
	calendar: BusinessDays,
): { date: CalendarDay; dueDay: CalendarDay } {
	switch (businessDate.kind) {
		case 'sameDay':
			return { date: today, dueDay: today };
		case 'previousDay':
			return { date: calendar.shift(today, -businessDate.daysUntilDue), dueDay: today };
		case 'given':
			return { date: businessDate.day, dueDay: calendar.shift(businessDate.day, businessDate.daysUntilDue) };
	}
}

/** Whether a file of this time can be of the day that is meant. One whose time is not known is not of another day. */
export function isWithin({ from, until }: Pick<Timing, 'from' | 'until'>, instant: number): boolean {
	return !(instant < from) && !(instant > until);
}

/**
 * What counts of some files: those of the day, and what came after it where that alone does not do.
 *
 * @param at when a file came, in ms
 * @param isEnough whether some files are what is expected
 */
export function counting<T>(
	files: readonly T[],
	{ from, ownUntil, until }: Pick<Timing, 'from' | 'ownUntil' | 'until'>,
	at: (file: T) => number,
	isEnough: (files: readonly T[]) => boolean,
): T[] {
	const own = files.filter((file) => isWithin({ from, until: ownUntil }, at(file)));
	return isEnough(own) ? own : files.filter((file) => isWithin({ from, until }, at(file)));
}

export interface Lateness {
	isLate: boolean;
	/** Whole minutes after the due time, rounded up; 0 where it is not late. */
	lateByMinutes: number;
}

/**
 * How late what was expected came.
 *
 * @param metAt when all of it was there, in ms; undefined where it is not yet
 */
export function lateness({ dueAt, now }: Pick<Timing, 'dueAt' | 'now'>, metAt: number | undefined): Lateness {
	const isLate = metAt === undefined ? now >= dueAt : metAt > dueAt;
	return { isLate, lateByMinutes: isLate ? Math.ceil(((metAt ?? now) - dueAt) / 60_000) : 0 };
}
