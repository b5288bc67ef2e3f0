import { hostAndPort } from '../../../filex/http/connect';

describe('the target of a connection', () => {
	it.each([
		['filex.finra.org', 22, 'filex.finra.org:22'],
		['2001:db8::1', 22, '[2001:db8::1]:22'],
	])('%s at %i is %s', (host, port, target) => {
		expect(hostAndPort(host, port)).toBe(target);
	});
});
