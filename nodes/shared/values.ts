import { inputError, shorten } from '../../filex';

/*
 * What a field can hold. An expression can give anything: what does not fit is refused by the field's name, and
 * nothing is guessed.
 */

/** Whether a value is nothing: then the field's default applies. */
export function isBlank(value: unknown): boolean {
	return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** Characters of a text at most: no path, URL or pattern is longer. */
const LONGEST = 4096;

/** A text as it is; a number as its digits, because an expression gives 888888 where a user types it. */
export function asText(field: string, value: unknown): string {
	if (typeof value === 'string' && value.length <= LONGEST) return value;
	if (typeof value === 'string')
		throw inputError(
			field,
			`'${field}' is longer than ${LONGEST} characters: ${shown(value)}`,
			'Check what the expression returns: it may be a whole file.',
		);
	if (typeof value === 'number' && Number.isFinite(value)) return String(value);
	throw inputError(
		field,
		`'${field}' must be a text, but it is ${shown(value)}`,
		'Check what the expression returns: it must be one text.',
	);
}

export interface NumberRange {
	/** E.g. `number of minutes`. */
	what: string;
	/** The least; a fraction stands for "more than 0". */
	min: number;
	max?: number;
	/** Whether fractions are refused. */
	whole: boolean;
	/** A value that fits. */
	example: number;
}

/** A number, or its digits as a text. */
export function asNumber(
	field: string,
	value: unknown,
	{ what, min, max = Infinity, whole, example }: NumberRange,
): number {
	const number =
		typeof value === 'number'
			? value
			: typeof value === 'string' && /^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)
				? Number(value)
				: NaN;
	const isMoreThanZero = min > 0 && min < 1;
	const fits = Number.isFinite(number) && (isMoreThanZero ? number > 0 : number >= min) && number <= max;
	if (fits && (!whole || Number.isInteger(number))) return number;
	const range = isMoreThanZero ? ', more than 0,' : max === Infinity ? `, ${min} or more,` : ` from ${min} to ${max},`;
	throw inputError(
		field,
		`'${field}' must be a ${fits ? 'whole ' : ''}${what}${range} but it is ${shown(value)}`,
		`Enter e.g. ${example}, or check what the expression returns.`,
	);
}

const YES = ['true', 'yes', '1'];
const NO = ['false', 'no', '0'];

/** Yes or no. A text counts by what it says: every text but '' is true for JavaScript, "false" too. */
export function asFlag(field: string, value: unknown): boolean {
	if (typeof value === 'boolean') return value;
	const word = typeof value === 'string' || typeof value === 'number' ? String(value).trim().toLowerCase() : '';
	if (YES.includes(word)) return true;
	if (NO.includes(word)) return false;
	throw inputError(
		field,
		`'${field}' must be true or false, but it is ${shown(value)}`,
		'Let the expression return true or false.',
	);
}

/** One of the values that a field can have. */
export function asChoice<T extends string>(field: string, value: unknown, known: readonly T[]): T {
	const word = typeof value === 'string' ? value.trim() : undefined;
	const found = known.find((each) => each === word);
	if (found !== undefined) return found;
	throw inputError(
		field,
		`'${field}' is ${shown(value)}, which is not one of its choices`,
		`Choose one, or let the expression return one of: ${known.join(', ')}.`,
	);
}

/** Some of the values that a field can have: a list, or a text with commas. @param noun what one of them is, e.g. `event` */
export function asList<T extends string>(field: string, value: unknown, known: readonly T[], noun: string): T[] {
	const entries: unknown[] = Array.isArray(value)
		? value
		: typeof value === 'string'
			? value.split(',').filter((each) => each.trim() !== '')
			: [value];
	return [
		...new Set(
			entries.map((entry) => {
				const word = typeof entry === 'string' ? entry.trim() : undefined;
				const found = known.find((each) => each === word);
				if (found !== undefined) return found;
				throw inputError(
					field,
					`'${field}' holds ${shown(entry)}, which is not a valid ${noun}`,
					`In an expression, use ${known.join(', ')}.`,
				);
			}),
		),
	];
}

/** What was picked from a list or typed: n8n gives an object with it, an expression may give it alone. */
export function asPicked(field: string, value: unknown): string {
	const picked: unknown = typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
	return isBlank(picked) ? '' : asText(field, picked);
}

/** A value of the user's in one line, in words where it is no single value. */
export function shown(value: unknown): string {
	switch (typeof value) {
		case 'string':
		case 'number':
		case 'boolean':
		case 'bigint':
			return `'${shorten(String(value))}'`;
		case 'object':
			if (value === null) return 'nothing';
			return Array.isArray(value) ? 'a list' : value instanceof Date ? 'a date' : 'an object';
		default:
			return value === undefined ? 'nothing' : `a ${typeof value}`;
	}
}

/** A SHA-256 as lower-case hex; undefined for what is none. */
export function sha256In(text: string): string | undefined {
	return /^[0-9a-f]{64}$/i.test(text) ? text.toLowerCase() : undefined;
}
