import { sameTrackingId, Tracking, type FileXHttp, type HttpAnswer } from '../../../filex';

const BASE = 'https://filex.example';
const ID = '343dab32-516b-4e04-b60e-2526fa72e879';
const entry = (trackingId = ID) => ({ trackingId, status: 'Received by FINRA' });
const own404 = {
	status: 404,
	headers: { 'content-type': 'application/json', date: 'Thu, 26 Nov 2026 01:00:00 GMT' },
	body: '{"message":"Not Found"}',
};

const trackingOf = (answers: Record<string, Partial<HttpAnswer<string>>>) =>
	new Tracking(BASE, {
		authorized: async ({ url }: { url: string }) => ({
			status: 200,
			headers: {},
			body: '',
			...answers[url.slice(BASE.length)],
		}),
	} as unknown as FileXHttp);

describe('tracking', () => {
	it("takes a 404 of fileX's own for no submissions, and keeps its time", async () => {
		expect(await trackingOf({ '/tracking': own404 }).snapshot()).toEqual({
			submissions: [],
			at: Date.parse(own404.headers.date),
		});
		await expect(trackingOf({ [`/tracking?id=${ID}`]: own404 }).get(ID)).rejects.toMatchObject({
			kind: 'not-found',
			field: 'Tracking ID',
			httpStatus: 404,
		});
	});

	it.each<[string, Partial<HttpAnswer<string>>]>([
		['a page with HTTP 404', { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>Not Found</html>' }],
		['an empty HTTP 404', { status: 404 }],
		['a text with HTTP 404', { status: 404, body: 'Not Found' }],
		["a proxy's HTTP 404 in JSON", { ...own404, headers: { 'x-kong-response-latency': '1' } }],
		['a page with HTTP 403', { status: 403, body: '<html>' }],
		['a page with HTTP 200', { body: '<html>' }],
		['a part of a page', { headers: { 'content-type': 'text/html' }, body: '<h1>Sign in</h1>' }],
		['nothing with HTTP 200', {}],
		['a redirect', { status: 302, headers: { location: 'https://login.example' } }],
	])('concludes nothing from %s', async (_what, answer) => {
		const isForeign = { kind: 'unexpected-answer', isForeign: true, retrySafe: true };
		await expect(trackingOf({ '/tracking': answer }).snapshot()).rejects.toMatchObject(isForeign);
		await expect(trackingOf({ [`/tracking?id=${ID}`]: answer }).get(ID)).rejects.toMatchObject(isForeign);
		await expect(trackingOf({ '/tracking': answer }).raw()).rejects.toMatchObject(isForeign);
	});

	it('is read over all its pages', async () => {
		const other = ID.replace('3', '4');
		const pages = {
			'/tracking': { body: JSON.stringify({ submissions: [entry()], _links: { next: { href: '/tracking?page=2' } } }) },
			'/tracking?page=2': { body: JSON.stringify([entry(other)]) },
		};
		expect((await trackingOf(pages).all()).map(({ trackingId }) => trackingId)).toEqual([ID, other]);
	});

	it('is empty with HTTP 204', async () =>
		expect(await trackingOf({ '/tracking': { status: 204 } }).all()).toEqual([]));

	it('compares IDs without regard to letter case', async () => {
		expect(sameTrackingId(ID, ` ${ID.toUpperCase()}`)).toBe(true);
		expect(sameTrackingId(ID, ID.replace('3', '4'))).toBe(false);
		expect(
			(await trackingOf({ [`/tracking?id=${ID}`]: { body: JSON.stringify([entry(ID.toUpperCase())]) } }).get(ID))
				.trackingId,
		).toBe(ID.toUpperCase());
	});
});
