import { inputError } from '../errors';

/** A base URL as a user gave it, without slashes at its end. @throws FileXError `input` */
export function checkUrl(
	value: string,
	field: string,
	example = 'https://filex.finra.org',
	schemes: readonly string[] = ['http', 'https'],
): string {
	const url = URL.canParse(value) ? new URL(value) : undefined;
	if (
		url &&
		url.hostname !== '' &&
		schemes.includes(url.protocol.slice(0, -1)) &&
		!url.search &&
		!url.hash &&
		!url.username &&
		!url.password
	) {
		return value.replace(/\/+$/, '');
	}
	throw inputError(
		field,
		`'${field}' is not a plain ${schemes.slice(0, -1).join(', ')} or ${schemes.at(-1)} URL`,
		`Write it like ${example}: no user name, no query.`,
	);
}
