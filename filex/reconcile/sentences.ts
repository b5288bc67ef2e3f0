import { clockTime } from './calendar-day';
import type { Quantity } from './verdict';
import type { Closed, Timing } from './timing';

/** `2026-03-31 17:00 America/New_York` */
export function timeIn(instant: number, timeZone: string): string {
	return `${clockTime(instant, timeZone)} ${timeZone}`;
}

/** `1 file`, `2 files` */
export function counted(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `at least 2 were expected` */
export function expectedCount({ atLeast }: Quantity): string {
	return `at least ${atLeast} ${atLeast === 1 ? 'was' : 'were'} expected`;
}

/** `due 2026-03-31 17:00 America/New_York` */
export function due({ dueAt, timeZone }: Pick<Timing, 'dueAt' | 'timeZone'>): string {
	return `due ${timeIn(dueAt, timeZone)}`;
}

export function closedMessage({ day, why }: Closed): string {
	return `${day} is not a business day (${why}), so nothing is expected`;
}

/** `before 2026-03-31 00:00 America/New_York`: what files do not count because of their time. */
export function outside({ from, until, timeZone }: Pick<Timing, 'from' | 'until' | 'timeZone'>): string {
	const bounds = [
		...(Number.isFinite(from) ? [`before ${timeIn(from, timeZone)}`] : []),
		...(Number.isFinite(until) ? [`after ${timeIn(until, timeZone)}`] : []),
	];
	return bounds.join(' or ');
}
