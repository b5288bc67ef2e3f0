import { Readable } from 'node:stream';
import { axiosFileXHttp, axiosHttp, type FileSpace, openFileSpace, serviceHealth } from '../../filex';
import { LoginGuard } from '../../filex/account/login-guard';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { URL_SHAPES } from '../../sandbox/settings';
import { sandboxAccount } from '../support/accounts';

const FILE = { orgId: '0001', application: 'crd', subSpace: 'reports', name: 'a.pdf' };

describe('REST alone', () => {
	let sandbox: Sandbox;
	let space: FileSpace;

	beforeAll(async () => {
		sandbox = await startSandbox();
		await sandbox.store.publish(['0001', 'crd', 'reports', 'a.pdf'], Readable.from(['%PDF']));
	});
	beforeEach(() => {
		const account = sandboxAccount(sandbox.info);
		space = openFileSpace(account, 'rest', { http: axiosFileXHttp(account, { guard: new LoginGuard() }) });
		sandbox.log.clear();
	});
	afterEach(() => sandbox.faults.clear());
	afterAll(async () => await sandbox.close());

	it('renews a token that was revoked in mid-run', async () => {
		await space.list(FILE);
		sandbox.tokens.revokeAll();
		expect(await space.list(FILE)).toHaveLength(1);
		expect(sandbox.log.count('fip', 'token', '200')).toBe(2);
	});

	it('asks for a new URL when the first one expired before its use', async () => {
		sandbox.faults.add({ where: 's3.get', effect: 'expired', times: 1 });
		const { stream } = await space.read(FILE);
		expect(await stream.toArray()).toEqual([Buffer.from('%PDF')]);
		expect(sandbox.log.count('s3', /^GET/, '403 AccessDenied')).toBe(1);
	});

	it('says so when URLs keep expiring, without showing one', async () => {
		sandbox.faults.add({ where: 's3.get', effect: 'expired', times: 9 });
		const error = await space.read(FILE).catch((thrown: Error) => thrown);
		expect(error).toMatchObject({ kind: 'expired-url', httpStatus: 403, retrySafe: true });
		expect(JSON.stringify(error)).not.toMatch(/X-Amz|Signature/);
		expect(sandbox.log.count('s3', /^GET/)).toBe(2);
	});

	it('never sends the token to the storage', async () => {
		const { stream } = await space.read(FILE);
		stream.destroy();
		// The sandbox's storage answers 400 to any Authorization header, as S3 does.
		expect(sandbox.log.count('s3', /^GET/, '200')).toBe(1);
	});

	it('tells a FIP that is unavailable from one that refuses', async () => {
		sandbox.faults.add({ where: 'fip.token', effect: 'fail', times: 1 });
		await expect(space.list(FILE)).rejects.toMatchObject({ kind: 'unavailable', httpStatus: 500, retrySafe: true });
	});

	it('reads the service health without a login', async () => {
		expect(await serviceHealth({ ...axiosFileXHttp(sandboxAccount(sandbox.info)) }, sandbox.info.rest)).toMatchObject({
			healthy: true,
			httpStatus: 200,
			details: { status: 'UP' },
		});
		expect(sandbox.log.count('fip', 'token')).toBe(0);
	});
});

describe('REST, however the pre-signed URL comes back', () => {
	let sandbox: Sandbox;

	beforeAll(async () => {
		sandbox = await startSandbox();
		await sandbox.store.publish(['0001', 'crd', 'reports', 'a.pdf'], Readable.from(['%PDF']));
	});
	afterAll(async () => await sandbox.close());

	it.each(URL_SHAPES)('%s', async (urlShape) => {
		sandbox.settings.change({ urlShape });
		const account = sandboxAccount(sandbox.info);
		const space = openFileSpace(account, 'rest', { http: axiosFileXHttp(account, { guard: new LoginGuard() }) });
		const { stream } = await space.read(FILE);
		expect(Buffer.concat(await stream.toArray()).toString()).toBe('%PDF');
	});
});

describe("the sandbox's pre-signed URLs", () => {
	let sandbox: Sandbox;
	let url: string;

	beforeAll(async () => {
		sandbox = await startSandbox();
		await sandbox.store.publish(['0001', 'crd', 'reports', 'a.pdf'], Readable.from(['%PDF']));
		const account = sandboxAccount(sandbox.info);
		const answer = await axiosFileXHttp(account, { guard: new LoginGuard() }).authorized({
			method: 'GET',
			url: `${sandbox.info.rest}/files/0001/crd/reports/a.pdf`,
		});
		url = (JSON.parse(answer.body) as { url: string }).url;
	});
	afterAll(async () => await sandbox.close());

	it('work, and only as signed', async () => {
		expect((await fetch(url)).status).toBe(200);
		expect((await fetch(url.replace('a.pdf', 'b.pdf'))).status).toBe(403);
		expect((await fetch(url.replace('Expires=60', 'Expires=999'))).status).toBe(403);
	});

	it("expire, with S3's own words", async () => {
		sandbox.settings.change({ clockOffsetSeconds: 120 });
		const answer = await axiosHttp.text({ method: 'GET', url });
		expect(answer.status).toBe(403);
		expect(answer.body).toMatch(/<Code>AccessDenied<\/Code><Message>Request has expired<\/Message>/);
	});
});
