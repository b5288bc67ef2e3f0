import { type HereFile, judgePair, pairUp } from '../../../filex/reconcile/compare';
import type { RemoteFile } from '../../../filex/space';

const there = (name: string, size = 10, lastModified = '2026-03-03T00:00:00Z'): RemoteFile => ({
	name,
	size,
	lastModified: new Date(lastModified),
});
const here = (name: string, size: number | undefined = 10): HereFile => ({ name, size });
const UNREAD = { sha256AtFileX: null, sha256Here: null };

describe('two listings', () => {
	it.each([
		[
			'the same',
			there('a'),
			here('a'),
			UNREAD,
			'same',
			['size'],
			[],
			"'a' has the same size at fileX and here; the content was not compared",
		],
		[
			'the same content',
			there('a'),
			here('a'),
			{ sha256AtFileX: 'x', sha256Here: 'x' },
			'same',
			['size', 'sha256'],
			[],
			"'a' has the same content at fileX and here",
		],
		[
			'other content',
			there('a'),
			here('a'),
			{ sha256AtFileX: 'x', sha256Here: 'y' },
			'different',
			['size', 'sha256'],
			['sha256'],
			"'a' has other content at fileX than here",
		],
		[
			'another size',
			there('a'),
			here('a', 1),
			UNREAD,
			'different',
			['size'],
			['size'],
			"'a' has 10 bytes at fileX and 1 here",
		],
		[
			'an unknown size',
			there('a'),
			{ name: 'a' },
			UNREAD,
			'same',
			[],
			[],
			"'a' is at fileX and here; neither size nor content was compared",
		],
		[
			'one hash only',
			there('a'),
			here('a'),
			{ sha256AtFileX: null, sha256Here: 'y' },
			'same',
			['size'],
			[],
			"'a' has the same size at fileX and here; the content was not compared",
		],
		['only at fileX', there('a'), undefined, UNREAD, 'only at fileX', [], [], "'a' lies in 'P' and is not here"],
		['only here', undefined, here('a'), UNREAD, 'only here', [], [], "'a' is here and does not lie in 'P'"],
		[
			'both empty',
			there('a', 0),
			here('a', 0),
			UNREAD,
			'same',
			['size'],
			[],
			"'a' has the same size at fileX and here; the content was not compared",
		],
	])('with %s', (_name, atFileX, own, hashes, status, compared, differences, message) =>
		expect(judgePair({ name: 'a', atFileX, here: own, copies: 1 }, hashes, 'P')).toEqual({
			status,
			isException: status !== 'same',
			compared,
			differences,
			message,
		}),
	);

	it("come in the firm's order, and then by name", () =>
		expect(pairUp([here('z'), here('b')], [there('c'), there('a'), there('b')], false).map(({ name }) => name)).toEqual(
			['z', 'b', 'a', 'c'],
		));

	it('tell letter case apart', () =>
		expect(
			pairUp([here('A')], [there('a')], false).map((pair) => [pair.name, pair.here?.name, pair.atFileX?.name]),
		).toEqual([
			['A', 'A', undefined],
			['a', undefined, 'a'],
		]));

	it('go by the original name in an archive, with the newest copy', () => {
		const [first, second] = ['20260303100000000_a.zip', '20260303110000000_a.zip'];
		const copies = [there(second, 12, '2026-03-03T16:00:00Z'), there(first, 10, '2026-03-03T15:00:00Z')];
		expect(pairUp([here('a.zip')], copies, true)).toMatchObject([
			{ name: 'a.zip', copies: 2, atFileX: { name: second } },
		]);
		expect(pairUp([], copies, true)).toMatchObject([{ name: 'a.zip', copies: 2, atFileX: { name: second } }]);
		// The firm's own list may hold the names of the copies.
		expect(pairUp([here(first)], copies, true)).toMatchObject([
			{ name: first, copies: 1, atFileX: { name: first } },
			{ name: 'a.zip', copies: 1, atFileX: { name: second } },
		]);
		expect(pairUp([here('a.zip')], copies, false)).toHaveLength(3);
	});
});
