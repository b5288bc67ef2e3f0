import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields } from '../support/accounts';
import { byName } from '../support/by-name';
import { type EngineOutcome, type EngineRun, runInProcess } from '../support/engine-process';
import { type Microsocks, startMicrosocks } from '../support/microsocks';
import { describeWith, MICROSOCKS, TINYPROXY } from '../support/needs';
import { startTinyproxy, type Tinyproxy } from '../support/tinyproxy';
import { filing } from '../support/filing';

const METHODS = ['rest', 's3', 'sftp'] as const;

const list = (accessMethod: string): EngineRun => ({
	node: {
		type: 'fileXList',
		parameters: {
			accessMethod,
			operation: 'files',
			application: byName('crd'),
			subSpace: byName('reports'),
			returnAll: true,
		},
	},
});
const download = (accessMethod: string): EngineRun => ({
	node: {
		type: 'fileXDownload',
		parameters: { accessMethod, selectBy: 'path', filePath: '0001/crd/reports/a.txt', binaryPropertyName: 'data' },
	},
});
const upload = (accessMethod: string): EngineRun => ({
	node: filing({ accessMethod, ifAlreadyFiled: 'fail' }),
	file: { name: `${accessMethod}.txt`, text: `sent over ${accessMethod}` },
});
const RUNS = METHODS.flatMap((method) => [list(method), download(method), upload(method)]);

