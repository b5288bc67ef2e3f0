import { FileXError, findFileXError, networkError, redact } from '../../filex/errors';

describe('redacting', () => {
	it.each([
		['GET https://s3.example/b/k?X-Amz-Signature=abc&x=1 failed', 'GET https://s3.example/b/k?… failed'],
		['"url":"https://s3.example/k?sig=1"}', '"url":"https://s3.example/k?…"}'],
		['Authorization: Bearer abcDEF123456-_.', 'Authorization: Bearer …'],
		['Basic dXNlcjpwYXNz', 'Basic …'],
		['http://user:pass@proxy:3128/', 'http://…@proxy:3128/'],
		['Bearer of news', 'Bearer of news'],
		['https://filex.finra.org/files/0001', 'https://filex.finra.org/files/0001'],
	])('%s', (text, shown) => expect(redact(text)).toBe(shown));

	it('is done by every error of ours', () => {
		const error = new FileXError('unavailable', 'https://x/y?secret=1', { hint: 'Bearer abcdefgh12345', retrySafe: true });
		expect(`${error.message}${error.hint}`).not.toMatch(/secret|abcdefgh/);
	});
});

it('an error is found among the causes that others wrapped around it', () => {
	const inner = new FileXError('busy', 'x', { hint: '', retrySafe: true });
	expect(findFileXError(new Error('a', { cause: new Error('b', { cause: inner }) }))).toBe(inner);
	expect(findFileXError(new Error('a'))).toBeUndefined();
	expect(findFileXError('text')).toBeUndefined();
});

it.each([
	['ECONNREFUSED', /nothing listens there/],
	['ENOTFOUND', /host name is not known/],
	['SELF_SIGNED_CERT_IN_CHAIN', /self-signed/],
	['EWHATEVER', /it failed/],
])('a network error %s is told in words', (code, message) => {
	const error = networkError('fileX', Object.assign(new Error('connect failed'), { code }));
	expect(error.message).toMatch(message);
	expect(error).toMatchObject({ kind: 'unavailable', retrySafe: true, hint: expect.stringContaining(code) });
});

describe('whether a connection ever came about', () => {
	const told = (fields: object) => networkError('fileX', Object.assign(new Error('x'), fields)).neverConnected;

	it.each([
		[{ code: 'ECONNREFUSED' }, true],
		[{ code: 'ENOTFOUND', syscall: 'getaddrinfo' }, true],
		[{ code: 'EHOSTUNREACH', syscall: 'connect' }, true],
		[{ code: 'ETIMEDOUT', syscall: 'connect' }, true],
		[{ code: 'EHOSTUNREACH', cause: { code: 'EHOSTUNREACH', syscall: 'connect' } }, true],
		[{ code: 'ETIMEDOUT', errors: [{ code: 'ETIMEDOUT', syscall: 'connect' }, { code: 'ENETUNREACH', syscall: 'connect' }] }, true],
		[{ code: 'EHOSTUNREACH', syscall: 'read' }, false],
		[{ code: 'ENETUNREACH', syscall: 'write' }, false],
		[{ code: 'ETIMEDOUT', syscall: 'read' }, false],
		[{ code: 'ETIMEDOUT' }, false],
		[{ code: 'ECONNRESET', syscall: 'read' }, false],
		[{ code: 'EPIPE', syscall: 'write' }, false],
	])('%j: %s', (fields, expected) => expect(told(fields)).toBe(expected));
});

it('a certificate that is not trusted points to the way out behind an inspecting proxy', () => {
	expect(networkError('fileX', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }).hint).toMatch(/NODE_EXTRA_CA_CERTS/);
});
