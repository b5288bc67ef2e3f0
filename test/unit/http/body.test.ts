import { reasonIn } from '../../../filex/http/body';

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
});
