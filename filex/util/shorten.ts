/** A value of the user's, fit to be shown in one line. */
export function shorten(value: string, length = 80): string {
	// eslint-disable-next-line no-control-regex
	const clean = value.replace(/[\u0000-\u001f\u007f]+/g, ' ');
	return clean.length > length ? `${clean.slice(0, length)}…` : clean;
}
