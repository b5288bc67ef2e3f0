import { inputError } from '../errors';
import { shorten } from '../util/shorten';

/**
 * Checks the name of a time zone. EST and its like are refused: by the time zone database they have no summer time.
 *
 * @throws FileXError `input`
 */
export function checkTimeZone(name: string, field: string): string {
	if (isTimeZone(name)) return name;
	throw inputError(
		field,
		`'${field}' is '${shorten(name)}', which is not a time zone`,
		'Write it as the time zone database does, e.g. America/New_York or UTC. Abbreviations such as EST are refused.',
	);
}

function isTimeZone(name: string): boolean {
	if (!/^(utc|gmt|[a-z_-]+(\/[a-z0-9_+-]+){1,2})$/i.test(name)) return false;
	try {
		new Intl.DateTimeFormat('en-US', { timeZone: name });
		return true;
	} catch {
		return false;
	}
}
