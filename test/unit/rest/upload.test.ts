import { outcomeOf } from '../../../filex/rest/upload';

const xml = (code: string, message: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
const answer = (status: number, body = '') => outcomeOf({ status, headers: { etag: '"ab"' }, body }, '0001/focus/in/a.zip', 'ab12');

describe('what the storage answers to an upload', () => {
	it('200: it has the file', () => expect(answer(200)).toEqual({ outcome: 'accepted', sha256: 'ab12' }));

	it('200 before all of it was sent: nobody knows', () => {
		expect(outcomeOf({ status: 200, headers: { etag: '"ab"' }, body: '' }, 'p', undefined)).toMatchObject({ outcome: 'unknown' });
	});

	it.each([
		[403, xml('AccessDenied', 'Request has expired'), 'expired-url'],
		[503, xml('SlowDown', 'Please reduce your request rate.'), 'unavailable'],
		[400, xml('RequestTimeout', 'Your socket connection was not read from in time.'), 'unexpected-answer'],
	])('%i %s: not submitted, and may be sent again on a new URL', (status, body, kind) => {
		expect(answer(status, body)).toMatchObject({ outcome: 'rejected', mayRepeat: true, error: { kind, httpStatus: status } });
	});

	it.each([
		[403, xml('SignatureDoesNotMatch', 'x')],
		[400, xml('EntityTooLarge', 'x')],
		[411, xml('MissingContentLength', 'x')],
	])('%i %s: not submitted, and another time would not be better', (status, body) => {
		expect(answer(status, body)).toMatchObject({ outcome: 'rejected', mayRepeat: false });
	});

	it.each([500, 502, 504, 204, 202])('%i: nobody knows', (status) => expect(answer(status)).toMatchObject({ outcome: 'unknown' }));

	it.each([
		[200, '<html>Please log in to the proxy</html>'],
		[403, '<html>Blocked by policy</html>'],
		[503, 'upstream connect error'],
		[407, ''],
		[307, ''],
	])('%i %s, by something on the way: nobody knows', (status, body) => {
		expect(outcomeOf({ status, headers: {}, body }, 'p', 'ab12')).toMatchObject({ outcome: 'unknown' });
	});
});
