import { inputError } from '../../../filex';
import { judgeAddresses, targetOf } from '../../../filex/diagnostics/addresses';
import { judgeHealth, judgeS3Answer, judgeUnauthenticated, senderOf } from '../../../filex/diagnostics/answers';
import { counted, failed, listed, ok, skipped, together, warning } from '../../../filex/diagnostics/check';
import { judgeClocks } from '../../../filex/diagnostics/clocks';
import { judgeEnvironment } from '../../../filex/diagnostics/environment';
import { kindOf, Observed } from '../../../filex/diagnostics/observed';
import { judgeListings } from '../../../filex/diagnostics/places';
import { judgeHome } from '../../../filex/diagnostics/sftp-login';
import { judgeShape, missingKeys } from '../../../filex/diagnostics/shapes';
import { judgeHostKeys, judgeOffer } from '../../../filex/diagnostics/ssh-server';
import { judgeTls, type MetTls, withoutTls } from '../../../filex/diagnostics/tls';
import { FILEX } from '../../../filex/http/foreign';

const PROGRAM = { facts: ['n8n 2.41.1', 'binary mode filesystem-v2'] };
const PAGE = '<!DOCTYPE html><html>secret words</html>';
const answer = (status: number, body: string, headers: Record<string, string> = {}) => ({ status, headers, body });

