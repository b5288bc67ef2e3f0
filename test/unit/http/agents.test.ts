import { proxyFor } from '../../../filex/http/agents';
import { retryAfterOf } from '../../../filex/http/retry-after';

const NAMES = [
	'https_proxy',
	'HTTPS_PROXY',
	'http_proxy',
	'HTTP_PROXY',
	'all_proxy',
	'ALL_PROXY',
	'no_proxy',
	'NO_PROXY',
];

describe('the proxy that the environment names', () => {
	const before = { ...process.env };
	beforeEach(() => NAMES.forEach((name) => delete process.env[name]));
	afterAll(() => {
		for (const name of NAMES) {
			if (before[name] === undefined) delete process.env[name];
			else process.env[name] = before[name];
		}
	});

	const found = (env: Record<string, string>, url = 'https://filex.finra.org') => {
		Object.assign(process.env, env);
		return proxyFor(url);
	};

	it.each([
		['HTTPS_PROXY', 'http://proxy:3128', { url: 'http://proxy:3128', username: '', password: '' }],
		['ALL_PROXY', 'http://proxy:3128', { url: 'http://proxy:3128' }],
		['all_proxy', 'socks5://u:p@proxy:1080', { url: 'socks5://proxy:1080', username: 'u', password: 'p' }],
		['HTTPS_PROXY', 'socks5h://proxy:1080/', { url: 'socks5h://proxy:1080' }],
		['HTTPS_PROXY', 'http://u:p%40ss@proxy:3128', { password: 'p@ss' }],
		['HTTPS_PROXY', 'http://u:p%ss@proxy:3128', { password: 'p%ss' }],
		['HTTPS_PROXY', 'http://u:100%@proxy:3128', { password: '100%' }],
		['HTTPS_PROXY', 'http://u:%C3%A9%41%zz%FF@proxy:3128', { password: 'éA%zz%FF' }],
		['HTTPS_PROXY', 'http://u%40corp:p@proxy:3128', { username: 'u@corp' }],
	])('is read from %s=%s', (name, value, expected) => {
		expect(found({ [name]: value })).toMatchObject({ ...expected, field: name });
	});

	it.each([
		['HTTPS_PROXY', 'ftp://proxy:21'],
		['ALL_PROXY', 'socks9://proxy:1'],
		['https_proxy', 'http://'],
	])('is refused by the name of the variable: %s=%s', (name, value) => {
		expect(() => found({ [name]: value })).toThrow(
			expect.objectContaining({ kind: 'input', field: name, message: expect.stringContaining(`'${name}'`) }),
		);
	});

	it('is none where NO_PROXY says so, or nothing is named', () => {
		expect(found({})).toBeUndefined();
		expect(found({ ALL_PROXY: 'http://proxy:1', NO_PROXY: 'filex.finra.org' })).toBeUndefined();
	});
});

describe('Retry-After', () => {
	const NOW = Date.UTC(2026, 10, 26, 12);

	it.each([
		['7', 7_000],
		[' 120 ', 120_000],
		['0.5', 500],
		['Thu, 26 Nov 2026 12:00:30 GMT', 30_000],
		['99999999', 24 * 3_600_000],
		['0', undefined],
		['-5', undefined],
		['soon', undefined],
		['', undefined],
		['Thu, 26 Nov 2026 11:00:00 GMT', undefined],
		['1e9', undefined],
	])('%j is %s ms', (value, ms) => expect(retryAfterOf({ 'retry-after': value }, NOW)).toBe(ms));

	it('counts by the clock that wrote it', () => {
		const date = 'Thu, 26 Nov 2026 09:00:00 GMT';
		expect(retryAfterOf({ 'retry-after': 'Thu, 26 Nov 2026 09:01:00 GMT', date }, NOW)).toBe(60_000);
		expect(retryAfterOf({}, NOW)).toBeUndefined();
	});
});
