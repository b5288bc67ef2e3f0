import { account, mayRead, maySee, mayWrite } from '../../../sandbox/world/accounts';
import { isFileName, isUploadName, roleOf } from '../../../sandbox/world/places';

const at = (place: string) => place.split('/');

describe('entitlements', () => {
	const both = account('both', { onBehalfOf: ['888888'] });
	const download = account('download', { entitlements: { '*': 'download' } });
	const submit = account('submit', { entitlements: { '*': 'submit' } });
	const mixed = account('mixed', { entitlements: { crd: 'download', focus: 'submit' } });
	const people = { both, download, submit, mixed };

	it.each([
		['0001', 'both download submit mixed', '', ''],
		['888888', 'both', '', ''],
		['1234', '', '', ''],
		['0001/crd', 'both download submit mixed', '', ''],
		['0001/acats', 'both download submit', '', ''],
		['0001/app1', '', '', ''],
		['0001/crd/reports', 'both download mixed', 'both download mixed', ''],
		['0001/crd/incoming_filings', 'both submit', '', 'both submit'],
		['0001/crd/incoming_filings_arcv', 'both download mixed', 'both download mixed', ''],
		['0001/focus/in', 'both submit mixed', '', 'both submit mixed'],
		['0001/focus/out', 'both download', 'both download', ''],
		['888888/focus/in', 'both', '', 'both'],
	])('%s is seen by %s; read by %s; written by %s', (place, see, read, write) => {
		const those = (may: typeof maySee) =>
			Object.entries(people)
				.filter(([, person]) => may(person, at(place)))
				.map(([name]) => name)
				.join(' ');
		expect(those(maySee)).toBe(see);
		if (at(place).length < 3) return;
		expect(those(mayRead)).toBe(read);
		expect(those(mayWrite)).toBe(write);
	});

	it('knows what each sub-space is for', () => {
		expect(['in', 'in_arcv', 'out'].map((each) => roleOf('focus', each))).toEqual(['in', 'archive', 'out']);
		expect(roleOf('tradejrnl', 'anything')).toBe('out');
	});
});

describe('names of files', () => {
	it.each(['a', "a:b!c@d,e&f-g='h_i.txt", 'x'.repeat(237)])('takes %s for an upload', (name) =>
		expect(isUploadName(name)).toBe(true),
	);
	it.each(['', '.', '..', 'a b', 'a#b', 'ä', 'a/b', 'a\\b', 'a\0', 'x'.repeat(238), 'a%20b', 'a(1)'])(
		'refuses %j for an upload',
		(name) => expect(isUploadName(name)).toBe(false),
	);
	it.each(['Überblick 2026.pdf', 'a#b', 'a(1).csv'])("lets FINRA's own file be called %s", (name) =>
		expect(isFileName(name)).toBe(true),
	);
	it.each(['', '.', '..', 'a/b', 'a\\b', 'a\0', 'a\nb', 'ä'.repeat(128)])('lets no file be called %j', (name) =>
		expect(isFileName(name)).toBe(false),
	);
});