/** HTTPS with a CA that only NODE_EXTRA_CA_CERTS knows, as where a firm's proxy inspects TLS, through a real proxy. */
describeWith(TINYPROXY, 'behind a proxy', () => {
	let sandbox: Sandbox;
	let proxy: Tinyproxy;
	let home: string;
	let ca: string;

	beforeAll(async () => {
		sandbox = await startSandbox({ tls: true });
		await sandbox.store.publish(['0001', 'crd', 'reports', 'a.txt'], Readable.from([Buffer.from('a report')]));
		proxy = await startTinyproxy({ login: 'mallory s3cret' });
		home = await mkdtemp(join(tmpdir(), 'filex-proxies-'));
		ca = join(home, 'ca.pem');
		await writeFile(ca, sandbox.info.certificate!);
	});
	afterAll(async () => {
		await proxy?.close();
		await sandbox?.close();
		await rm(home, { recursive: true, force: true });
	});
	beforeEach(() => {
		proxy.connected();
		sandbox.log.clear();
	});

	const url = (login = 'mallory:s3cret@') => `http://${login}127.0.0.1:${proxy.port}`;
	const throughSftpProxy = (password = 's3cret') => ({
		sftpProxyUrl: `http://127.0.0.1:${proxy.port}`,
		sftpProxyUsername: 'mallory',
		sftpProxyPassword: password,
	});
	const targets = () => {
		const { rest, fip, s3, sftp } = sandbox.info;
		return {
			rest: new URL(rest).host,
			fip: new URL(fip).host,
			s3: new URL(s3).host,
			sftp: `${sftp.host}:${sftp.port}`,
		};
	};
	const summary = (outcomes: EngineOutcome[]) =>
		outcomes.map(({ json, text, error }) => error ?? text ?? json?.name ?? json?.outcome);
	const ALL_WELL = METHODS.flatMap(() => ['a.txt', 'a report', 'accepted']);

	it('lists, downloads and uploads by every method through it, and tests the credential', async () => {
		const env = { HTTPS_PROXY: url(), HTTP_PROXY: url(), NO_PROXY: '', NODE_EXTRA_CA_CERTS: ca };
		const { outcomes, credentialTest } = await runInProcess(
			credentialFields(sandbox.info, throughSftpProxy()),
			RUNS,
			env,
		);
		expect(summary(outcomes)).toEqual(ALL_WELL);
		expect(credentialTest).toMatch(/^OK: Connected: 15 applications/);
		const { rest, fip, s3, sftp } = targets();
		expect(new Set(proxy.connected())).toEqual(new Set([rest, fip, s3, sftp]));
		expect(
			sandbox.submissions
				.arrivals()
				.map(({ name }) => name)
				.sort(),
		).toEqual(['rest.txt', 's3.txt', 'sftp.txt']);
	});

	it('is used where ALL_PROXY names it', async () => {
		const env = { ALL_PROXY: url(), NO_PROXY: '', NODE_EXTRA_CA_CERTS: ca };
		const { outcomes, credentialTest } = await runInProcess(
			credentialFields(sandbox.info, throughSftpProxy()),
			METHODS.map(download),
			env,
		);
		expect(summary(outcomes)).toEqual(METHODS.map(() => 'a report'));
		expect(credentialTest).toMatch(/^OK/);
		const { rest, fip, s3, sftp } = targets();
		expect(new Set(proxy.connected())).toEqual(new Set([rest, fip, s3, sftp]));
	});

	it('goes straight where NO_PROXY says so', async () => {
		const env = {
			HTTPS_PROXY: 'http://127.0.0.1:1',
			HTTP_PROXY: 'http://127.0.0.1:1',
			NO_PROXY: 'localhost,127.0.0.1',
			NODE_EXTRA_CA_CERTS: ca,
		};
		const { outcomes, credentialTest } = await runInProcess(credentialFields(sandbox.info), METHODS.map(download), env);
		expect(summary(outcomes)).toEqual(['a report', 'a report', 'a report']);
		expect(credentialTest).toMatch(/^OK/);
		expect(proxy.connected()).toEqual([]);
	});

	it('says so when the proxy is away or needs a login, and sends nothing to fileX', async () => {
		const away = await runInProcess(
			credentialFields(sandbox.info, { ...throughSftpProxy(), sftpProxyUrl: 'http://127.0.0.1:1' }),
			METHODS.map(download),
			{ HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: '', NODE_EXTRA_CA_CERTS: ca },
		);
		expect(away.outcomes.map(({ error }) => error)).toEqual([
			expect.stringMatching(/nothing listens there/),
			expect.stringMatching(/nothing listens there/),
			expect.stringMatching(/^No usable connection to the SFTP proxy http:\/\/127.0.0.1:1: nothing listens there/),
		]);
		const wrong = await runInProcess(
			credentialFields(sandbox.info, throughSftpProxy('wr0ng')),
			[download('sftp'), download('sftp')],
			{ NO_PROXY: '127.0.0.1,localhost', NODE_EXTRA_CA_CERTS: ca },
		);
		expect(wrong.outcomes.map(({ error }) => error)).toEqual([
			expect.stringMatching(
				/^Authorization of 'mallory' was refused by the SFTP proxy http:\/\/127.0.0.1:\d+ \(HTTP 40[17]\)/,
			),
			expect.stringMatching(/^Authorization of 'mallory' at http:\/\/127.0.0.1:\d+ was refused before/),
		]);
		const wrongForS3 = await runInProcess(credentialFields(sandbox.info), [list('s3'), upload('s3'), list('s3')], {
			HTTPS_PROXY: url('mallory:wr0ng@'),
			NO_PROXY: new URL(sandbox.info.rest).host,
			NODE_EXTRA_CA_CERTS: ca,
		});
		expect(
			wrongForS3.outcomes.every(({ error }) =>
				/407|401|refused before|proxy|was not answered 2 times/i.test(error ?? ''),
			),
		).toBe(true);
		const noLogin = await runInProcess(credentialFields(sandbox.info), METHODS.map(download), {
			HTTPS_PROXY: url(''),
			NO_PROXY: '',
			NODE_EXTRA_CA_CERTS: ca,
		});
		expect(noLogin.outcomes.slice(0, 2).map(({ error }) => error)).toEqual([
			expect.stringMatching(/407|login/),
			expect.stringMatching(/407|login/),
		]);
		expect(JSON.stringify([away, wrong, wrongForS3, noLogin])).not.toMatch(/s3cret|wr0ng/);
		expect(sandbox.submissions.arrivals()).toHaveLength(3);
	});

	it('names the CA setting when a certificate is not trusted', async () => {
		const { outcomes } = await runInProcess(credentialFields(sandbox.info), [download('rest')], {
			NO_PROXY: 'localhost,127.0.0.1',
		});
		expect(outcomes[0]!.error).toMatch(/TLS certificate/);
		expect(outcomes[0]!.description).toMatch(/NODE_EXTRA_CA_CERTS/);
	});
});

