import { axiosHttp, FileXError, requestToken } from '../../../filex';
import { LoginGuard } from '../../../filex/account/login-guard';
import { readFipAnswer } from '../../../filex/fip/answer';

const answer = (
	status: number,
	body: unknown,
	headers: Record<string, string> = { 'content-type': 'application/json' },
) => ({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

/** Of every sign that a token may have. */
const TOKEN = ['eyJhbGciOi', 'JIUzI1_NiIs-InR5cCI6+/='].join('.');
const ACCOUNT = {
	endpoints: { rest: '', fip: 'https://fip.example', sftp: { host: '', port: 22 } },
	username: 'demo',
	password: 'pass-word',
};

describe("FIP's answer", () => {
	it.each<[unknown, number | undefined]>([
		[{ access_token: TOKEN, expires_in: 43_200, token_type: 'Bearer' }, 43_200],
		[{ access_token: TOKEN, expires_in: '43200' }, 43_200],
		[{ accessToken: TOKEN, expiresIn: 5 }, 5],
		[{ ACCESS_TOKEN: TOKEN }, undefined],
		[{ data: { access_token: TOKEN, expires_in: 5 } }, 5],
		[{ token: { access_token: TOKEN } }, undefined],
		[{ token: TOKEN }, undefined],
		[[{ access_token: TOKEN }], undefined],
		[{ token: 'not this one', access_token: TOKEN }, undefined],
		[{ access_token: TOKEN, error: null, error_message: '' }, undefined],
	])('%j has a token', (body, expiresIn) => {
		expect(readFipAnswer(answer(200, body))).toEqual({
			outcome: 'token',
			token: TOKEN,
			...(expiresIn && { expiresIn }),
		});
	});

	it.each<[number, unknown]>([
		[400, { error_message: 'Invalid Credentials' }],
		[400, { error_message: 'invalid credentials format.' }],
		[401, { errorMessage: 'Invalid Credentials' }],
		[401, { ERROR_DESCRIPTION: 'Invalid Credentials' }],
		[403, { message: 'Invalid Credentials' }],
		[400, { error: 'Invalid Credentials' }],
		[200, { error_message: 'Invalid Credentials' }],
		[500, { error_message: 'Invalid Credentials' }],
		[400, 'error_message: "Invalid Credentials"'],
		[400, 'error_message: Invalid Credentials'],
		[400, '<error><error_message>Invalid Credentials</error_message></error>'],
		[400, '<?xml version="1.0"?><response><errorMessage>Invalid Credentials</errorMessage></response>'],
		[401, { error: 'invalid_client' }],
		[400, { error: 'invalid_grant', error_description: 'no' }],
		...['Account is locked', 'User disabled', 'Password expired', 'Account suspended', 'User is inactive'].map(
			(error_message): [number, unknown] => [400, { error_message }],
		),
	])('HTTP %s %j is a refusal', (status, body) => expect(readFipAnswer(answer(status, body)).outcome).toBe('refused'));

	it.each([
		[400, { error_message: 'Grant type is required' }],
		[400, 'error_message: "Only client_credentials grant type is supported"'],
	])('HTTP %s %j finds fault with the request only', (status, body) =>
		expect(readFipAnswer(answer(status, body)).outcome).toBe('malformed'),
	);

	it.each([
		[500, { error_message: 'Internal Server Error' }],
		[503, { message: 'Service Unavailable' }],
		[429, { error: 'too many' }],
	])('HTTP %s %j says that FIP could not judge it', (status, body) =>
		expect(readFipAnswer(answer(status, body)).outcome).toBe('unavailable'),
	);

	it.each<[number, unknown, Record<string, string>?]>([
		[200, '<html>Sign in</html>', { 'content-type': 'text/html' }],
		[200, ''],
		[200, {}],
		[200, { access_token: '' }],
		[200, { access_token: 'two words' }],
		[200, { access_token: 'line\nbreak' }],
		[200, { access_token: 5 }],
		[200, { access_token: 'undefined' }],
		[200, { session: 'x', id_token: TOKEN }],
		[400, 'Bad Request'],
		[400, '<html><body>error_message: "Invalid Credentials"</body></html>', { 'content-type': 'text/html' }],
		[400, '<h1><error_message>Invalid Credentials</error_message></h1>', { 'content-type': 'text/html' }],
		[400, '<body><error_message>Invalid Credentials</error_message></body>'],
		[401, ''],
		[401, 'Invalid Credentials'],
		[401, { message: 'Unauthorized' }],
		[401, { message: 'Invalid authentication credentials' }],
		[401, { error: 'invalid_request' }],
		[400, { message: 'The certificate of the gateway has expired' }],
		[400, { error_message: 'Invalid Credentials' }, { 'x-squid-error': 'ERR_ACCESS_DENIED 0' }],
		[403, { error_message: 'Forbidden' }],
		[302, ''],
		[502, '<html>Bad Gateway</html>'],
		[503, 'upstream connect error'],
	])('HTTP %s %j proves nothing, and FIP may have judged the login behind it', (status, body, headers = {}) => {
		expect(readFipAnswer(answer(status, body, headers))).toEqual({ outcome: 'foreign', isUnanswered: true });
	});

	it('HTTP 407 is a proxy that has passed nothing on', () => {
		expect(readFipAnswer(answer(407, { message: 'Invalid Credentials' }))).toEqual({
			outcome: 'foreign',
			isUnanswered: false,
		});
	});

	it.each<[string, ReturnType<typeof answer>, object]>([
		[
			'a refusal',
			answer(400, { error_message: 'Invalid Credentials' }),
			{
				kind: 'credentials',
				field: 'Password',
				retrySafe: false,
				isForeign: undefined,
				message: expect.stringContaining('(HTTP 400: "Invalid Credentials")'),
			},
		],
		[
			'a page',
			answer(401, '<html>pass-word</html>', { 'content-type': 'text/html', server: 'gateway' }),
			{
				kind: 'unexpected-answer',
				isForeign: true,
				loginUnanswered: true,
				message: expect.stringContaining('(HTTP 401, text/html, server gateway, an HTML page)'),
			},
		],
		[
			'a JSON of another service',
			answer(200, { session: 'pass-word' }),
			{
				kind: 'unexpected-answer',
				isForeign: true,
				loginUnanswered: true,
				message: expect.stringContaining('keys: session'),
			},
		],
		[
			'a request without its query',
			answer(400, { error_message: 'Grant type is required' }),
			{ kind: 'unexpected-answer', isForeign: undefined, loginUnanswered: undefined },
		],
	])('is reported as %s', async (_what, given, expected) => {
		const error = await requestToken({ ...axiosHttp, text: async () => given }, ACCOUNT, {
			guard: new LoginGuard(),
		}).catch((thrown: FileXError) => thrown);
		expect(error).toMatchObject(expected);
		expect(JSON.stringify([error, (error as FileXError).message])).not.toContain('pass-word');
	});

	it('that a page gave in its place leaves the password free to be tried again', async () => {
		const guard = new LoginGuard();
		const answers = [answer(401, '<html>'), answer(200, { access_token: TOKEN })];
		const http = { ...axiosHttp, text: async () => answers.shift()! };
		await expect(requestToken(http, ACCOUNT, { guard })).rejects.toMatchObject({ isForeign: true });

		expect(await requestToken(http, ACCOUNT, { guard })).toBe(TOKEN);
	});

	it.each([
		[false, true],
		[true, undefined],
	])(
		'that was lost may have been a refusal, unless no connection came about (%s)',
		async (neverConnected, loginUnanswered) => {
			const lost = new FileXError('unavailable', 'cut', { hint: '', retrySafe: true, neverConnected });
			await expect(
				requestToken({ ...axiosHttp, text: async () => Promise.reject(lost) }, ACCOUNT, { guard: new LoginGuard() }),
			).rejects.toMatchObject({ kind: 'unavailable', loginUnanswered });
		},
	);
});
