import { FileXError, findFileXError, LONGEST_TEXT, networkError, redact } from '../../filex/errors';

describe('redacting', () => {
	it.each([
		['GET https://s3.example/b/k?X-Amz-Signature=abc&x=1 failed', 'GET https://s3.example/b/k?… failed'],
		['"url":"https://s3.example/k?sig=1"}', '"url":"https://s3.example/k?…"}'],
		['Authorization: Bearer abcDEF123456-_.', 'Authorization: Bearer …'],
		['Basic dXNlcjpwYXNz', 'Basic …'],
		['http://user:pass@proxy:3128/', 'http://…@proxy:3128/'],
		['Bearer of news', 'Bearer of news'],
		['https://x.example/a#access_token=abc', 'https://x.example/a#…'],
		['/k?X-Amz-Signature=abc&x=1', '/k?X-Amz-Signature=…&x=1'],
		['bucket.example/k?a=1&sig=abc', 'bucket.example/k?a=1&sig=…'],
		['https://filex.finra.org/files/0001', 'https://filex.finra.org/files/0001'],
	])('%s', (text, shown) => expect(redact(text)).toBe(shown));

	// Of each kind that a regular expression could go back and forth on; a megabyte of it would take hours then.
	it.each([
		['word characters', 'a'],
		['beginnings of URLs', 'https://'],
		['beginnings of URLs with a colon', 'a://a:'],
		['beginnings of URLs with an at sign', 'a://:a@'],
		['letters and signs of a scheme', 'a+.-'],
		['queries', '?x-amz-'],
		['queries without an end', 'https://x?'],
		['blanks', ' '],
		['beginnings of tokens', 'Bearer '],
		['tokens', 'Basic abcdefgh'],
		['line breaks', '\n'],
	])('of a megabyte of %s ends', (_kind, piece) => {
		const text = piece.repeat(2 ** 20 / piece.length);
		for (const hostile of [text, `Bearer ${text}`, `https://${text}`, `https://a:${text}@`, `${text}?`, `x ${text}`]) {
			expect(redact(hostile).length).toBeLessThanOrEqual(2 * LONGEST_TEXT);
		}
	});

	it.each([
		['word characters', (n: number) => 'a'.repeat(n)],
		['beginnings of URLs', (n: number) => 'https://'.repeat(n / 8)],
		['beginnings of URLs with a colon', (n: number) => 'a://a:'.repeat(n / 6)],
		['queries', (n: number) => '?x-a-'.repeat(n / 5)],
	])('looks at the beginning of a text of %s only, whatever its length', (_kind, textOf) => {
		expect(redact(`x ${textOf(2 ** 24)}`)).toBe(redact(`x ${textOf(2 ** 20)}`));
	});

	it('cuts before a word, so that no half of a password is left', () => {
		const text = `${'x '.repeat(LONGEST_TEXT / 2 - 10)}https://user:a-very-long-password@proxy`;
		expect(text.length).toBeGreaterThan(LONGEST_TEXT);
		expect(redact(text)).not.toContain('a-very');
	});

	it('is done by every error of ours', () => {
		const error = new FileXError('unavailable', 'https://x/y?secret=1', {
			hint: 'Bearer abcdefgh12345',
			retrySafe: true,
		});
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
])('a network error %s is reported in words', (code, message) => {
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
		[
			{
				code: 'ETIMEDOUT',
				errors: [
					{ code: 'ETIMEDOUT', syscall: 'connect' },
					{ code: 'ENETUNREACH', syscall: 'connect' },
				],
			},
			true,
		],
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

it('evidence of any length is cut, as texts are', () => {
	const { evidence, message, hint } = new FileXError('unavailable', 'm'.repeat(2 ** 20), {
		hint: 'h'.repeat(2 ** 20),
		retrySafe: true,
		evidence: { name: 'n'.repeat(2 ** 20), size: 1 },
	});
	for (const text of [message, hint, String(evidence!.name)]) expect(text.length).toBeLessThanOrEqual(LONGEST_TEXT + 1);
	expect(evidence!.size).toBe(1);
});
