const DAY = 86_400_000;

/**
 * The instant at which a clock in `timeZone` shows a wall-clock time. Of an hour that occurs twice
 * the first is meant; a time that the clock skips is moved on by the skipped hour.
 *
 * @param wall the wall-clock time as if it were UTC, in ms
 */
export function wallTimeToUtc(wall: number, timeZone: string): number {
	const before = zoneOffset(wall - DAY, timeZone);
	const after = zoneOffset(wall + DAY, timeZone);
	const matches = [before, after].filter((offset) => zoneOffset(wall - offset, timeZone) === offset);
	return wall - (matches.length > 0 ? Math.max(...matches) : before);
}

/** The offset of a time zone from UTC at an instant, in ms. */
export function zoneOffset(instant: number, timeZone: string): number {
	const parts = offsetFormat(timeZone).formatToParts(instant);
	const name = parts.find(({ type }) => type === 'timeZoneName')!.value;
	const [, sign, hours, minutes] = /GMT([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
	return hours === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** By time zone: to make one takes far longer than to use it, and thousands of times may be read at once. */
const OFFSET_FORMATS = new Map<string, Intl.DateTimeFormat>();

function offsetFormat(timeZone: string): Intl.DateTimeFormat {
	const known = OFFSET_FORMATS.get(timeZone);
	if (known) return known;
	const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
	OFFSET_FORMATS.set(timeZone, format);
	return format;
}

/**
 * Reads an ISO date and time. Without an offset of its own it is taken as wall-clock time in
 * `timeZone`. Undefined where it is no date.
 */
export function parseDateTime(value: string, timeZone: string): Date | undefined {
	// People and databases write a blank for the T, and one before the offset.
	const text = value
		.trim()
		.replace(/^(\d{4}-\d{2}-\d{2})\s+(?=\d)/, '$1T')
		.replace(/\s+(?=(?:Z|[+-]\d{2}:?\d{2})$)/i, '');
	const hasOffset = /T.*(?:Z|[+-]\d{2}:?\d{2})$/i.test(text);
	const instant = Date.parse(hasOffset ? text : `${/T/i.test(text) ? text : `${text}T00:00:00`}Z`);
	if (Number.isNaN(instant)) return undefined;
	return new Date(hasOffset ? instant : wallTimeToUtc(instant, timeZone));
}

const ISO =
	/^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;

/** As HTTP and mail write it: `Fri, 07 Dec 2018 14:18:34 GMT`. */
const INTERNET = /^(?:[a-z]{3}, )?\d{1,2} [a-z]{3} \d{4} \d{2}:\d{2}:\d{2} (?:GMT|UTC|Z|[+-]\d{4})$/i;

/** Since 1970, in seconds: the span in which a service's times lie, so that seconds can be told from milliseconds. */
const EARLIEST = Date.UTC(1990, 0) / 1000;
const LATEST = Date.UTC(2200, 0) / 1000;

/**
 * Reads a time as services write it: ISO 8601 with any offset (`Z`, `-05`, `-0500`, `-05:00`) or none, which is then
 * wall-clock time in `timeZone`; the form of HTTP; seconds or milliseconds since 1970, as a number or a text.
 * Undefined where it is no time from 1990 to 2200.
 */
export function readServiceTime(value: unknown, timeZone: string): Date | undefined {
	const instant =
		typeof value === 'number' ? ofEpoch(value) : typeof value === 'string' ? ofText(value.trim(), timeZone) : NaN;
	return instant >= EARLIEST * 1000 && instant <= LATEST * 1000 ? new Date(instant) : undefined;
}

function ofText(text: string, timeZone: string): number {
	if (text.length > 40) return NaN;
	if (/^\d{9,13}(\.\d{1,9})?$/.test(text)) return ofEpoch(Number(text));
	const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', offset] = ISO.exec(text) ?? [];
	if (year === undefined) return INTERNET.test(text) ? Date.parse(text) : NaN;
	const wall = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${`${fraction}000`.slice(0, 3)}Z`);
	// `Date` moves 30 February on to March.
	if (Number.isNaN(wall) || new Date(wall).getUTCDate() !== Number(day)) return NaN;
	if (offset === undefined) return timeZone === 'UTC' ? wall : wallTimeToUtc(wall, timeZone);
	const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset) ?? [];
	return wall - (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

function ofEpoch(number: number): number {
	return number >= EARLIEST && number <= LATEST ? number * 1000 : number;
}
