import type { IExecuteFunctions } from 'n8n-workflow';
import { inputError, parseDateTime, shorten } from '../../filex';

/** What the fields 'Return All' and 'Limit' leave of the results. */
export function limited<T>(context: IExecuteFunctions, itemIndex: number, all: T[]): T[] {
	if (context.getNodeParameter('returnAll', itemIndex, false)) return all;
	return all.slice(0, numberOf('Limit', context.getNodeParameter('limit', itemIndex, 50), 'number of results', 1));
}

/** What a text field holds, without space around it; '' where an expression gives nothing. */
export function textOf(context: IExecuteFunctions, name: string, itemIndex: number): string {
	return String(context.getNodeParameter(name, itemIndex, '') ?? '').trim();
}

/** A number that a user gave, or an expression. @param what e.g. `number of minutes` */
export function numberOf(field: string, value: unknown, what: string, min: number, max = Infinity): number {
	const number = typeof value === 'string' && value.trim() === '' ? NaN : Number(value);
	if (number >= min && number <= max && Number.isFinite(number)) return number;
	const range = max === Infinity ? `, ${min} or more,` : ` from ${min} to ${max},`;
	throw inputError(field, `'${field}' must be a ${what}${range} but it is '${shorten(String(value))}'`, `Enter e.g. ${Math.max(min, 10)}, or look at what the expression gives.`);
}

/** One of the values that a field can have; anything else, from an expression, must not pass for one of them. */
export function oneOf<T extends string>(field: string, value: unknown, known: readonly T[]): T {
	const found = known.find((each) => each === value);
	if (found !== undefined) return found;
	throw inputError(field, `'${field}' is '${shorten(String(value))}', which it cannot be`, `Choose one, or let the expression give one of: ${known.join(', ')}.`);
}

/** The options of an item. What is not given, or is nothing by an expression, means the default. */
export function givenOptions<T extends object>(context: IExecuteFunctions, itemIndex: number, defaults: T): T {
	const given = context.getNodeParameter('options', itemIndex, {}) as Partial<T>;
	return { ...defaults, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null && value !== '')) };
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
