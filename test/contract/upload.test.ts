import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { axiosFileXHttp, openFileSpace, type AccessMethod, type FileContent, type FileSpace } from '../../filex';
import { LoginGuard } from '../../filex/fip/login-guard';
import { SftpSlots } from '../../filex/sftp/slots';
import type { Effect, Where } from '../../sandbox/faults';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox';
import { loginOf, sandboxAccount } from '../support/accounts';

const FILING = { orgId: '0001', application: 'focus', subSpace: 'in', name: "o'brien=1&2,3@x!.zip" };
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

const contentOf = (bytes: Buffer): FileContent => ({
	size: bytes.length,
	open: async () => Readable.from(bytes.length === 0 ? [] : [bytes.subarray(0, 1), bytes.subarray(1)]),
});

/** One contract for uploads, whatever the access method: `filex/` against the sandbox, over real sockets. */
describe.each<AccessMethod>(['rest', 's3', 'sftp'])('an upload over %s', (method) => {
	let sandbox: Sandbox;
	let space: FileSpace;

	const open = (fields: object = {}): FileSpace => {
		const account = sandboxAccount(sandbox.info, fields);
		const guard = new LoginGuard();
		return openFileSpace(account, method, { http: axiosFileXHttp(account, { guard }), guard, slots: new SftpSlots() });
	};
	const send = async (content: FileContent, { file = FILING, signal = new AbortController().signal } = {}) =>
		await (await space.requestUpload(file)).send(content, signal);
	const arrivals = () => sandbox.submissions.arrivals();

	beforeEach(async () => {
		sandbox = await startSandbox();
		space = open();
	});
	afterEach(async () => {
		await space.close();
		await sandbox.close();
	});

	it.each([0, 1, 32_768, 5_000_003])('submits %i bytes, whole and hashed', async (size) => {
		const bytes = randomBytes(size);
		expect(await send(contentOf(bytes))).toEqual({ outcome: 'accepted', sha256: sha256(bytes) });
		expect(arrivals()).toMatchObject([{ name: FILING.name, method, size, sha256: sha256(bytes), unusable: null }]);
	});

	it('sends nothing before it is told to', async () => {
		const request = await space.requestUpload(FILING);
		expect(request.trackingId === undefined).toBe(method !== 'rest');
		expect(arrivals()).toEqual([]);
		expect(sandbox.log.count('s3', /^PUT/) + sandbox.log.count('sftp', /^OPEN/)).toBe(0);
	});

	it.each([
		['fewer', 10],
		['more', 2],
	])('submits nothing of a file that has %s bytes than it says', async (_which, size) => {
		const outcome = await send({ size, open: async () => Readable.from([Buffer.from('five!')]) });
		expect(outcome).toMatchObject({ outcome: 'rejected', mayRepeat: false, error: { kind: 'incomplete', message: expect.stringContaining("The content of '0001/focus/in/") } });
		expect(arrivals()).toEqual([]);
	});

	it('submits nothing of a file that cannot be read to its end', async () => {
		const source = new Readable({ read: () => {} });
		source.push(Buffer.alloc(100));
		const open = async () => {
			setTimeout(() => source.destroy(Object.assign(new Error('gone'), { code: 'EIO' })), 50);
			return source;
		};
		expect(await send({ size: 1000, open })).toMatchObject({ outcome: 'rejected', error: { message: expect.stringContaining('EIO') } });
		expect(arrivals()).toEqual([]);
	});

	it('says that it knows nothing when it is stopped in mid-file, and nothing is submitted', async () => {
		const stop = new AbortController();
		const source = new Readable({ read: () => {} });
		source.push(Buffer.alloc(100_000));
		const open = async () => {
			setTimeout(() => stop.abort(), 100);
			return source;
		};
		expect(await send({ size: 200_000, open }, { signal: stop.signal })).toMatchObject({ outcome: 'unknown', error: { kind: 'outcome-unknown' } });
		expect(arrivals()).toEqual([]);
	});

	const FAULTS: Record<AccessMethod, Array<[Where, Effect, string, number]>> = {
		rest: [
			['s3.put', 'expired', 'rejected, may be repeated', 0],
			['s3.put', 'unavailable', 'rejected, may be repeated', 0],
			['s3.put', 'fail', 'unknown', 0],
			['s3.put', 'drop', 'unknown', 0],
			['s3.put', 'cut', 'unknown', 0],
			['s3.put', 'lose', 'unknown', 1],
		],
		s3: [
			['s3.put', 'expired', 'rejected, may be repeated', 0],
			['s3.put', 'unavailable', 'rejected, may be repeated', 0],
			['s3.put', 'fail', 'unknown', 0],
			['s3.put', 'disk-full', 'unknown', 0],
			['s3.put', 'drop', 'unknown', 0],
			['s3.put', 'cut', 'unknown', 0],
			['s3.put', 'lose', 'unknown', 1],
		],
		sftp: [
			['sftp.write', 'cut', 'unknown', 0],
			['sftp.write', 'lose', 'unknown', 1],
			['sftp.write', 'disk-full', 'rejected', 0],
			['sftp.write', 'fail', 'rejected', 0],
		],
	};
	it.each(FAULTS[method])('%s: %s: is %s, and %i filed', async (where, effect, wanted, filed) => {
		sandbox.faults.add({ where, effect, times: 1 });
		const outcome = await send(contentOf(randomBytes(300_000)));
		const mayRepeat = outcome.outcome === 'rejected' && outcome.mayRepeat;
		expect(`${outcome.outcome}${mayRepeat ? ', may be repeated' : ''}`).toBe(wanted);
		expect(arrivals()).toHaveLength(filed);
		expect((await send(contentOf(Buffer.from('next')), { file: { ...FILING, name: 'next' } })).outcome).toBe('accepted');
	});

	it('tells a place that takes no uploads from one that is not there', async () => {
		const wrong = async (file: object) => {
			try {
				const outcome = await send(contentOf(Buffer.from('x')), { file: { ...FILING, ...file } });
				return outcome.outcome === 'rejected' ? outcome.error.kind : outcome.outcome;
			} catch (error) {
				return (error as { kind: string }).kind;
			}
		};
		expect(await wrong({ subSpace: 'out' })).toMatch(/not-found|entitlement/);
		expect(await wrong({ subSpace: 'nowhere' })).toMatch(/not-found|entitlement/);
		expect(arrivals()).toEqual([]);
	});

	it('refuses an account that may only download', async () => {
		await space.close();
		space = open(loginOf(sandbox.info, 'downloadonly'));
		const outcome = await send(contentOf(Buffer.from('x'))).catch((error: unknown) => ({ outcome: 'rejected', error }));
		expect(outcome).toMatchObject({ outcome: 'rejected', error: { kind: expect.stringMatching(/entitlement|not-found/) } });
		expect(arrivals()).toEqual([]);
	});
});

describe('an upload over SFTP', () => {
	it('sends open, write and close, and nothing else', async () => {
		const sandbox = await startSandbox();
		const account = sandboxAccount(sandbox.info);
		const guard = new LoginGuard();
		const space = openFileSpace(account, 'sftp', { http: axiosFileXHttp(account, { guard }), guard, slots: new SftpSlots() });
		try {
			await (await space.requestUpload(FILING)).send(contentOf(randomBytes(500_000)), new AbortController().signal);
			const requests = sandbox.log.all().filter(({ service }) => service === 'sftp').map(({ request }) => request.split(' ')[0]);
			expect(new Set(requests)).toEqual(new Set(['login', 'OPEN', 'CLOSE']));
		} finally {
			await space.close();
			await sandbox.close();
		}
	});
});
