import { inputError } from '../errors';

/** A base URL as a user gave it, without slashes at its end. @throws FileXError `input` */
export function checkUrl(value: string, field: string, example = 'https://filex.finra.org'): string {
	const url = URL.canParse(value) ? new URL(value) : undefined;
	if (url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username && !url.password) {
		return value.replace(/\/+$/, '');
	}
	throw inputError(
		field,
		`'${field}' is not a plain http or https URL`,
		`Write it like ${example}: no user name, no query.`,
	);
}
