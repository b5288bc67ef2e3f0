import { inputError } from '../errors';
import { alternatives, LONGEST_PATTERN, namePattern } from '../util/pattern';
import { shorten } from '../util/shorten';
import type { CalendarDay } from './calendar-day';
import { DATE_PARTS, type DatePart } from './date-parts';

/** A file-name pattern with parts of a date in it. */
export interface DatedPattern {
	/** As the user wrote it. */
	text: string;
	/** Whether a name that fits tells by itself which day it is of: else files of other days fit, too. */
	namesTheDay: boolean;
	/** The pattern of one day's files, as {@link namePattern} takes it. */
	of(day: CalendarDay): string;
	/** Tells names that fit the pattern of one day. */
	fits(day: CalendarDay): (name: string) => boolean;
	/** Tells names that fit the pattern of any day. */
	fitsAnyDay(): (name: string) => boolean;
}

/** With its dates written out, a pattern grows. */
const LONGEST_EXPANDED = 50 * LONGEST_PATTERN;

/** A text as it stands, or a part of a date. */
type Piece = string | DatePart;

/**
 * Reads a pattern like `crd_{yyyyMMdd}_*.csv`: what {@link namePattern} takes, and in braces without a comma parts of a
 * date, by Luxon's letters.
 *
 * @throws FileXError `input`
 */
export function datedPattern(text: string, field = 'File Name Pattern'): DatedPattern {
	if (text.trim() === '')
		throw inputError(
			field,
			`'${field}' is empty`,
			'Enter the name of the expected file, e.g. report_{yyyyMMdd}*.csv. * alone stands for every file.',
		);
	const pieces = piecesOf(text, field);
	const written = (write: (part: DatePart) => string) =>
		pieces.map((piece) => (typeof piece === 'string' ? piece : write(piece))).join('');
	const of = (day: CalendarDay) => written((part) => part.of(day)).trim();
	const pattern: DatedPattern = {
		text,
		namesTheDay: alternatives(text).every(namesTheDay),
		of,
		fits: (day) => namePattern(of(day), field, LONGEST_EXPANDED),
		fitsAnyDay: () =>
			namePattern(
				written(({ shape }) => shape),
				field,
				LONGEST_EXPANDED,
			),
	};
	// What cannot be used of it is found here, and not at the first file.
	if (text.trim().length > LONGEST_PATTERN)
		throw broken(field, text, `it is longer than ${LONGEST_PATTERN} characters`);
	pattern.fits('2026-01-01');
	pattern.fitsAnyDay();
	refuseBraces(text, field);
	refuseUnpadded(pieces, text, field);
	return pattern;
}

/** A whole date in letters, as people write it. */
const BARE_DATE = /(?:y{4}[-_.]?m{2}[-_.]?d{2}|(?:m{2}[-_.]?d{2}|d{2}[-_.]?m{2,3})[-_.]?y{2,4})/i;

/** What would be taken for a name that no file ever has: n8n's own two braces, and a date without any. */
function refuseBraces(text: string, field: string): void {
	const doubled = /\{\{([^{},]*)\}\}/.exec(text);
	if (doubled)
		throw broken(field, text, `'${doubled[0]}' has two pairs of braces, where one is meant: {${doubled[1]}}`);
	const [bare] = BARE_DATE.exec(text.replace(BRACES, ' ')) ?? [];
	if (bare !== undefined) throw broken(field, text, `'${bare}' stands without braces: write {${bare}}`);
}

/** A day of one digit beside what may be its second: another day's name would fit. */
function refuseUnpadded(pieces: readonly Piece[], text: string, field: string): void {
	const filled = pieces.filter((piece) => piece !== '');
	for (const [index, piece] of filled.entries()) {
		if (typeof piece === 'string' || piece.padded === undefined) continue;
		const neighbours = [edgeOf(filled[index - 1], -1), edgeOf(filled[index + 1], 0)];
		if (neighbours.some((neighbour) => /^[*?[\]{}]$/.test(neighbour)))
			throw broken(
				field,
				text,
				`a ${piece.names === 'dayOfYear' ? 'day of the year' : piece.names} without its zeros stands beside characters that could be more of its digits: write {${piece.padded}}, or put a separator between them`,
			);
	}
}

