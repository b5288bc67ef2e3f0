import { readHealth } from '../../../filex/rest/health';

const health = (status: number, body: unknown, headers: Record<string, string> = {}) =>
	readHealth({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

describe("the service's health", () => {
	it.each<[unknown]>([
		[{ status: 'UP' }],
		[{ status: 'UP', components: {} }],
		[{ healthy: true }],
		['OK'],
		[['ok']],
		['"UP"'],
		['<health>UP</health>'],
		[{ errors: [], status: 'ok' }],
	])('is good by %j', (body) => {
		expect(health(200, body)).toMatchObject({ healthy: true, httpStatus: 200 });
	});

	it.each<[number, unknown]>([
		[503, { status: 'UP' }],
		[200, { status: 'DOWN' }],
		[200, { Status: 'OUT_OF_SERVICE' }],
		[200, { healthy: false }],
		[200, { error: 'no session' }],
		[200, 'DOWN'],
		[200, 'false'],
		[200, 'null'],
		[302, 'Found'],
		[500, 'x'],
	])('is not good by HTTP %s %j', (status, body) => {
		expect(health(status, body)).toMatchObject({ healthy: false, httpStatus: status });
	});

	it.each<[string, string, Record<string, string>]>([
		['a page', '<!DOCTYPE html><html>top-secret</html>', { 'content-type': 'text/html', server: 'gateway' }],
		['a part of a page', '<h1>Welcome top-secret</h1>', { 'content-type': 'text/html; charset=utf-8' }],
		['an empty answer', '', {}],
		['what a proxy made up', '{"status":"UP"}', { 'x-squid-error': 'x' }],
		['a flood', 'x'.repeat(100_000), {}],
	])('is not known by %s, which is described and not shown', (_what, body, headers) => {
		const { healthy, details } = health(200, body, headers);
		expect(healthy).toBe(false);
		expect(details).toMatch(/^Not the health of fileX: HTTP 200, /);
		expect(details).not.toMatch(/secret|xxxx/);
	});
});
