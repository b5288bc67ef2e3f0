import { checkConditions, rangeHolds } from '../../../../sandbox/s3/conditions';

const VERSION = { etag: 'abc', lastModified: new Date('2026-01-02T03:04:05.678Z') };
const SAME = 'Fri, 02 Jan 2026 03:04:05 GMT';
const BEFORE = 'Fri, 02 Jan 2026 03:04:04 GMT';

it.each([
	[{}, 200],
	[{ 'if-match': '"abc"' }, 200],
	[{ 'if-match': 'abc' }, 200],
	[{ 'if-match': '*' }, 200],
	[{ 'if-match': '"x", "abc"' }, 200],
	[{ 'if-match': '"x"' }, 412],
	[{ 'if-none-match': '"abc"' }, 304],
	[{ 'if-none-match': '*' }, 304],
	[{ 'if-none-match': '"x"' }, 200],
	[{ 'if-modified-since': SAME }, 304],
	[{ 'if-modified-since': BEFORE }, 200],
	[{ 'if-modified-since': 'nonsense' }, 200],
	[{ 'if-unmodified-since': SAME }, 200],
	[{ 'if-unmodified-since': BEFORE }, 412],
	[{ 'if-match': '"abc"', 'if-unmodified-since': BEFORE }, 200],
	[{ 'if-none-match': '"x"', 'if-modified-since': SAME }, 200],
	[{ 'if-none-match': '"abc"', 'if-modified-since': BEFORE }, 304],
])('answers %j with %d', (headers, status) => {
	expect(checkConditions((name) => (headers as Record<string, string>)[name], VERSION).status).toBe(status);
});

it.each([
	[undefined, true],
	['"abc"', true],
	['"x"', false],
	[SAME, true],
	[BEFORE, false],
])('lets a range hold if %s: %s', (ifRange, holds) => {
	expect(rangeHolds(ifRange, VERSION)).toBe(holds);
});
