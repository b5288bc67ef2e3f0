import type { IExecuteFunctions } from 'n8n-workflow';
import { inputError, parseDateTime, shorten } from '../../filex';

/** What the fields 'Return All' and 'Limit' leave of the results. */
export function limited<T>(context: IExecuteFunctions, itemIndex: number, all: T[]): T[] {
	if (context.getNodeParameter('returnAll', itemIndex, false)) return all;
	return all.slice(0, context.getNodeParameter('limit', itemIndex, 50) as number);
}

/** A number that a user gave, or an expression. @param what e.g. `number of minutes` */
export function numberOf(field: string, value: unknown, what: string, min: number, max = Infinity): number {
	const number = typeof value === 'string' && value.trim() === '' ? NaN : Number(value);
	if (number >= min && number <= max && Number.isFinite(number)) return number;
	const range = max === Infinity ? `, ${min} or more,` : ` from ${min} to ${max},`;
	throw inputError(field, `'${field}' must be a ${what}${range} but it is '${shorten(String(value))}'`, `Enter e.g. ${Math.max(min, 10)}, or look at what the expression gives.`);
}

/** A date option as ms; without an offset of its own it is in the workflow's time zone. */
export function instant(context: IExecuteFunctions, field: string, value: unknown): number | undefined {
	if (value === undefined || value === '') return undefined;
	// Expressions may give luxon's DateTime or a Date; both print as ISO with an offset.
	const text = typeof value === 'string' ? value : String(JSON.parse(JSON.stringify(value)));
	const date = parseDateTime(text, context.getTimezone());
	if (date) return date.getTime();
	throw inputError(field, `'${field}' is not a date and time`, 'Write it like 2026-03-31T17:00:00, or with an offset like 2026-03-31T17:00:00-04:00.');
}