describe("n8n's outbound policy", () => {
	it('applies to every method, and says what would allow a connection', async () => {
		const sandbox = await startSandbox();
		await sandbox.store.publish(['0001', 'crd', 'reports', 'a.txt'], Readable.from([Buffer.from('a report')]));
		try {
			const policy = { N8N_SSRF_PROTECTION_ENABLED: 'true', N8N_SSRF_BLOCKED_IP_RANGES: '127.0.0.0/8' };
			const { outcomes } = await runInProcess(credentialFields(sandbox.info), METHODS.map(download), policy);
			const refused = {
				error: expect.stringMatching(/^n8n's outbound policy does not allow a connection to 127.0.0.1:\d+/),
				description: expect.stringMatching(/N8N_SSRF_ALLOWED_IP_RANGES/),
			};
			expect(outcomes).toMatchObject(METHODS.map(() => refused));
			expect(sandbox.log.all().filter(({ service, request }) => service === 's3' || /crd/.test(request))).toEqual([]);
			const allowed = await runInProcess(credentialFields(sandbox.info), METHODS.map(download), {
				...policy,
				N8N_SSRF_ALLOWED_IP_RANGES: '127.0.0.1/32',
			});
			expect(allowed.outcomes.map(({ text }) => text)).toEqual(METHODS.map(() => 'a report'));
		} finally {
			await sandbox.close();
		}
	});
});

describeWith(TINYPROXY, 'a proxy that lets no connections to other ports through', () => {
	it('is named, with what to ask for', async () => {
		const sandbox = await startSandbox();
		const proxy = await startTinyproxy({ ports: [443] });
		try {
			const { outcomes } = await runInProcess(
				credentialFields(sandbox.info, { sftpProxyUrl: `http://127.0.0.1:${proxy.port}` }),
				[download('sftp')],
			);
			expect(outcomes[0]!.error).toMatch(
				new RegExp(
					`^The SFTP proxy http://127.0.0.1:${proxy.port} did not let a connection through to 127.0.0.1:${sandbox.info.sftp.port} \\(HTTP 403\\)`,
				),
			);
			expect(outcomes[0]!.description).toMatch(/allow CONNECT/);
		} finally {
			await proxy.close();
			await sandbox.close();
		}
	});
});

describeWith(MICROSOCKS, 'behind a SOCKS proxy', () => {
	let sandbox: Sandbox;
	let proxy: Microsocks;

	beforeAll(async () => {
		sandbox = await startSandbox();
		await sandbox.store.publish(['0001', 'crd', 'reports', 'a.txt'], Readable.from([Buffer.from('a report')]));
		proxy = await startMicrosocks(['mallory', 's3cret']);
	});
	afterAll(async () => {
		await proxy.close();
		await sandbox.close();
	});

	it('reaches SFTP and the storage through it, and says what n8n itself cannot', async () => {
		const { rest, fip, s3, sftp } = sandbox.info;
		const fields = credentialFields(sandbox.info, {
			sftpProxyUrl: `socks5://127.0.0.1:${proxy.port}`,
			sftpProxyUsername: 'mallory',
			sftpProxyPassword: 's3cret',
		});
		const ALL_PROXY = `socks5h://mallory:s3cret@127.0.0.1:${proxy.port}`;
		const own = { ALL_PROXY, NO_PROXY: [rest, fip].map((url) => new URL(url).host).join(',') };
		const runs = METHODS.flatMap((method) => [download(method), upload(method)]);
		const { outcomes } = await runInProcess(fields, runs, own);
		expect(outcomes.map(({ text, json, error }) => error ?? text ?? json?.outcome)).toEqual(
			METHODS.flatMap(() => ['a report', 'accepted']),
		);
		expect(new Set(proxy.connected())).toEqual(new Set([new URL(s3).host, `${sftp.host}:${sftp.port}`]));
		const all = await runInProcess(fields, [list('rest'), list('sftp')], { ALL_PROXY, NO_PROXY: '' });
		expect(all.outcomes[0]!.error).toMatch(/^n8n cannot use the SOCKS proxy that 'ALL_PROXY' names/);
		expect(all.outcomes[1]!.json?.name).toBe('a.txt');
		expect(all.credentialTest).toMatch(/n8n cannot use the SOCKS proxy that 'ALL_PROXY' names/);
	});

	it('is logged in to with a password that has a bare %', async () => {
		const odd = await startMicrosocks(['mallory', 'p%ss%41%']);
		try {
			const { rest, fip } = sandbox.info;
			const { outcomes } = await runInProcess(credentialFields(sandbox.info), [download('s3')], {
				ALL_PROXY: `socks5://mallory:p%ss%2541%@127.0.0.1:${odd.port}`,
				NO_PROXY: [rest, fip].map((url) => new URL(url).host).join(','),
			});
			expect(outcomes[0]).toMatchObject({ text: 'a report' });
			expect(odd.connected()).toContain(new URL(sandbox.info.s3).host);
		} finally {
			await odd.close();
		}
	});

	it('is told that its login was refused, once, and when it is away', async () => {
		const fields = (port: number, password: string) =>
			credentialFields(sandbox.info, {
				sftpProxyUrl: `socks5://127.0.0.1:${port}`,
				sftpProxyUsername: 'mallory',
				sftpProxyPassword: password,
			});
		const wrong = await runInProcess(fields(proxy.port, 'wr0ng'), [list('sftp'), list('sftp')]);
		expect(wrong.outcomes.map(({ error }) => error)).toEqual([
			expect.stringMatching(/^Authorization of 'mallory' was refused by the SFTP proxy socks5:/),
			expect.stringMatching(/^Authorization of 'mallory' at socks5:.* was refused before/),
		]);
		const away = await runInProcess(fields(1, 's3cret'), [list('sftp')]);
		expect(away.outcomes[0]!.error).toMatch(/^No usable connection to the SFTP proxy socks5:.*nothing listens there/);
		expect(JSON.stringify([wrong, away])).not.toMatch(/s3cret|wr0ng/);
	});
});
