import { presignedAnswer } from '../../../sandbox/rest/presigned-answer';
import { TRACKING_SHAPES, URL_SHAPES } from '../../../sandbox/settings';

const URL = 'https://storage.example/file?X-Amz-Signature=1';
const ID = '343dab32-516b-4e04-b60e-2526fa72e879';
const ROOT = 'https://filex.example/tracking';

describe('the answer with a pre-signed URL', () => {
	it('has by default what SPEC decides', () => {
		const shapes = { urlShape: 'url', trackingShape: 'trackingId' } as const;
		expect(presignedAnswer({ url: URL, method: 'PUT', trackingId: ID }, shapes, ROOT)).toMatchObject({
			status: 200,
			headers: {},
			body: { url: URL, method: 'PUT', trackingId: ID },
		});
		expect(presignedAnswer({ url: URL, method: 'GET' }, shapes, ROOT)).toMatchObject({
			body: { url: URL, method: 'GET' },
		});
	});

	it.each(URL_SHAPES.flatMap((urlShape) => TRACKING_SHAPES.map((trackingShape) => [urlShape, trackingShape] as const)))(
		'holds URL and tracking id once each, as %s and %s',
		(urlShape, trackingShape) => {
			const { headers, body } = presignedAnswer(
				{ url: URL, method: 'PUT', trackingId: ID },
				{ urlShape, trackingShape },
				ROOT,
			);
			const text = JSON.stringify({ headers, body });
			expect(text.split('X-Amz-Signature').length).toBe(2);
			expect(text.split(ID).length).toBe(2);
		},
	);

	it('puts the URL into a header where the body has none', () => {
		const answer = (urlShape: 'created' | 'redirect') =>
			presignedAnswer({ url: URL, method: 'PUT', trackingId: ID }, { urlShape, trackingShape: 'id' }, ROOT);
		expect(answer('created')).toMatchObject({
			status: 201,
			headers: { Location: URL, 'filex-tracking-id': ID },
			body: '',
		});
		expect(answer('redirect')).toMatchObject({ status: 302, headers: { Location: URL } });
	});
});