/** The first or the last character of a piece; of a date part that may have more digits, a wildcard. */
function edgeOf(piece: Piece = '', at: 0 | -1): string {
	if (typeof piece === 'string') return piece.at(at) ?? '';
	return piece.padded === undefined ? '' : '*';
}

/** In sets, braces mean themselves; of braces in braces, the innermost can be a date. */
const BRACES = /\[[^\]]*\]|\{([^{}]*)\}/g;

function piecesOf(text: string, field: string): Piece[] {
	const pieces: Piece[] = [];
	let at = 0;
	for (const match of text.matchAll(BRACES)) {
		const inner = match[1];
		if (inner === undefined || isChoice(inner, text, field)) continue;
		pieces.push(text.slice(at, match.index), ...partsOf(inner, text, field));
		at = match.index + match[0].length;
	}
	return [...pieces, text.slice(at)];
}

/** Whether braces hold a choice of texts, such as `{csv,txt}`, and no date. */
function isChoice(inner: string, text: string, field: string): boolean {
	if (!inner.includes(',')) return false;
	const entries = inner.split(',').map((each) => each.trim());
	if (!entries.some(isWholeDate) && !entries.every(isDate)) return true;
	throw broken(field, text, `'{${inner}}' has a comma, so it is a choice of texts and not a date`);
}

function isWholeDate(inner: string): boolean {
	const told = new Set(groupsOf(inner).map((group) => DATE_PARTS[group]?.names));
	return isDate(inner) && (told.has('month') ? told.has('day') : told.has('year') && told.has('dayOfYear'));
}

function isDate(inner: string): boolean {
	return (
		/[a-z]/i.test(inner) && groupsOf(inner).every((group) => /^[^a-z]/i.test(group) || DATE_PARTS[group] !== undefined)
	);
}

/** Runs of one letter each, and what stands between them. */
function groupsOf(inner: string): string[] {
	return inner.match(/([a-z])\1*|[^a-z]+/gi) ?? [];
}

function partsOf(inner: string, text: string, field: string): Piece[] {
	if (!/[a-z]/i.test(inner)) throw broken(field, text, `'{${inner}}' holds no date`);
	return groupsOf(inner).map((group) => {
		if (/^[0-9._ -]+$/.test(group)) return group;
		const part = DATE_PARTS[group];
		if (part) return part;
		throw broken(field, text, `'${group}' in '{${inner}}' is not a part of a date`);
	});
}

/** Parts of a date within a choice do not count: another of its texts may have none. */
function namesTheDay(alternative: string): boolean {
	const groups = outerBraces(alternative)
		.filter((inner) => !inner.includes(','))
		.flatMap(groupsOf);
	const told = new Set(groups.map((group) => DATE_PARTS[group]?.names));
	return told.has('dayOfYear') || (told.has('month') && told.has('day'));
}

/** What stands in braces that are not in others, with a comma for each brace within. */
function outerBraces(text: string): string[] {
	const found: string[] = [];
	let depth = 0;
	for (const character of text.replace(/\[[^\]]*\]/g, '')) {
		if (character === '}') depth--;
		else if (depth > 0) found[found.length - 1] += character === '{' ? ',' : character;
		else if (character === '{') found.push('');
		if (character === '{') depth++;
	}
	return found;
}

function broken(field: string, pattern: string, why: string): Error {
	return inputError(
		field,
		`'${field}' is '${shorten(pattern)}', which cannot be used: ${why}`,
		'Write dates like {yyyyMMdd}, {yyyy-MM-dd}, {ddMMMyy} or {yyyyooo}; letter case counts. * stands for any characters, e.g. a time. {csv,txt} is one of several texts.',
	);
}
