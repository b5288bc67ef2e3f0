import { isPage, reasonIn, xmlText } from '../../../filex/http/body';

describe('why a service said no', () => {
	it.each([
		['{"error_message":"Invalid Credentials"}', 'Invalid Credentials'],
		['{"error":"invalid_client","error_description":"no such user"}', 'no such user'],
		['{"message":"Not Found"}', 'Not Found'],
		['error_message: "Invalid Credentials"', 'Invalid Credentials'],
		['Forbidden', 'Forbidden'],
		['<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>', 'Request has expired'],
		['<html><body>proxy</body></html>', ''],
		['{"a":1}', ''],
		['', ''],
		['see https://s3/x?X-Amz-Signature=1', 'see https://s3/x?…'],
	])('%s', (body, reason) => expect(reasonIn(body)).toBe(reason));

	it.each(['a', '<', '<Message>', 'error_message', 'error_message:', '{', ' ', '{"a":'])(
		'looks at the beginning of a megabyte of %j only',
		(piece) => {
			const text = piece.repeat(2 ** 20 / piece.length);
			expect(reasonIn(text).length).toBeLessThan(300);
			expect(xmlText(`${text}<Message>late</Message>`, 'Message')).not.toBe('late');
			expect(isPage(text)).toBe(false);
		},
	);
});
