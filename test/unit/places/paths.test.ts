import { checkOrgId, checkReadableFileName, checkSegment, parseFilePath } from '../../../filex/places/paths';

describe('an organization ID', () => {
	it.each(['0001', '888888', '7', ' 0001 '])('may be %j', (value) => expect(checkOrgId(value)).toBe(value.trim()));

	it.each(['', '12ab', '-1', '1.5', '０００１', '0001/crd'])('may not be %j', (value) => {
		expect(() => checkOrgId(value)).toThrow(
			expect.objectContaining({ kind: 'input', field: 'Organization ID', retrySafe: false }),
		);
	});
});

describe('an application or sub-space', () => {
	it.each(['crd', 'r4530', 'finra_in', 'in_arcv'])('may be %j', (value) =>
		expect(checkSegment(value, 'Application')).toBe(value),
	);

	it.each(['', 'a b', '..', 'a/b', 'a#b', 'ä'])('may not be %j', (value) => {
		expect(() => checkSegment(value, 'Application')).toThrow(/'Application'/);
	});
});

describe('the name of a file to read', () => {
	it.each(['a.pdf', "a:b!c@d,e&f-g=h'i_j", 'with blank (1).csv', 'Überblick.pdf', '.hidden', 'a%20b'])(
		'may be %j',
		(value) => {
			expect(checkReadableFileName(value)).toBe(value);
		},
	);

	it.each([
		['', /is empty/],
		['a#b.pdf', /holds a '#' .*ignores everything after it/],
		['..', /is '\.\.'/],
		['a/b', /slash/],
		['a\\b', /slash/],
		['a\u0000b', /control character/],
		['a\nb', /control character/],
		['x'.repeat(1025), /longer than 1,024 bytes/],
	])('may not be %j', (value, reason) => expect(() => checkReadableFileName(value)).toThrow(reason));
});

describe('a file path', () => {
	const file = { orgId: '0001', application: 'crd', subSpace: 'reports', name: 'a b.pdf' };

	it.each([
		'0001/crd/reports/a b.pdf',
		'/0001/crd/reports/a b.pdf',
		'https://filex.finra.org/files/0001/crd/reports/a%20b.pdf?x=1',
	])('may be %j', (value) => expect(parseFilePath(value)).toEqual(file));

	it.each([
		'',
		'a.pdf',
		'0001/crd/a.pdf',
		'0001/crd/reports/sub/a.pdf',
		'https://filex.finra.org/files/0001/crd/reports/%E0%A4%A',
		'https://elsewhere/0001',
	])('may not be %j', (value) => expect(() => parseFilePath(value)).toThrow(/'File Path'/));
});
