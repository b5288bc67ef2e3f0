import { inputError } from '../errors';
import { shorten } from '../util/shorten';

const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?\s*([ap]\.?m\.?)?$/i;

/**
 * Reads a time of day, `17:00`, `9:30`, `17:00:00` or `5:00 PM`, as ms since midnight. `24:00` is the end of the day.
 *
 * @throws FileXError `input`
 */
export function readTimeOfDay(text: string, field: string): number {
	const [, hours, minutes, seconds = '00', half] = TIME.exec(text.trim()) ?? [];
	const time =
		hours === undefined ? NaN : (hourOf(Number(hours), half) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000;
	if (Number(minutes) < 60 && Number(seconds) < 60 && time <= 24 * 3_600_000) return time;
	throw inputError(
		field,
		`'${field}' is '${shorten(text)}', which is not a time of day`,
		'Write it like 17:00, or 5:00 PM.',
	);
}

/** NaN where a clock of twelve hours does not have it. */
function hourOf(hours: number, half: string | undefined): number {
	if (half === undefined) return hours;
	if (hours < 1 || hours > 12) return NaN;
	return (hours % 12) + (/^p/i.test(half) ? 12 : 0);
}
