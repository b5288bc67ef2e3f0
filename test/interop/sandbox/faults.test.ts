import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { FAULTS, type Effect, type Where } from '../../../sandbox/faults';
import { startSandbox, type Sandbox } from '../../../sandbox/sandbox';
import { CURL, describeWith, OPENSSH } from '../../support/needs';
import { openSshSftp } from '../../support/openssh-sftp';
import { runProgram } from '../../support/program';

const REPORT = ['0001', 'crd', 'reports', 'report.bin'];
const FILING = ['0001', 'crd', 'incoming_filings', 'filing.bin'];
const content = randomBytes(2_000_001);

/** What curl's exit codes mean. */
const CURL_SAYS: Record<number, string> = { 0: 'ok', 18: 'partial', 28: 'timeout', 52: 'empty reply', 55: 'send failed', 56: 'reset' };

let sandbox: Sandbox;
let folder: string;
const covered = new Set<string>();

beforeAll(async () => {
	sandbox = await startSandbox();
	folder = await mkdtemp(join(tmpdir(), 'filex-faults-'));
	await writeFile(join(folder, 'filing.bin'), content);
	await sandbox.store.publish(REPORT, Readable.from([content]));
});
afterEach(() => sandbox.faults.clear());
afterAll(async () => {
	await rm(folder, { recursive: true, force: true });
	await sandbox.close();
});

function strike(where: Where, effect: Effect, more: object = {}): void {
	covered.add(`${where} ${effect}`);
	sandbox.faults.add({ where, effect, times: 1, ...more });
}

const arrived = () => sandbox.submissions.arrivals().length;

describeWith(CURL, 'faults over HTTP, as curl sees them', () => {
	/** Runs curl; gives how it ended, the status, the seconds and the body's size. */
	async function curl(...args: string[]) {
		const { code, stdout } = await runProgram('curl', ['-s', '-o', join(folder, 'got'), '-w', '%{http_code} %{time_total} %{size_download}', ...args]);
		const [status, seconds, size] = stdout.split(' ').map(Number);
		return { end: CURL_SAYS[code] ?? code, status, seconds: seconds!, size };
	}
	const got = async () => await readFile(join(folder, 'got'), 'utf8').catch(() => '');
	const token = () => sandbox.tokens.issue(sandbox.accounts.find('demo')!).token;
	const headers = () => ['-H', `Authorization: Bearer ${token()}`];
	const fipUrl = () => `${sandbox.info.fip}/fip/rest/ews/oauth2/access_token?grant_type=client_credentials`;
	const presigned = (method: 'GET' | 'PUT') =>
		method === 'GET' ? sandbox.s3Keys.presign('GET', REPORT, 'demo') : sandbox.s3Keys.presign('PUT', FILING, 'demo', sandbox.submissions.request('demo', FILING));

	/** A request to each route. */
	const requests: Partial<Record<Where, () => Promise<Awaited<ReturnType<typeof curl>>>>> = {
		'fip.token': async () => await curl('-X', 'POST', '-u', `demo:${sandbox.accounts.find('demo')!.password}`, fipUrl()),
		'rest.list': async () => await curl(...headers(), `${sandbox.info.rest}/files/0001/crd/reports`),
		'rest.download': async () => await curl(...headers(), `${sandbox.info.rest}/files/${REPORT.join('/')}`),
		'rest.upload': async () => await curl(...headers(), '-X', 'PUT', `${sandbox.info.rest}/files/${FILING.join('/')}`),
		'rest.tracking': async () => await curl(...headers(), `${sandbox.info.rest}/tracking`),
		'rest.s3-token': async () => await curl(...headers(), `${sandbox.info.rest}/S3TransferTokens/0001/crd`),
		'rest.health': async () => await curl(`${sandbox.info.rest}/health`),
		's3.get': async () => await curl('--max-time', '3', presigned('GET')),
		's3.put': async () => await curl('-T', join(folder, 'filing.bin'), presigned('PUT')),
	};

	describe.each(Object.entries(requests))('%s', (name, request) => {
		const where = name as Where;
		const effects: readonly Effect[] = FAULTS[where];

		it('is slow, fails, is unavailable, drops the connection, loses its answer; and then works', async () => {
			strike(where, 'delay', { seconds: 0.4 });
			const slow = await request();
			expect(slow).toMatchObject({ end: 'ok', status: 200 });
			expect(slow.seconds).toBeGreaterThanOrEqual(0.4);
			strike(where, 'fail');
			expect(await request()).toMatchObject({ end: 'ok', status: 500 });
			strike(where, 'unavailable');
			expect(await request()).toMatchObject({ end: 'ok', status: 503 });
			if (where.startsWith('s3')) expect(await got()).toContain('<Code>SlowDown</Code>');
			const before = arrived();
			strike(where, 'drop');
			expect((await request()).end).toMatch(/empty reply|reset|send failed/);
			expect(arrived()).toBe(before);
			strike(where, 'lose');
			expect((await request()).end).toMatch(/empty reply|reset/);
			if (where === 's3.put') expect(arrived()).toBe(before + 1);
			expect(await request()).toMatchObject({ end: 'ok', status: 200 });
		});

		if (effects.includes('revoked')) {
			it('finds the token revoked, in mid-run', async () => {
				strike(where, 'revoked', { after: 1 });
				expect(await request()).toMatchObject({ status: 200 });
				expect(await request()).toMatchObject({ status: 401 });
				expect(await request()).toMatchObject({ status: 200 });
			});
		}
	});

	it('a token that was revoked stays revoked', async () => {
		const one = ['-H', `Authorization: Bearer ${token()}`, `${sandbox.info.rest}/files/0001`];
		strike('rest.list', 'revoked');
		expect(await curl(...one)).toMatchObject({ status: 401 });
		expect(await curl(...one)).toMatchObject({ status: 401 });
	});

	it('a listing is empty, or cut', async () => {
		strike('rest.list', 'empty');
		await requests['rest.list']!();
		expect(JSON.parse(await got())).toMatchObject({ name: 'reports', children: [] });
		strike('rest.list', 'cut');
		expect(await requests['rest.list']!()).toMatchObject({ end: 'partial', status: 200 });
	});

	it.each([
		['cut', { end: 'partial', status: 200, size: 1_000_000 }],
		['stall', { end: 'timeout', status: 200, size: 1_000_000 }],
		['truncated', { end: 'ok', status: 200, size: 1_000_000 }],
		['wrong-length', { end: 'ok', status: 200, size: 2_000_000 }],
		['expired', { end: 'ok', status: 403 }],
	] as const)('a download: %s', async (effect, outcome) => {
		strike('s3.get', effect);
		expect(await requests['s3.get']!()).toMatchObject(outcome);
		if (effect === 'expired') expect(await got()).toContain('Request has expired');
	});

	it.each([
		['cut', /reset|send failed|empty reply/],
		['disk-full', /ok/],
		['expired', /ok/],
	] as const)('an upload: %s, and it is no submission', async (effect, end) => {
		const before = arrived();
		strike('s3.put', effect);
		const outcome = await requests['s3.put']!();
		expect(outcome.end).toMatch(end);
		expect(outcome.status).not.toBe(200);
		expect(arrived()).toBe(before);
	});
});

