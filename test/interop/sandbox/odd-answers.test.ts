import { Readable } from 'node:stream';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox';
import { LISTING_SHAPES, TOKEN_SHAPES, TRACKING_LIST_SHAPES } from '../../../sandbox/settings';

describe('the sandbox', () => {
	let sandbox: Sandbox;
	let token: string;
	const login = async () =>
		await fetch(`${sandbox.info.fip}/fip/rest/ews/oauth2/access_token?grant_type=client_credentials`, {
			method: 'POST',
			headers: { Authorization: `Basic ${Buffer.from('demo:demo-Passw0rd').toString('base64')}` },
		});
	const ask = async (path: string) =>
		await fetch(`${sandbox.info.rest}${path}`, { headers: { Authorization: `Bearer ${token}` } });

	beforeAll(async () => {
		sandbox = await startSandbox({ seeded: true });
		await sandbox.store.publish(['0001', 'crd', 'reports', 'a.pdf'], Readable.from(['x']));
		token = ((await (await login()).json()) as { access_token: string }).access_token;
	});
	afterEach(() => {
		sandbox.faults.clear();
		sandbox.settings.change({ listingShape: 'guide', trackingListShape: 'guide', tokenShape: 'guide' });
	});
	afterAll(async () => await sandbox.close());

	it.each([200, 403, 404, 502])('can be a page with HTTP %s in place of each service', async (status) => {
		for (const where of ['rest.list', 'rest.tracking', 'rest.health', 'fip.token'] as const)
			sandbox.faults.add({ where, effect: 'page', times: 1, status });
		for (const answer of [await ask('/files/0001'), await ask('/tracking'), await ask('/health'), await login()]) {
			expect(answer.status).toBe(status);
			expect([answer.headers.get('content-type'), answer.headers.get('server')]).toEqual([
				'text/html; charset=utf-8',
				'gateway',
			]);
			expect(await answer.text()).toMatch(/^<!DOCTYPE html>/);
		}
		expect((await ask('/files/0001')).headers.get('content-type')).toBe('application/json');
	});

	it('takes a body in before it answers with a page, and stores nothing', async () => {
		const { url } = (await (
			await fetch(`${sandbox.info.rest}/files/0001/focus/in/a.zip`, {
				method: 'PUT',
				headers: { Authorization: `Bearer ${token}` },
			})
		).json()) as { url: string };
		sandbox.faults.add({ where: 's3.put', effect: 'page', times: 1 });
		const answer = await fetch(url, { method: 'PUT', body: Buffer.alloc(3_000_000) });
		expect([answer.status, answer.headers.get('x-amz-request-id'), answer.headers.get('etag')]).toEqual([
			200,
			null,
			null,
		]);
		expect(sandbox.submissions.arrivals().filter(({ name }) => name === 'a.zip')).toEqual([]);
	});

	it.each(LISTING_SHAPES)('lists in the shape %s', async (listingShape) => {
		sandbox.settings.change({ listingShape });
		const text = await (await ask('/files/0001/crd/reports')).text();
		const expected = {
			guide: /^{"name":"reports","type":"DIR"/,
			wrapped: /^{"data":{"name"/,
			list: /^\[{"name"/,
			'lower-case': /"contentlength":.*"type":"dir"|"type":"dir".*"contentlength":/,
			epoch: /"lastModified":\d{13}/,
			'no-metadata': /{"name":"a.pdf","type":"FILE"}/,
			foreign: /widgets/,
		}[listingShape];
		expect(text).toMatch(expected);
	});

	it.each(TRACKING_LIST_SHAPES)('tracks in the shape %s', async (trackingListShape) => {
		sandbox.settings.change({ trackingListShape });
		const text = await (await ask('/tracking')).text();
		const expected = {
			guide: /^\[{"trackingId"/,
			wrapped: /^{"submissions":\[{"trackingId"/,
			'snake-case': /"tracking_id":.*"submission_time"/,
			'no-ids': /^\[{"submissionTime"/,
			foreign: /widgets/,
		}[trackingListShape];
		expect(text).toMatch(expected);
	});

	it.each(TOKEN_SHAPES)('gives a token in the shape %s', async (tokenShape) => {
		sandbox.settings.change({ tokenShape });
		const text = await (await login()).text();
		const expected = {
			guide: /"access_token":.*"expires_in":43200/,
			'camel-case': /"accessToken"/,
			nested: /^{"data":{"access_token"/,
			'no-expiry': /^{"access_token":"[^"]+","token_type":"Bearer"}$/,
			'no-token': /^{"status":"ok"/,
		}[tokenShape];
		expect(text).toMatch(expected);
	});
});
