/** The longest time that a service may ask to be left alone, in ms: what is longer is no help to anyone. */
const LONGEST = 24 * 3_600_000;

/**
 * How long a service asks to be left alone, in ms, by its `Retry-After` (RFC 9110, section 10.2.3: seconds, or a date);
 * undefined where it does not say, or nothing sensible.
 *
 * @param headers names in lower case
 */
export function retryAfterOf(headers: Record<string, string | undefined>, now = Date.now()): number | undefined {
	const text = headers['retry-after']?.trim() ?? '';
	// By the clock that wrote the date, where it says its time.
	const reference = Date.parse(headers.date ?? '');
	const ms = /^\d{1,9}(\.\d{1,9})?$/.test(text)
		? Number(text) * 1000
		: /^[a-z]{3}/i.test(text)
			? Date.parse(text) - (Number.isNaN(reference) ? now : reference)
			: NaN;
	return ms > 0 ? Math.min(ms, LONGEST) : undefined;
}