describe('findings', () => {
	it('of several parts have the gravest verdict, and each advice once', () => {
		expect(together([ok('a'), warning('b', 'Do x.'), warning('c', 'Do x.'), skipped('d')])).toEqual({
			verdict: 'warning',
			met: 'a; b; c; d',
			advice: 'Do x.',
		});
		expect(together([warning('a', 'Do x.'), failed('b', 'Do y.')])).toMatchObject({
			verdict: 'failed',
			advice: 'Do x. Do y.',
		});
		expect(together([]).verdict).toBe('skipped');
	});

	it('list so many names and no more', () => {
		expect(listed(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
		expect([counted(1, 'file'), counted(2, 'file')]).toEqual(['1 file', '2 files']);
	});
});

describe('the environment', () => {
	it('is reported by the names of variables, never by their values', () => {
		const { verdict, met } = judgeEnvironment(PROGRAM, {
			HTTPS_PROXY: 'http://way:s3cret@proxy:3128',
			no_proxy: 'internal.example',
			NODE_EXTRA_CA_CERTS: '/etc/ca.pem',
		});
		expect(verdict).toBe('ok');
		expect(met).toMatch(
			/; n8n 2\.41\.1; binary mode filesystem-v2; .*proxy variables set: HTTPS_PROXY, no_proxy; NODE_EXTRA_CA_CERTS is set$/,
		);
		expect(met).not.toMatch(/s3cret|3128|internal|ca\.pem/);
	});

	it.each([
		['18.20.0', {}, 'failed'],
		['20.14.9', {}, 'failed'],
		['20.15.0', {}, 'ok'],
		['24.1.0', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, 'warning'],
	])('with Node.js %s and %j is %s', (node, env, verdict) => {
		expect(judgeEnvironment(PROGRAM, env, node).verdict).toBe(verdict);
	});
});

describe('addresses', () => {
	const good = { address: '192.0.2.1', ms: 12 };
	const dead = { address: '192.0.2.2', ms: 8000, reason: 'no answer within 8000 ms' };

	it('that all connect are fine', () => {
		expect(judgeAddresses([{ place: 'h:443', tried: [good] }])).toEqual(ok('h:443: 192.0.2.1 connected in 12 ms'));
	});

	it('of which one is dead are a warning that names it', () => {
		const finding = judgeAddresses([{ place: 'h:443', tried: [good, dead] }]);
		expect(finding).toMatchObject({
			verdict: 'warning',
			met: 'h:443: 192.0.2.1 connected in 12 ms, 192.0.2.2 did not connect: no answer within 8000 ms',
			advice: expect.stringMatching(/^192\.0\.2\.2 cannot be reached/),
		});
	});

	it('that are all dead, not there, or not allowed have failed', () => {
		expect(judgeAddresses([{ place: 'h:443', tried: [dead] }]).verdict).toBe('failed');
		expect(judgeAddresses([{ place: 'h:443', tried: [] }])).toMatchObject({
			verdict: 'failed',
			met: 'h:443: the name has no address',
		});
		expect(
			judgeAddresses([
				{
					place: 'h:443',
					tried: [],
					unresolved: inputError('Environment', "n8n's outbound policy does not allow it", 'Ask.'),
				},
			]),
		).toMatchObject({ verdict: 'failed', advice: 'Ask.' });
	});

	it("of a proxy stand for the host's, and it says so", () => {
		expect(judgeAddresses([{ place: 'h:443', through: 'proxy:3128', tried: [good] }]).met).toMatch(
			/^h:443 through the proxy proxy:3128 \(a direct connection is not used, so it was not tried\): 192/,
		);
	});

	it.each([
		['https://filex.finra.org', { scheme: 'https', host: 'filex.finra.org', port: 443 }],
		['http://[::1]:8080', { scheme: 'http', host: '::1', port: 8080 }],
	])('of %s are read', (url, target) => expect(targetOf(url)).toEqual({ ...target, proxy: undefined }));
});

describe('a TLS handshake', () => {
	const now = new Date('2026-06-01T00:00:00Z');
	const certificate = (subject: string, issuer: string, validTo = '2027-01-01') => ({
		subject,
		issuer,
		validTo: new Date(validTo),
	});
	const met: MetTls = {
		place: 'h:443',
		protocol: 'TLSv1.3',
		chain: [certificate('h', 'CA'), certificate('CA', 'Root'), certificate('Root', 'Root')],
		hasPublicRoot: true,
	};

	it.each<[string, Partial<MetTls>, string, RegExp]>([
		[
			'with a public root',
			{},
			'ok',
			/^h:443: TLSv1\.3, certificate of h, issued by CA ← Root, valid until 2027-01-01, .*; trusted, by a public root$/,
		],
		['with a root of the firm', { hasPublicRoot: false }, 'warning', /a proxy of your firm may inspect TLS/],
		[
			'that is not trusted',
			{ distrust: 'SELF_SIGNED_CERT_IN_CHAIN' },
			'failed',
			/does not trust it: its TLS certificate chain holds a self-signed one \(SELF_SIGNED_CERT_IN_CHAIN\)$/,
		],
		['for another host', { distrust: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'failed', /is for another host/],
		['of an old protocol', { protocol: 'TLSv1.1' }, 'warning', /TLSv1\.1/],
		['whose certificate ends soon', { chain: [certificate('h', 'CA', '2026-06-10')] }, 'warning', /2026-06-10/],
		['without a certificate', { chain: [], distrust: 'x' }, 'failed', /of an unknown subject/],
	])('%s', (_what, change, verdict, text) => {
		expect(judgeTls({ ...met, ...change }, now)).toMatchObject({ verdict, met: expect.stringMatching(text) });
	});

	it('that there is none of is skipped on this machine only', () => {
		expect(withoutTls(targetOf('http://127.0.0.1:80')).verdict).toBe('skipped');
		expect(withoutTls(targetOf('http://gateway.example:80')).verdict).toBe('warning');
	});
});

describe('who answers', () => {
	it('is reported by status, type, server and what proxies leave, without tokens', () => {
		expect(
			senderOf({
				status: 200,
				headers: {
					'content-type': 'text/html; charset=utf-8',
					server: 'squid',
					via: '1.1 px',
					'cf-ray': 'abc',
					'set-cookie': 's=1',
				},
			}),
		).toBe('HTTP 200, text/html, server squid, via 1.1 px, cf-ray');
		expect(senderOf({ status: 200, headers: { via: 'Bearer abcdefghijkl' } })).not.toContain('abcdefghijkl');
	});

	it.each([
		[answer(200, '{"status":"UP"}'), 'ok'],
		[answer(503, '{"status":"DOWN"}'), 'failed'],
		[answer(200, PAGE, { 'content-type': 'text/html' }), 'failed'],
		[answer(404, '{"message":"x"}'), 'failed'],
		[answer(404, 'no'), 'warning'],
	])('for the health: %j is %s', (given, verdict) => {
		const finding = judgeHealth(given, FILEX);
		expect(finding.verdict).toBe(verdict);
		expect(finding.met).not.toContain('secret words');
	});

	it.each([
		[answer(401, '{"message":"Unauthorized"}'), 'ok'],
		[answer(401, '', { 'www-authenticate': 'Bearer' }), 'ok'],
		[answer(403, '{"message":"Forbidden"}'), 'ok'],
		[answer(401, ''), 'warning'],
		[answer(404, '{"blocked":true}'), 'warning'],
		[answer(302, '', { location: 'https://login.example/' }), 'failed'],
		[answer(200, '[]'), 'failed'],
		[answer(200, PAGE), 'failed'],
		[answer(407, '{"message":"x"}', { 'proxy-authenticate': 'Basic' }), 'failed'],
		[answer(503, '{"message":"x"}'), 'failed'],
	])('a call without a token: %j is %s', (given, verdict) => {
		expect(judgeUnauthenticated(given, FILEX).verdict).toBe(verdict);
	});

	it.each([
		[answer(403, '<Error><Code>AccessDenied</Code></Error>'), 'ok'],
		[answer(307, '', { 'x-amz-request-id': 'x' }), 'ok'],
		[answer(503, '<Error><Code>SlowDown</Code></Error>'), 'failed'],
		[answer(403, PAGE, { 'content-type': 'text/html' }), 'failed'],
		[answer(200, 'hello'), 'failed'],
	])('for S3: %j is %s', (given, verdict) => {
		expect(judgeS3Answer('s3:443', given, FILEX).verdict).toBe(verdict);
	});
});

describe('clocks', () => {
	const at = (rest: number, s3: number) =>
		judgeClocks(
			new Map([
				['rest', { ahead: rest, tolerance: 1000 }],
				['s3', { ahead: s3, tolerance: 1000 }],
			]),
		);

	it.each([
		[0, 0, 'ok'],
		[31_000, 0, 'ok'],
		[-32_000, 0, 'warning'],
		[0, 40_000, 'warning'],
		[16 * 60_000, 0, 'warning'],
		[0, -16 * 60_000, 'failed'],
	])('that differ by %i and %i ms are %s', (rest, s3, verdict) => expect(at(rest, s3).verdict).toBe(verdict));

	it('are read from answers of a service of its own only, the quickest first', () => {
		const observed = new Observed();
		const date = new Date(60_000).toUTCString();
		observed.noteClock('rest', answer(200, PAGE, { date }), 0, 10);
		observed.noteClock('rest', answer(200, '{}', { date, age: '900' }), 0, 10);
		observed.noteClock('rest', answer(200, '{}', { date: 'soon' }), 0, 10);
		expect(judgeClocks(observed.clocks).verdict).toBe('skipped');
		observed.noteClock('rest', answer(200, '{}', { date }), 0, 9000);
		observed.noteClock('rest', answer(200, '{}', { date }), 0, 1000);
		observed.noteClock('rest', answer(200, '{}', { date }), 0, 20_000);
		expect(observed.clocks.get('rest')).toEqual({ ahead: 60_000, tolerance: 1500 });
	});
});

describe('shapes', () => {
	it.each([
		['/files/0001', 'organization'],
		['/files/0001/crd/reports/a.pdf?x=1', 'presigned'],
		['/tracking?id=1', 'tracking'],
		['/S3TransferTokens/0001/crd', 's3Token'],
		['/health', undefined],
	])('of %s are of the kind %s', (path, kind) => expect(kindOf(path)).toBe(kind));

	it('that lack keys of the guide are a warning that names them', () => {
		expect(judgeShape('fipToken', 'x', { text: 't', keys: 'keys: access_token, scope' })).toMatchObject({
			verdict: 'warning',
			met: "x: t; 1 key of the guide's is not there: expires_in",
		});
		expect(
			missingKeys('s3Token', {
				text: '',
				keys: 'keys: region, readPaths[], writePaths[], credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken, credentials.expiration',
			}),
		).toEqual([]);
		expect(missingKeys('fipToken', { text: '', keys: 'keys: a, …' })).toEqual([]);
	});

	it('of an empty list are not judged by keys that it cannot have', () => {
		expect(judgeShape('tracking', 'x', { text: 't', keys: 'an empty list' }, true).verdict).toBe('ok');
		expect(judgeShape('tracking', 'x', undefined).verdict).toBe('skipped');
	});

	it('are those of the answer with the most keys', () => {
		const observed = new Observed();
		observed.noteShape('subSpace', answer(200, '{"children":[]}'));
		observed.noteShape('subSpace', answer(200, '{"children":[{"name":"secret.pdf","type":"FILE"}]}'));
		observed.noteShape('subSpace', answer(200, '{"children":[]}'));
		expect(observed.shape('subSpace')?.keys).toBe('keys: children[].name, children[].type');
		observed.noteShape('tracking', answer(200, PAGE));
		expect(observed.shape('tracking')).toBeUndefined();
	});
});

describe('listings', () => {
	const path = (subSpace: string) => ({ orgId: '0001', application: 'crd', subSpace });

	it('that fileX refuses are a warning, and that another answers have failed', () => {
		const subSpaces = [
			{ path: path('reports'), look: {}, files: 3 },
			{ path: path('in'), writable: true },
		];
		const judged = (isRefused: boolean) =>
			judgeListings(subSpaces, {
				applications: 1,
				looked: 1,
				problems: [
					{ place: 'crd/x', isRefused, reason: 'not entitled (HTTP 401)' },
					{ place: 'crd/a', isRefused, reason: 'not entitled (HTTP 401)' },
				],
			});
		expect(judged(true)).toMatchObject({
			verdict: 'warning',
			met: expect.stringMatching(
				/^2 sub-spaces in 1 application; 1 to upload into, 0 archives; 1 of 1 that were tried can be listed \(at most 60 are tried, as long as the time lasts\), with 3 files; crd\/a, crd\/x: not entitled \(HTTP 401\)$/,
			),
		});
		expect(judged(false).verdict).toBe('failed');
	});
});

describe('SFTP', () => {
	it('tells an organization that is not in the home', () => {
		expect(judgeHome('password', 2, 15).verdict).toBe('ok');
		expect(judgeHome('key', 1, undefined)).toMatchObject({
			verdict: 'warning',
			met: expect.stringContaining('login by key'),
		});
	});

	it.each([
		[
			[
				{ algorithm: 'ssh-ed25519', key: 'A', pinned: true },
				{ algorithm: 'ssh-rsa', key: 'B', pinned: false },
			],
			['A'],
			'ok',
		],
		[
			[
				{ algorithm: 'ssh-ed25519', key: 'A', pinned: false },
				{ algorithm: 'ssh-rsa', key: 'B', pinned: true },
			],
			['B'],
			'warning',
		],
		[[{ algorithm: 'ssh-ed25519', key: 'A', pinned: false }], ['B'], 'failed'],
		[[{ algorithm: 'ssh-ed25519', key: 'A', pinned: false }], [], 'warning'],
		[[{ algorithm: 'ssh-ed25519', reason: 'cut' }], [], 'failed'],
		[[], [], 'skipped'],
	])('host keys %j with %j pinned are %s', (met, pinned, verdict) =>
		expect(judgeHostKeys(met, pinned).verdict).toBe(verdict),
	);

	it.each([
		['curve25519-sha256', 'ssh-ed25519', 'aes128-gcm@openssh.com', '', 'ok'],
		['diffie-hellman-group14-sha1', 'ssh-rsa', 'aes128-ctr', 'hmac-sha1', 'warning'],
		['mlkem768x25519-sha256', 'ssh-ed25519', 'aes128-ctr', 'hmac-sha2-256', 'failed'],
		['curve25519-sha256', 'ssh-ed25519', 'aes128-ctr', 'umac-64@openssh.com', 'failed'],
	])('an offer of %s, %s, %s, %s is %s', (kex, hostKey, cipher, mac, verdict) => {
		expect(
			judgeOffer('h:22', {
				identification: 'SSH-2.0-x',
				kex: [kex],
				hostKeys: [hostKey],
				ciphers: [cipher],
				macs: [mac],
			}).verdict,
		).toBe(verdict);
	});
});
