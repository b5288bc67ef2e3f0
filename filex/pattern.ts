/**
 * A file-name pattern as people write it: `*` for any characters, `?` for one, letter case ignored.
 * An empty pattern takes every name.
 */
export function namePattern(pattern: string): (name: string) => boolean {
	const text = pattern.trim();
	if (text === '') return () => true;
	const source = text
		.replace(/[.+^${}()|[\]\\]/g, '\\$&')
		.replace(/\*+/g, '.*')
		.replace(/\?/g, '.');
	const expression = new RegExp(`^${source}$`, 'is');
	return (name) => expression.test(name);
}
