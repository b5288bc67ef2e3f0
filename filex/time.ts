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
function zoneOffset(instant: number, timeZone: string): number {
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
	const text = value.trim();
	const hasOffset = /T.*(?:Z|[+-]\d{2}:?\d{2})$/i.test(text);
	const instant = Date.parse(hasOffset ? text : `${text.includes('T') ? text : `${text}T00:00:00`}Z`);
	if (Number.isNaN(instant)) return undefined;
	return new Date(hasOffset ? instant : wallTimeToUtc(instant, timeZone));
}
