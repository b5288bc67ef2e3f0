import type { HttpAnswer } from '../../../filex';
import { readFiles } from '../../../filex/rest/listing';
import { readPages } from '../../../filex/rest/page';
import { RestSpace } from '../../../filex/rest/rest-space';

const SPACE = { orgId: '0001', application: 'crd', subSpace: 'reports' };
const BASE = 'https://filex.example/api';
const FIRST = `${BASE}/files/0001/crd/reports`;

const page = (names: string[], more: object = {}, headers: Record<string, string> = {}): HttpAnswer<string> => ({
	status: 200,
	headers,
	body: JSON.stringify({
		type: 'DIR',
		children: names.map((name) => ({
			name,
			type: 'FILE',
			metadata: { contentLength: 1, lastModified: '2026-01-01T00:00:00Z' },
		})),
		...more,
	}),
});

/** Lists with a fileX that has these pages, by their URL. */
async function list(pages: Record<string, HttpAnswer<string>>): Promise<{ names: string[]; asked: string[] }> {
	const asked: string[] = [];
	const authorized = async ({ url }: { url: string }) => {
		asked.push(url);
		return pages[url] ?? { status: 404, headers: {}, body: '{"message":"no such page"}' };
	};
	const files = await new RestSpace(BASE, { authorized } as never).list(SPACE);
	return { names: files.map(({ name }) => name), asked };
}

describe('a listing of several pages', () => {
	const NEXT = `${FIRST}?page=2`;

	it.each<[string, object, Record<string, string>?]>([
		['an object', { _links: { next: { href: NEXT } } }],
		['a list', { _links: { next: [{ href: NEXT }] } }],
		[
			'a list with rel',
			{
				_links: [
					{ rel: 'self', href: FIRST },
					{ rel: 'next', href: NEXT },
				],
			},
		],
		['a text', { _links: { next: NEXT } }],
		['a relative link', { _links: { next: { href: '?page=2' } } }],
		['a link from the root', { links: { next: '/api/files/0001/crd/reports?page=2' } }],
		['a key of its own', { nextLink: NEXT }],
		['a header', {}, { link: `<${FIRST}>; rel="self", <${NEXT}>; rel="next"` }],
	])('is read to its end, its link being %s', async (_shape, more, headers = {}) => {
		expect(await list({ [FIRST]: page(['a'], more, headers), [NEXT]: page(['b']) })).toEqual({
			names: ['a', 'b'],
			asked: [FIRST, NEXT],
		});
	});

	it.each<[string, object, RegExp]>([
		[
			'to another host',
			{ _links: { next: { href: 'https://evil.example/files' } } },
			/leads elsewhere \(https:\/\/evil\.example\)/,
		],
		['to another scheme', { _links: { next: { href: FIRST.replace('https', 'http') } } }, /leads elsewhere/],
		['to another port', { _links: { next: { href: '//filex.example:8443/files' } } }, /leads elsewhere/],
		['to a host behind a user name', { _links: { next: { href: 'https://a:b@filex.example/x' } } }, /leads elsewhere/],
		['back to where it began', { _links: { next: { href: FIRST } } }, /leads back/],
		['nowhere', { _links: { next: { href: 'https://' } } }, /no URL/],
	])('is refused where its link leads %s, and the token goes nowhere else', async (_where, more, message) => {
		const answers: Record<string, HttpAnswer<string>> = { [FIRST]: page(['a'], more) };
		const asked: string[] = [];
		const authorized = async ({ url }: { url: string }) => {
			asked.push(url);
			return answers[url]!;
		};
		await expect(new RestSpace(BASE, { authorized } as never).list(SPACE)).rejects.toMatchObject({
			kind: 'unexpected-answer',
			isForeign: true,
			message: expect.stringMatching(message),
		});
		expect(asked).toEqual([FIRST]);
	});

	it('is refused where pages lead in a circle, repeat a name, or fail', async () => {
		const circle = { [FIRST]: page(['a'], { nextLink: NEXT }), [NEXT]: page(['b'], { nextLink: FIRST }) };
		await expect(list(circle)).rejects.toThrow(/leads back/);
		await expect(list({ [FIRST]: page(['a'], { nextLink: NEXT }), [NEXT]: page(['a']) })).rejects.toThrow(
			/'a' on two of its pages/,
		);
		await expect(list({ [FIRST]: page(['a'], { nextLink: NEXT }) })).rejects.toMatchObject({ kind: 'not-found' });
	});

	it('is refused where fewer came than it says that it has', async () => {
		await expect(list({ [FIRST]: page(['a'], { page: { totalElements: 2 } }) })).rejects.toThrow(
			/says that it has 2 entries, and gives 1/,
		);
		await expect(list({ [FIRST]: page(['a'], { totalPages: 2 }) })).rejects.toThrow(
			/says that it has 2 pages, and links to 1/,
		);
	});

	it('without an end is broken off after 2,000 pages', async () => {
		let asked = 0;
		const endless = readPages(
			FIRST,
			'a listing',
			async () => page([`f${++asked}`], { nextLink: `?page=${asked}` }),
			readFiles,
		);
		await expect(endless).rejects.toThrow(/more than 2000 pages/);
		expect(asked).toBe(2000);
	});

	it('is broken off after a quarter of an hour', async () => {
		let [asked, minutes] = [0, 0];
		const slow = readPages(
			FIRST,
			'a listing',
			async () => page([`f${++asked}`], { nextLink: `?page=${asked}` }),
			readFiles,
			() => 60_000 * minutes++,
		);
		await expect(slow).rejects.toThrow(/longer than 15 minutes/);
		expect(asked).toBe(16);
	});

	it('is broken off after a million entries', async () => {
		let asked = 0;
		const endless = readPages(
			FIRST,
			'a listing',
			async () => page([String(++asked)], { nextLink: `?page=${asked}` }),
			(answer) => ({ ...readFiles(answer), count: 300_000 }),
		);
		await expect(endless).rejects.toThrow(/more than 1000000 entries/);
		expect(asked).toBe(4);
	});
});
