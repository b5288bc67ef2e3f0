import { namePattern } from '../../../filex/util/pattern';

describe('a file-name pattern', () => {
	it.each([
		['', 'anything', true],
		['*.pdf', 'a.pdf', true],
		['*.pdf', 'a.PDF', true],
		['*.pdf', 'a.pdf.zip', false],
		['crd_????.csv', 'crd_2026.csv', true],
		['crd_????.csv', 'crd_20261.csv', false],
		['a.b', 'axb', false],
		['(1)*[x]+', '(1) and x+', true],
		['*.{csv,txt}', 'A.CSV', true],
		['*.{csv,txt}', 'a.pdf', false],
		['{a,{b,c}d}*', 'cd1', true],
		['[0-9]*', '9a', true],
		['[0-9]*', 'a9', false],
		['[!0-9]*', 'a9', true],
		['[^a]', 'A', false],
		['[]a]', ']', true],
		['*.csv, *.txt', 'x.txt', true],
		['*.csv,*.txt', 'x.txt.zip', false],
		['$x^|.+\\d', '$x^|.+\\d', true],
		['é*', 'ÉX', true],
		['?', '😀', true],
		['*a*b', 'xaxaxb', true],
		['*ab', 'aab', true],
		['a*', 'a', true],
		['a', 'ab', false],
		['?', '', false],
		['**', 'x', true],
	])('%j on %j: %s', (pattern, name, fits) => expect(namePattern(pattern)(name)).toBe(fits));

	it.each(['a[', 'a{b', 'a}', 'a]', '[]', '[z-a]', 'x'.repeat(501)])(
		'refuses what it would otherwise take by the letter, and never match: %j',
		(pattern) =>
			expect(() => namePattern(pattern)).toThrow(
				expect.objectContaining({ kind: 'input', field: 'File Name Pattern' }),
			),
	);

	it('ends on a hostile name, which a regular expression would not', () => {
		expect(namePattern('*a*a*a*a*a*a*a*b')('a'.repeat(5000))).toBe(false);
		expect(namePattern('{*a,*a*,a*}{*a,*a*,a*}{*a,*a*,a*}b')('a'.repeat(5000))).toBe(false);
	});
});
