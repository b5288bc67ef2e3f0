import { createHash, randomBytes, randomInt } from 'node:crypto';
import { Readable } from 'node:stream';
import { axiosFileXHttp, CheckedReader, openFileSpace, type AccessMethod, type FileSpace } from '../../filex';
import { LoginGuard } from '../../filex/fip/login-guard';
import { SftpSlots } from '../../filex/sftp/slots';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox';
import { sandboxAccount } from '../support/accounts';
import { startCuttingProxy, type CuttingProxy } from '../support/cutting-proxy';
import { Random } from '../load/mix/random';

const SIZE = 3_000_000;
const FILE = { orgId: '0001', application: 'crd', subSpace: 'reports', name: 'a.bin' };

/** `RESUME_SEED=123` repeats where connections are cut. */
const SEED = Number(process.env.RESUME_SEED ?? randomInt(2 ** 31));

/** Downloads over connections that break: `filex/` against the sandbox, through a proxy that cuts. */
describe.each<AccessMethod>(['rest', 'sftp'])(`a download over %s that breaks (seed ${SEED})`, (method) => {
	const content = randomBytes(SIZE);
	const sha256 = createHash('sha256').update(content).digest('hex');
	let sandbox: Sandbox;
	let proxy: CuttingProxy;
	let space: FileSpace;

	const publish = async (bytes: Buffer, at = new Date('2026-03-31T12:00:00Z')) =>
		await sandbox.store.publish(['0001', 'crd', 'reports', 'a.bin'], Readable.from([bytes]), at);

	beforeEach(async () => {
		sandbox = await startSandbox();
		await publish(content);
		const { host, port } = method === 'sftp' ? sandbox.info.sftp : { host: '127.0.0.1', port: Number(new URL(sandbox.info.s3).port) };
		proxy = await startCuttingProxy({ host, port });
		if (method === 'rest') sandbox.s3Keys.baseUrl = `http://127.0.0.1:${proxy.port}`;
		const account = sandboxAccount(sandbox.info, method === 'sftp' ? { sftpPort: proxy.port } : {});
		const guard = new LoginGuard();
		space = openFileSpace(account, method, { http: axiosFileXHttp(account, { guard }), guard, slots: new SftpSlots() });
	});
	afterEach(async () => {
		await space.close();
		await proxy.close();
		await sandbox.close();
	});

	/** Bytes after which the login and the answer to the first request are over. */
	const PREFACE = 8000;

	it('comes out whole after a cut anywhere, 20 times, and goes on from where it was', async () => {
		const random = new Random(SEED);
		const reader = new CheckedReader(space);
		for (let turn = 0; turn < 20; turn++) {
			const before = proxy.cuts();
			const offset = random.between(PREFACE, SIZE - PREFACE);
			// Over SFTP a connection is shared: what has passed over it counts on.
			await space.close();
			proxy.cutAfter(offset);
			const { stream, sha256: hash } = await reader.read(FILE);
			const got = Buffer.concat(await stream.toArray());
			expect({ turn, offset, cuts: proxy.cuts() - before, equal: got.equals(content), sha256: hash() }).toEqual({ turn, offset, cuts: 1, equal: true, sha256 });
		}
		const asked = method === 'rest' ? sandbox.log.count('s3', /^GET/) : sandbox.log.count('sftp', /^OPEN /);
		expect(asked).toBe(40);
	}, 120_000);

	it('is cut several times, and comes out whole', async () => {
		proxy.cutAfter(PREFACE, 500_000, 100_000, 700_000);
		const { stream } = await new CheckedReader(space).read(FILE);
		expect(Buffer.concat(await stream.toArray()).equals(content)).toBe(true);
		expect(proxy.cuts()).toBe(4);
	}, 60_000);

	it('fails when the file was replaced meanwhile', async () => {
		proxy.cutAfter(1_000_000);
		const { stream } = await new CheckedReader(space).read(FILE);
		const all = stream.toArray();
		while (proxy.cuts() === 0) await new Promise(setImmediate);
		await publish(randomBytes(SIZE), new Date('2026-03-31T13:00:00Z'));
		await expect(all).rejects.toMatchObject({ kind: 'incomplete', message: expect.stringContaining('was replaced while it was being downloaded'), retrySafe: true });
	}, 60_000);

	it('fails when it is taken up in vain, saying how far it came', async () => {
		proxy.cutAfter(1_000_000, ...Array.from({ length: 20 }, () => 0));
		const { stream } = await new CheckedReader(space).read(FILE);
		await expect(stream.toArray()).rejects.toMatchObject({ kind: expect.stringMatching(/unavailable|incomplete/), retrySafe: true });
	}, 60_000);
});
