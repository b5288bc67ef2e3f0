import { RE2JS } from 're2js';
import { inputError } from '../errors';

/** Characters of a pattern at most: it becomes a program that grows with them. */
export const LONGEST_PATTERN = 500;

/**
 * A file-name pattern as people write it, letter case ignored: `*` for any characters, `?` for one, `[0-9]` and `[!0-9]` for
 * one of a set, `{csv,txt}` for one of several, and a list with commas: `*.csv, *.txt`. An empty pattern takes every name.
 * It is matched in a time that grows with the name's length alone (RE2), whatever name another gives a file.
 *
 * @throws FileXError `input` that names the field where a bracket is not closed
 */
export function namePattern(
	pattern: string,
	field = 'File Name Pattern',
	longest = LONGEST_PATTERN,
): (name: string) => boolean {
	const wanted = pattern.trim();
	if (wanted === '') return () => true;
	if (wanted.length > longest) throw broken(field, wanted, `it is longer than ${longest} characters`);
	const expression = alternatives(wanted)
		.map((each) => new Glob(each, (why) => broken(field, wanted, why)).expression())
		.join('|');
	let program: RE2JS;
	try {
		program = RE2JS.compile(`^(?:${expression})$`, RE2JS.CASE_INSENSITIVE | RE2JS.DOTALL);
	} catch {
		throw broken(field, wanted, 'a set in brackets has its ends the wrong way round');
	}
	return (name) => program.matcher(name).matches();
}

/** The patterns of a list. A comma in braces or brackets is part of one. */
export function alternatives(text: string): string[] {
	const parts = [''];
	let depth = 0;
	for (const character of text) {
		if ('{['.includes(character)) depth++;
		if ('}]'.includes(character)) depth--;
		if (character === ',' && depth <= 0) parts.push('');
		else parts[parts.length - 1] += character;
	}
	return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** Turns a glob into a regular expression, character by character. */
class Glob {
	private at = 0;

	constructor(
		private readonly text: string,
		private readonly broken: (why: string) => Error,
	) {}

	/** @param isInBraces whether it ends at a brace that closes */
	expression(isInBraces = false): string {
		let made = '';
		while (this.at < this.text.length) {
			const character = this.text[this.at++]!;
			if (isInBraces && character === '}') return made;
			if (character === '*') made += '.*';
			else if (character === '?') made += '.';
			else if (character === '[') made += this.set();
			else if (character === '{') made += `(?:${this.expression(true)})`;
			else if (character === ',' && isInBraces) made += '|';
			else if (character === '}' || character === ']') throw this.broken(`a '${character}' closes nothing`);
			else made += RE2JS.quote(character);
		}
		if (isInBraces) throw this.broken("a '{' is not closed");
		return made;
	}

	private set(): string {
		const end = this.text.indexOf(']', this.at + 1);
		if (end < 0) throw this.broken("a '[' is not closed");
		const inner = this.text.slice(this.at, end);
		this.at = end + 1;
		const isNegated = /^[!^]/.test(inner);
		const members = inner.slice(isNegated ? 1 : 0);
		if (members === '') throw this.broken('a set in brackets is empty');
		return `[${isNegated ? '^' : ''}${members.replace(/[\\[\]^&~|]/g, '\\$&')}]`;
	}
}

function broken(field: string, pattern: string, why: string): Error {
	return inputError(
		field,
		`'${field}' is '${pattern.slice(0, 100)}', which cannot be used: ${why}`,
		'Use * for any characters, ? for one, [0-9] for one of a set, {csv,txt} for one of several, and commas for a list: *.csv, *.txt.',
	);
}
