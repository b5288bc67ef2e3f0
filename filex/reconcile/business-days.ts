import { inputError } from '../errors';
import { addDays, type CalendarDay, weekdayOf, yearOf } from './calendar-day';
import type { ClosedDays } from './closed-days';
import { holidaysOf } from './holidays';

export interface BusinessDayRules {
	/** Whether Columbus Day and Veterans Day are no business days, though the markets are open. */
	observesTradingHolidays?: boolean;
	/** Further days on which nothing is expected. */
	closed?: readonly ClosedDays[];
	/** The field that gave them, to be named in errors. */
	closedField?: string;
}

/** Days in a row without a business day at most: more are no calendar but a mistake. */
const LONGEST_CLOSING = 60;

/** Which days are business days: all but weekends, the markets' holidays, and what the rules add. */
export class BusinessDays {
	constructor(private readonly rules: BusinessDayRules = {}) {}

	/** Why a day is no business day; undefined for one that is. */
	whyClosed(day: CalendarDay): string | undefined {
		const weekday = weekdayOf(day);
		if (weekday === 0) return 'a Sunday';
		if (weekday === 6) return 'a Saturday';
		const holiday = holidaysOf(yearOf(day)).get(day);
		if (holiday && (!holiday.isTradingDay || this.rules.observesTradingHolidays)) return holiday.name;
		const { closed = [], closedField } = this.rules;
		return closed.some(({ from, to }) => from <= day && day <= to) ? `in '${closedField}'` : undefined;
	}

	/** The business day that is so many business days later, or earlier where `count` is negative. */
	shift(day: CalendarDay, count: number): CalendarDay {
		const step = Math.sign(count);
		let at = day;
		for (let left = Math.abs(count), closed = 0; left > 0;) {
			at = addDays(at, step);
			const isClosed = this.whyClosed(at) !== undefined;
			closed = isClosed ? closed + 1 : 0;
			if (closed > LONGEST_CLOSING) throw this.withoutEnd(at);
			if (!isClosed) left--;
		}
		return at;
	}

	private withoutEnd(day: CalendarDay): Error {
		const { closedField = '' } = this.rules;
		return inputError(
			closedField,
			`'${closedField}' leaves no business day in ${LONGEST_CLOSING} days around ${day}`,
			'Check its ranges: a shorter one may be meant.',
		);
	}
}