describeWith(OPENSSH, 'faults over SFTP, as OpenSSH sees them', () => {
	const run = async (...commands: string[]) => await openSshSftp(sandbox.info, folder, commands, 20_000);
	const get = `get /${REPORT.join('/')} got`;
	const put = `put filing.bin /${FILING.join('/')}`;

	it.each([
		['sftp.list', 'fail', 'ls /0001/crd/reports', /Failure/],
		['sftp.list', 'cut', 'ls /0001/crd/reports', /Connection|closed/i],
		['sftp.read', 'fail', get, /Failure/],
		['sftp.read', 'cut', get, /Connection|closed/i],
		['sftp.write', 'fail', put, /Failure/],
		['sftp.write', 'cut', put, /Connection|closed/i],
		['sftp.write', 'disk-full', put, /Failure|No space/],
		['sftp.login', 'drop', 'ls /', /Connection|closed/i],
		['sftp.login', 'too-many', 'ls /', /Connection|disconnect/i],
	] as const)('%s: %s', async (where, effect, command, says) => {
		const before = arrived();
		strike(where, effect);
		const failed = await run(command);
		expect(failed.code).not.toBe(0);
		expect(failed.stderr).toMatch(says);
		expect(arrived()).toBe(before);
		expect(await run(command)).toMatchObject({ code: 0 });
	});

	it.each(['short', 'reorder'] as const)('reads answered %s come out right', async (effect) => {
		strike('sftp.read', effect);
		expect(await run(get)).toMatchObject({ code: 0 });
		expect((await readFile(join(folder, 'got'))).equals(content)).toBe(true);
	});

	it('a listing is momentarily empty', async () => {
		strike('sftp.list', 'empty');
		expect((await run('ls /0001/crd/reports')).stdout).not.toContain('report.bin');
		expect((await run('ls /0001/crd/reports')).stdout).toContain('report.bin');
	});

	it('an upload is filed, though its answer is lost', async () => {
		const before = arrived();
		strike('sftp.write', 'lose');
		expect((await run(put)).code).not.toBe(0);
		expect(arrived()).toBe(before + 1);
	});

	it.each([
		['sftp.list', 'ls /0001/crd/reports'],
		['sftp.read', get],
		['sftp.write', put],
		['sftp.login', 'ls /'],
	] as const)('%s is slow', async (where, command) => {
		strike(where, 'delay', { seconds: 0.5 });
		const start = Date.now();
		expect(await run(command)).toMatchObject({ code: 0 });
		expect(Date.now() - start).toBeGreaterThanOrEqual(500);
	});

	it.each([
		['sftp.read', get],
		['sftp.write', put],
	] as const)('%s stalls', async (where, command) => {
		const before = arrived();
		strike(where, 'stall');
		expect((await openSshSftp(sandbox.info, folder, [command], 3_000)).code).toBe(-1);
		expect(arrived()).toBe(before);
	});
});

it('every fault of these routes was seen to strike', () => {
	const routes = (Object.keys(FAULTS) as Where[]).filter((where) => !/^s3\.(head|list|multipart|part|complete)$/.test(where));
	const all = routes.flatMap((where) => FAULTS[where].map((effect) => `${where} ${effect}`));
	expect(all.filter((each) => !covered.has(each))).toEqual([]);
});
