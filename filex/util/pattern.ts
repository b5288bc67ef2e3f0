/**
 * A file-name pattern as people write it: `*` for any characters, `?` for one, letter case ignored.
 * An empty pattern takes every name.
 */
export function namePattern(pattern: string): (name: string) => boolean {
	const wanted = pattern.trim().toLowerCase();
	return (name) => wanted === '' || fits(name.toLowerCase(), wanted);
}

/** Not a regular expression: several stars in one would make it take ages on a hostile name. */
function fits(name: string, pattern: string): boolean {
	let at = 0;
	let star = -1;
	let retryAt = 0;
	for (let position = 0; position < name.length;) {
		if (pattern[at] === '*') {
			star = at++;
			retryAt = position;
		} else if (pattern[at] === '?' || pattern[at] === name[position]) {
			at++;
			position++;
		} else if (star >= 0) {
			// Let the last star take one character more.
			at = star + 1;
			position = ++retryAt;
		} else {
			return false;
		}
	}
	return /^\**$/.test(pattern.slice(at));
}
