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
		['(1)*[x]+', '(1) and [x]+', true],
		['*a*b', 'xaxaxb', true],
		['*ab', 'aab', true],
		['a*', 'a', true],
		['a', 'ab', false],
		['?', '', false],
		['**', 'x', true],
	])('%j on %j: %s', (pattern, name, fits) => expect(namePattern(pattern)(name)).toBe(fits));

	it('ends on a hostile name, which a regular expression would not', () => {
		expect(namePattern('*a*a*a*a*a*a*a*b')('a'.repeat(5000))).toBe(false);
	});
});
