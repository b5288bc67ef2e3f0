import { Readable } from 'node:stream';
import type { Check } from '../../filex';
import type { Where } from '../../sandbox/faults';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import type { SettingValues } from '../../sandbox/settings';
import { credentialFields, loginOf } from '../support/accounts';
import { Engine } from '../support/engine';
import { PAGE, startInterloper } from '../support/interloper';

/** The ids of all checks: other people's workflows may use them. */
const CHECKS = [
	'environment',
	'addresses.rest',
	'addresses.fip',
	'addresses.sftp',
	'addresses.s3',
	'tls.rest',
	'tls.fip',
	'tls.s3',
	'answers.health',
	'answers.rest',
	'answers.s3',
	'fip.token',
	'clocks',
	'places.applications',
	'places.subSpaces',
	'shapes.listings',
	'shapes.tracking',
	'shapes.presigned',
	'shapes.s3Token',
	's3.listing',
	'sftp.server',
	'sftp.hostKeys',
	'sftp.login',
	'guard.rest',
	'guard.s3',
	'guard.sftp',
];

describe('fileX List, Run Diagnostics', () => {
	let sandbox: Sandbox;
	const secrets = new Set<string>();

	beforeAll(async () => {
		sandbox = await startSandbox({ seeded: true });
		const { tokens, s3Keys } = sandbox;
		const [issueToken, issueKeys] = [tokens.issue.bind(tokens), s3Keys.issue.bind(s3Keys)];
		jest.spyOn(tokens, 'issue').mockImplementation((account) => {
			const issued = issueToken(account);
			secrets.add(issued.token);
			return issued;
		});
		jest.spyOn(s3Keys, 'issue').mockImplementation((...args) => {
			const session = issueKeys(...args);
			const { accessKeyId, secretAccessKey, sessionToken } = session.credentials;
			for (const secret of [accessKeyId, secretAccessKey, sessionToken]) secrets.add(secret);
			return session;
		});
	});
	afterEach(() => {
		sandbox.faults.clear();
		sandbox.settings.change({
			listingShape: 'guide',
			trackingListShape: 'guide',
			tokenShape: 'guide',
			urlShape: 'url',
			clockOffsetSeconds: 0,
			fipTokenSeconds: 43_200,
			s3TokenSeconds: 3600,
		});
		sandbox.log.clear();
	});
	afterAll(async () => await sandbox.close());

	/** Runs it, and looks for all that must never be in any run. */
	async function diagnose(
		overrides: object = {},
		records?: Array<Record<string, never>>,
	): Promise<{ checks: Check[]; of: (check: string) => Check }> {
		const arrivals = sandbox.submissions.arrivals().length;
		const requests = sandbox.submissions.all().length;
		const engine = await Engine.start(credentialFields(sandbox.info, overrides));
		const { items, error, everything } = await engine.run(
			{ type: 'fileXList', parameters: { operation: 'diagnostics' } },
			records,
		);
		expect(error).toBeUndefined();
		const checks = items.map(({ json }) => json as unknown as Check);
		expect(checks.map(({ check }) => check)).toEqual(CHECKS);
		for (const each of checks) {
			expect(Object.keys(each)).toEqual(['check', 'title', 'verdict', 'milliseconds', 'met', 'advice']);
			expect(each.met).not.toBe('');
			if (each.verdict === 'ok') expect(each.advice).toBe('');
			if (each.verdict === 'warning' || each.verdict === 'failed') expect(each.advice).not.toBe('');
		}
		const { username, password, orgId } = engine.credentials.stored;
		const text = JSON.stringify(checks);
		for (const secret of [
			...secrets,
			String(password),
			Buffer.from(`${String(username)}:${String(password)}`).toString('base64'),
		])
			expect(everything.includes(secret)).toBe(false);
		expect(everything).not.toMatch(/X-Amz|Bearer [\w-]{10}|Basic [\w+/=]{10}/);
		expect(text).not.toMatch(new RegExp(`\\b(${String(username)}|${String(orgId)})\\b`));
		expect(text).not.toMatch(/_daily\.csv|_summary\.pdf/);
		// Nothing is uploaded, asked to be uploaded, or downloaded.
		expect(sandbox.submissions.arrivals().length).toBe(arrivals);
		expect(sandbox.submissions.all().length).toBe(requests);
		expect(sandbox.log.count('rest', /^PUT/)).toBe(0);
		expect(sandbox.log.count('s3', /^PUT|^GET \/bucket-filex\/.+/)).toBe(0);
		expect(sandbox.log.count('sftp', /^(OPEN|READ|WRITE) /)).toBe(0);
		expect(sandbox.log.count('fip', 'token')).toBeLessThanOrEqual(1);
		expect(sandbox.log.count('sftp', 'login')).toBeLessThanOrEqual(1);
		return { checks, of: (check) => checks.find((each) => each.check === check)! };
	}

	it('finds nothing wrong where nothing is, with one login each', async () => {
		const { checks, of } = await diagnose();
		expect(checks.filter(({ verdict }) => verdict !== 'ok').map(({ check, verdict }) => `${check} ${verdict}`)).toEqual(
			['tls.rest skipped', 'tls.fip skipped', 'tls.s3 skipped'],
		);
		expect([sandbox.log.count('fip', 'token'), sandbox.log.count('sftp', 'login')]).toEqual([1, 1]);
		expect(of('environment').met).toMatch(
			/^Node\.js \d+\.\d+\.\d+; .*n8n-nodes-finra-filex \d+\.\d+\.\d+; .*binary mode filesystem/,
		);
		expect(of('addresses.rest').met).toMatch(/^127\.0\.0\.1:\d+: 127\.0\.0\.1 connected in \d+ ms$/);
		expect(of('fip.token').met).toMatch(/keys: access_token, expires_in, token_type, scope; valid for 12 h$/);
		expect(of('places.applications').met).toMatch(/^15 applications: acats, adv, /);
		expect(of('places.subSpaces').met).toMatch(
			/^44 sub-spaces in 15 applications; 16 to upload into, 16 archives; 44 of 44 that were tried can be listed, with 40 files$/,
		);
		expect(of('shapes.presigned').met).toMatch(
			/keys: method, url; the URL \(not used\) is at http:\/\/127\.0\.0\.1:\d+, valid for 60 s$/,
		);
		expect(of('shapes.s3Token').met).toMatch(/region us-east-1, 2 paths to read, 1 path to write, valid for 60 min$/);
		expect(of('sftp.server').met).toMatch(
			/: SSH-2\.0-fileX-sandbox; agreed: curve25519-sha256, ssh-ed25519, aes128-gcm@openssh\.com, MAC of the cipher; /,
		);
		for (const key of sandbox.info.sftp.hostKeys) expect(of('sftp.hostKeys').met).toContain(`${key} (pinned)`);
		expect(of('guard.rest').met).toMatch(
			/focus\/in.*: each file is filed once and only once|each file is filed once and only once/,
		);
	});

	it('runs once for all input items, because each run is a login', async () => {
		await diagnose({}, [{}, {}, {}]);
		expect([sandbox.log.count('fip', 'token'), sandbox.log.count('sftp', 'login')]).toEqual([1, 1]);
	});

	it('sends a wrong password to FIP once, not over SFTP, and not again', async () => {
		const [, right] = Object.values(loginOf(sandbox.info, 'demo'));
		const fields = { password: `${String(right)}-wrong` };
		const { of, checks } = await diagnose(fields);
		expect(of('fip.token')).toMatchObject({
			verdict: 'failed',
			met: expect.stringMatching(
				/^Authorization of '‹user name›' was refused by FIP at .* \(HTTP 400: "Invalid Credentials"\); HTTP 400, application\/json$/,
			),
			advice: expect.stringContaining("'Password'"),
		});
		expect(of('sftp.login')).toMatchObject({
			verdict: 'skipped',
			met: expect.stringContaining('FIP refused this password'),
		});
		for (const check of ['places.applications', 'places.subSpaces', 'shapes.tracking', 'shapes.s3Token', 'guard.rest'])
			expect(of(check)).toMatchObject({ verdict: 'skipped', met: expect.stringContaining('fip.token') });
		// What needs no login is looked at anyway.
		expect(checks.filter(({ verdict }) => verdict === 'ok').map(({ check }) => check)).toEqual(
			expect.arrayContaining([
				'addresses.rest',
				'answers.health',
				'answers.rest',
				'addresses.s3',
				'sftp.server',
				'sftp.hostKeys',
			]),
		);
		expect([sandbox.log.count('fip', 'token'), sandbox.log.count('sftp', 'login')]).toEqual([1, 0]);

		expect((await diagnose(fields)).of('fip.token').met).toMatch(/was refused before, so it was not tried again/);
		expect([sandbox.log.count('fip', 'token'), sandbox.log.count('sftp', 'login')]).toEqual([1, 0]);
		sandbox.accounts.unlock('demo');
	});

	it.each<[Where, number, string, RegExp, string[]]>([
		[
			'rest.list',
			200,
			'places.applications',
			/^fileX answered with something other than a listing: .*HTTP 200, text\/html, server gateway, an HTML page/,
			[],
		],
		[
			'rest.list',
			403,
			'places.applications',
			/^Something between this machine and fileX answered for '.*HTTP 403, text\/html, server gateway/,
			[],
		],
		[
			'rest.list',
			404,
			'places.applications',
			/^Something between this machine and fileX answered for '.*HTTP 404, text\/html, server gateway/,
			[],
		],
		[
			'rest.health',
			200,
			'answers.health',
			/HTTP 200, text\/html, server gateway, an HTML page; this is not fileX's own answer$/,
			[],
		],
		[
			'rest.tracking',
			403,
			'answers.rest',
			/HTTP 403, text\/html, server gateway, an HTML page; a page or a proxy's answer in place of fileX's$/,
			['shapes.tracking', 'guard.rest', 'guard.s3', 'guard.sftp'],
		],
		[
			'rest.tracking',
			404,
			'shapes.tracking',
			/HTTP 404, text\/html, server gateway/,
			['answers.rest', 'guard.rest', 'guard.s3', 'guard.sftp'],
		],
		[
			'rest.download',
			200,
			'shapes.presigned',
			/^fileX answered without a pre-signed URL: it is a page for people \(HTTP 200, text\/html, server gateway/,
			[],
		],
		['rest.s3-token', 403, 'shapes.s3Token', /HTTP 403, text\/html, server gateway/, ['s3.listing']],
		[
			'fip.token',
			200,
			'fip.token',
			/^FIP at .* answered without an access token, or something between this machine and FIP did \(HTTP 200, text\/html, server gateway/,
			[],
		],
		['fip.token', 403, 'fip.token', /HTTP 403, text\/html, server gateway/, []],
		['s3.list', 200, 's3.listing', /HTTP 200/, []],
		['s3.list', 404, 's3.listing', /HTTP 404/, []],
	])('names a page in place of %s (HTTP %i) in %s', async (where, status, check, met, others) => {
		sandbox.faults.add({ where, effect: 'page', times: 1000, status });
		const { checks, of } = await diagnose();
		expect(of(check)).toMatchObject({ verdict: 'failed', met: expect.stringMatching(met) });
		expect(
			checks
				.filter(({ verdict }) => verdict === 'failed')
				.map((each) => each.check)
				.sort(),
		).toEqual([check, ...others].sort());
	});

	it.each<[Partial<SettingValues>, string, Check['verdict'], RegExp]>([
		[
			{ listingShape: 'wrapped' },
			'shapes.listings',
			'warning',
			/keys: data\.name, .*keys of the guide's are not there: name, type/,
		],
		[{ listingShape: 'list' }, 'shapes.listings', 'warning', /keys: \[\]\.name/],
		[{ listingShape: 'lower-case' }, 'shapes.listings', 'warning', /not there: children\[\]\.metadata\.contentLength/],
		[{ listingShape: 'epoch' }, 'places.subSpaces', 'ok', /40 files/],
		[{ listingShape: 'no-metadata' }, 'places.subSpaces', 'failed', /no usable size and time/],
		[
			{ listingShape: 'foreign' },
			'places.applications',
			'failed',
			/HTTP 200, application\/json, keys: status, data\.widgets\[\]\.id/,
		],
		[{ trackingListShape: 'wrapped' }, 'shapes.tracking', 'warning', /keys: submissions\[\]\.trackingId/],
		[{ trackingListShape: 'snake-case' }, 'shapes.tracking', 'warning', /keys: \[\]\.tracking_id/],
		[{ trackingListShape: 'no-ids' }, 'shapes.tracking', 'failed', /keys: \[\]\.submissionTime/],
		[{ trackingListShape: 'foreign' }, 'shapes.tracking', 'failed', /keys: status, data\.widgets\[\]\.id/],
		[
			{ tokenShape: 'camel-case' },
			'fip.token',
			'warning',
			/keys: accessToken, .*valid for 12 h; keys of the guide's that are not there: access_token, expires_in/,
		],
		[{ tokenShape: 'nested' }, 'fip.token', 'warning', /keys: data\.access_token/],
		[{ tokenShape: 'no-expiry' }, 'fip.token', 'warning', /no lifetime given/],
		[
			{ tokenShape: 'no-token' },
			'fip.token',
			'failed',
			/answered without an access token.*keys: status, session\.expires_in/,
		],
		[{ fipTokenSeconds: 60 }, 'fip.token', 'warning', /valid for 60 s/],
		[{ s3TokenSeconds: 200 }, 'shapes.s3Token', 'warning', /valid for 3 min/],
		[{ urlShape: 'hal' }, 'shapes.presigned', 'ok', /keys: method, _links\.download\.href/],
		[{ urlShape: 'redirect' }, 'shapes.presigned', 'ok', /HTTP 302/],
		[{ clockOffsetSeconds: -120 }, 'clocks', 'warning', /fileX is 1[12]\d s behind, FIP agrees/],
	])('names the odd answer %j in %s', async (settings, check, verdict, met) => {
		sandbox.settings.change(settings);
		expect((await diagnose()).of(check)).toMatchObject({ verdict, met: expect.stringMatching(met) });
	});

	it('tells what an account may not see, and what the guard can promise it', async () => {
		const submitOnly = await diagnose(loginOf(sandbox.info, 'submitonly'));
		expect(submitOnly.of('places.subSpaces')).toMatchObject({ verdict: 'ok' });
		expect(submitOnly.of('guard.rest')).toMatchObject({
			verdict: 'warning',
			met: expect.stringMatching(
				/archive is not open to this account\. Over HTTPS REST, each file is filed once and only once by all senders that check first, but an archived copy cannot be compared/,
			),
		});
		expect(submitOnly.of('guard.sftp')).toMatchObject({
			verdict: 'warning',
			met: expect.stringMatching(/Over SFTP, a file that was filed before is not recognized/),
		});
		sandbox.log.clear();
		const downloadOnly = await diagnose(loginOf(sandbox.info, 'downloadonly'));
		expect(downloadOnly.of('guard.rest')).toMatchObject({ verdict: 'skipped' });
	});

	it('reports a sub-space that cannot be listed, and lists the others', async () => {
		sandbox.faults.add({ where: 'rest.list', effect: 'page', times: 1000, status: 403, path: '0001/focus/in_arcv' });
		const { of } = await diagnose();
		expect(of('places.subSpaces')).toMatchObject({
			verdict: 'failed',
			met: expect.stringMatching(
				/43 of 44 that were tried can be listed.*; focus\/in_arcv: Something between this machine and fileX answered: HTTP 403, text\/html/,
			),
		});
		expect(of('guard.rest')).toMatchObject({
			verdict: 'failed',
			met: expect.stringMatching(
				/; focus\/in: .*archive gave no answer of fileX's own\. Over HTTPS REST, nothing is filed/,
			),
		});
	});

	it('shows host keys to pin, and refuses others than the pinned ones before a login', async () => {
		expect((await diagnose({ hostKeys: '' })).of('sftp.hostKeys')).toMatchObject({
			verdict: 'warning',
			met: expect.stringMatching(/^ssh-ed25519 SHA256:\S{43}, rsa-sha2-512 SHA256:\S{43}; none is pinned$/),
		});
		sandbox.log.clear();
		const { of } = await diagnose({ hostKeys: `SHA256:${'A'.repeat(43)}` });
		expect(of('sftp.hostKeys')).toMatchObject({
			verdict: 'failed',
			met: expect.stringMatching(/none of them is pinned/),
		});
		expect(of('sftp.login')).toMatchObject({ verdict: 'failed', met: expect.stringMatching(/is not the pinned one/) });
		expect(sandbox.log.count('sftp', 'login')).toBe(0);
	});

	it('continues where an address is closed', async () => {
		const { of } = await diagnose({ sftpPort: 1 });
		expect(of('addresses.sftp')).toMatchObject({
			verdict: 'failed',
			met: expect.stringMatching(/127\.0\.0\.1 did not connect: .*\(ECONNREFUSED\)$/),
		});
		expect(of('sftp.server').verdict).toBe('failed');
		expect(of('sftp.hostKeys').verdict).toBe('skipped');
		expect(of('guard.sftp')).toMatchObject({ verdict: 'skipped', met: expect.stringContaining('sftp.login') });
		expect(of('guard.rest').verdict).toBe('ok');
	});

	it('says that what answers for SFTP is no SSH', async () => {
		const { of } = await diagnose({ sftpPort: new URL(sandbox.info.rest).port });
		expect(of('sftp.server')).toMatchObject({
			verdict: 'failed',
			met: expect.stringMatching(/it does not speak SSH: "HTTP\/1\.1 400/),
		});
		expect(of('sftp.hostKeys').verdict).toBe('skipped');
	});

	it('shows nothing of a page but that it is one, whoever gives it', async () => {
		const interloper = await startInterloper(sandbox.info.rest);
		interloper.rules.push({
			matches: /./,
			answer: {
				status: 200,
				headers: { 'Content-Type': 'text/html', Via: '1.1 proxy.example.com', Server: 'gateway' },
				body: PAGE,
			},
		});
		const { checks, of } = await diagnose({ restUrl: interloper.url });
		expect(of('answers.rest')).toMatchObject({
			verdict: 'failed',
			met: expect.stringMatching(/server gateway, via 1\.1 proxy\.example\.com/),
		});
		for (const check of ['shapes.listings', 'places.subSpaces', 'guard.rest'])
			expect(of(check)).toMatchObject({ verdict: 'skipped', met: expect.not.stringContaining('sees no') });
		expect(JSON.stringify(checks)).not.toContain('log in to the proxy');
		await interloper.close();
	});

	it('looks at a certificate that is not trusted, and sends nothing past it', async () => {
		const other = await startSandbox({ tls: true });
		const { restUrl, fipUrl, s3Url } = credentialFields(other.info);
		const { of } = await diagnose({ restUrl, fipUrl, s3Url });
		expect(of('tls.rest')).toMatchObject({
			verdict: 'failed',
			met: expect.stringMatching(
				/TLSv1\.3, certificate of fileX sandbox, issued by fileX sandbox, valid until \d{4}-\d\d-\d\d; Node\.js does not trust it: its TLS certificate is self-signed \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/,
			),
			advice: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
		});
		expect(of('tls.s3').verdict).toBe('failed');
		expect(of('fip.token')).toMatchObject({
			verdict: 'failed',
			met: expect.stringMatching(/certificate is self-signed/),
		});
		// A connection that is left before any request.
		expect(other.log.all().filter(({ request }) => request !== 'malformed')).toEqual([]);
		await other.close();
	});

	it('is run for another organization', async () => {
		const engine = await Engine.start(credentialFields(sandbox.info));
		const { items } = await engine.run({
			type: 'fileXList',
			parameters: { operation: 'diagnostics', options: { orgId: '888888' } },
		});
		expect(sandbox.log.count('rest', 'GET /files/888888')).toBe(1);
		expect(JSON.stringify(items)).not.toContain('888888');
	});

	it('tells a file of a sub-space by the sub-space alone', async () => {
		await sandbox.store.publish(['0001', 'acats', 'in_arcv', 'merger-with-example-corp.pdf'], Readable.from(['x']));
		const { checks, of } = await diagnose();
		expect(of('shapes.presigned').met).toMatch(/^a file of acats\/in_arcv: /);
		expect(JSON.stringify(checks)).not.toContain('merger');
		await sandbox.store.remove(['0001', 'acats', 'in_arcv', 'merger-with-example-corp.pdf']);
	});
});
