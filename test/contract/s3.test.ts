import { createHash, randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { CheckedReader, type FileContent, type FileSpace, type UploadOutcome } from '../../filex';
import type { Effect, Where } from '../../sandbox/faults';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { sandboxAccount } from '../support/accounts';
import { openSpace } from '../support/spaces';

const MIB = 2 ** 20;
const REPORTS = { orgId: '0001', application: 'crd', subSpace: 'reports' };
const FILING = { orgId: '0001', application: 'focus', subSpace: 'in', name: 'a.zip' };
const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Bytes that come in pieces of no particular size, with a pause after each piece. */
function contentOf(bytes: Buffer, pause = 0, piece = 1_000_003): FileContent {
	const pieces = async function* () {
		for (let at = 0; at < bytes.length; at += piece) {
			yield bytes.subarray(at, at + piece);
			if (pause > 0) await sleep(pause);
		}
	};
	return { size: bytes.length, open: async () => Readable.from(pieces(), { objectMode: false }) };
}

describe('S3 Direct alone', () => {
	let sandbox: Sandbox;
	let space: FileSpace;
	const open = (fields: object = {}): FileSpace => openSpace(sandboxAccount(sandbox.info, fields), 's3');
	const publish = async (name: string, content: Buffer) =>
		await sandbox.store.publish(['0001', 'crd', 'reports', name], Readable.from([content]));
	const send = async (content: FileContent, signal = new AbortController().signal): Promise<UploadOutcome> =>
		await (await space.requestUpload(FILING)).send(content, signal);
	const arrivals = () => sandbox.submissions.arrivals();
	const tokens = () => sandbox.log.count('rest', /^GET \/S3TransferTokens/, '200');
	const expired = () => sandbox.log.all().filter(({ outcome }) => outcome.includes('ExpiredToken')).length;
	/** Uploads that were begun and neither completed nor thrown away. */
	const leftovers = () => Number(sandbox.database.prepare('SELECT count(*) AS count FROM uploads').get()!.count);

	beforeEach(async () => {
		sandbox = await startSandbox();
		space = open();
	});
	afterEach(async () => {
		await space.close();
		await sandbox.close();
	});

	describe('its token', () => {
		it('is asked for once for an application, by however many calls at a time', async () => {
			await publish('a.bin', Buffer.from('a'));
			await Promise.all([
				space.list(REPORTS),
				space.list(REPORTS),
				space.read({ ...REPORTS, name: 'a.bin' }).then(({ stream }) => stream.destroy()),
			]);
			expect(tokens()).toBe(1);
			await space.list({ ...REPORTS, application: 'focus', subSpace: 'out' });
			expect(tokens()).toBe(2);
		});

		it('is renewed before its end, in the middle of an upload', async () => {
			// It is renewed two seconds before its end: time for a machine that lags.
			sandbox.settings.change({ s3TokenSeconds: 10 });
			const bytes = randomBytes(80 * MIB);
			const outcome = await send(contentOf(bytes, 130));
			expect(outcome).toMatchObject({ outcome: 'accepted', sha256: hash(bytes) });
			expect(arrivals()).toMatchObject([{ method: 's3', sha256: hash(bytes) }]);
			expect(tokens()).toBeGreaterThan(1);
			expect(expired()).toBe(0);
		});

		it('that keeps expiring is reported, with no secret in it', async () => {
			sandbox.faults.add({ where: 's3.list', effect: 'expired', times: 9 });
			const error = await space.list(REPORTS).catch((thrown: Error) => thrown);
			expect(error).toMatchObject({ kind: 'expired-url', retrySafe: true });
			expect(JSON.stringify(error)).not.toMatch(/ASIA|X-Amz|Signature|Bearer/);
			expect(expired()).toBe(2);
		});
	});

	describe('a listing', () => {
		it('of 2,500 files comes in pages, and whole', async () => {
			for (let index = 0; index < 2500; index++) await publish(`n${index}.txt`, Buffer.from('x'));
			const names = (await space.list(REPORTS)).map(({ name }) => name);
			expect(new Set(names).size).toBe(2500);
			expect(sandbox.log.count('s3', /^GET/, '200')).toBe(3);
		});

		it('that fails on its second page is none', async () => {
			for (let index = 0; index < 1001; index++) await publish(`n${index}.txt`, Buffer.from('x'));
			sandbox.faults.add({ where: 's3.list', effect: 'unavailable', times: 9, after: 1 });
			await expect(space.list(REPORTS)).rejects.toMatchObject({
				kind: 'unavailable',
				httpStatus: 503,
				retrySafe: true,
			});
		});

		it('outlives a service that asks to slow down', async () => {
			sandbox.faults.add({ where: 's3.list', effect: 'unavailable', times: 2 });
			expect(await space.list(REPORTS)).toEqual([]);
		});

		it('of an upload sub-space is refused: its files are outside what the token reads', async () => {
			await expect(space.list({ ...REPORTS, application: 'focus', subSpace: 'in' })).rejects.toMatchObject({
				kind: 'entitlement',
				message: "This account may not read '0001/focus/in' over S3 Direct",
				hint: expect.stringContaining('archive'),
			});
			expect(sandbox.log.count('s3', /./)).toBe(0);
		});
	});

	describe('a download', () => {
		it('is taken up where it is asked to, if the file is still the same', async () => {
			const bytes = randomBytes(20 * MIB);
			await publish('resumed.bin', bytes);
			const file = { ...REPORTS, name: 'resumed.bin' };
			const first = await space.read(file);
			first.stream.destroy();
			const { stream } = await space.read(file, { from: 12_345_678, version: first.version! });
			expect(Buffer.concat(await stream.toArray()).equals(bytes.subarray(12_345_678))).toBe(true);
			await publish('resumed.bin', randomBytes(20 * MIB));
			await expect(space.read(file, { from: 5, version: first.version! })).rejects.toMatchObject({
				kind: 'incomplete',
			});
		});

		it.each([8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 70 * MIB + 7])(
			'of %i bytes is the same in its ranges',
			async (size) => {
				const bytes = randomBytes(size);
				await publish('ranges.bin', bytes);
				const { stream, sha256 } = await new CheckedReader(space).read({ ...REPORTS, name: 'ranges.bin' });
				for await (const _ of stream) void _;
				expect(sha256()).toBe(hash(bytes));
				expect(sandbox.log.count('s3', /^GET .*ranges/, '206')).toBe(Math.ceil(size / (8 * MIB)));
			},
		);

		it.each<Effect>(['cut', 'truncated', 'wrong-length', 'fail', 'unavailable', 'drop', 'expired'])(
			'continues where it was after: %s',
			async (effect) => {
				const bytes = randomBytes(30 * MIB);
				await publish('broken.bin', bytes);
				for (const after of [0, 2]) sandbox.faults.add({ where: 's3.get', effect, times: 1, after });
				const { stream, sha256 } = await new CheckedReader(space).read({ ...REPORTS, name: 'broken.bin' });
				for await (const _ of stream) void _;
				expect(sha256()).toBe(hash(bytes));
			},
		);

		it('of a file that is replaced meanwhile is no mixture', async () => {
			await publish('new.bin', randomBytes(60 * MIB));
			const { stream } = await space.read({ ...REPORTS, name: 'new.bin' });
			await publish('new.bin', randomBytes(60 * MIB));
			await expect(stream.toArray()).rejects.toMatchObject({ kind: 'incomplete', httpStatus: 412 });
		});

		it('that is dropped asks for nothing more', async () => {
			await publish('dropped.bin', randomBytes(60 * MIB));
			const { stream } = await space.read({ ...REPORTS, name: 'dropped.bin' });
			await new Promise((resolve) => stream.once('data', resolve));
			stream.destroy();
			await sleep(50);
			sandbox.log.clear();
			await sleep(200);
			expect(sandbox.log.all()).toEqual([]);
		});
	});

	describe('an upload in parts', () => {
		const bytes = randomBytes(70 * MIB + 5);

		it('arrives whole and is one submission', async () => {
			expect(await send(contentOf(bytes))).toMatchObject({ outcome: 'accepted', sha256: hash(bytes) });
			expect(arrivals()).toMatchObject([{ name: 'a.zip', method: 's3', size: bytes.length, sha256: hash(bytes) }]);
			expect(sandbox.log.count('s3', /^PUT .*\?/, '200')).toBe(5);
			expect(leftovers()).toBe(0);
		});

		it.each<[Where, Effect]>([
			['s3.multipart', 'unavailable'],
			['s3.part', 'cut'],
			['s3.part', 'fail'],
			['s3.part', 'unavailable'],
			['s3.part', 'expired'],
			['s3.part', 'lose'],
			['s3.complete', 'unavailable'],
			['s3.complete', 'fail'],
			['s3.complete', 'expired'],
			['s3.complete', 'drop'],
		])('outlives %s: %s, and is filed once', async (where, effect) => {
			sandbox.faults.add({ where, effect, times: 1 });
			expect(await send(contentOf(bytes))).toMatchObject({ outcome: 'accepted', sha256: hash(bytes) });
			expect(arrivals()).toMatchObject([{ sha256: hash(bytes) }]);
		});

		it('is known to be filed where the answer was lost and the account may see it', async () => {
			const issue = sandbox.s3Keys.issue.bind(sandbox.s3Keys);
			jest
				.spyOn(sandbox.s3Keys, 'issue')
				.mockImplementation((username, read, write) => issue(username, [...read, ...write], write));
			sandbox.settings.change({ processingSeconds: 60 });
			sandbox.faults.add({ where: 's3.complete', effect: 'lose', times: 1 });
			expect(await send(contentOf(bytes))).toMatchObject({ outcome: 'accepted' });
			expect(sandbox.log.count('s3', /^HEAD/, '200')).toBe(1);
			expect(sandbox.log.count('s3', /^POST .*uploadId/)).toBe(1);
		});

		it('is of unknown outcome where the answer was lost and no one can tell, and is not sent again', async () => {
			sandbox.faults.add({ where: 's3.complete', effect: 'lose', times: 1 });
			expect(await send(contentOf(bytes))).toMatchObject({ outcome: 'unknown', error: { kind: 'outcome-unknown' } });
			expect(arrivals()).toHaveLength(1);
			expect(sandbox.log.count('s3', /^POST .*uploadId/)).toBe(1);
		});

		it.each<[string, object, string]>([
			['S3 refuses its parts for good', { where: 's3.part', effect: 'disk-full', times: 99 }, 'rejected'],
			['S3 cannot put its parts together', { where: 's3.complete', effect: 'fail', times: 3 }, 'rejected'],
		])('leaves nothing behind where %s', async (_what, fault, outcome) => {
			sandbox.faults.add(fault as never);
			expect(await send(contentOf(bytes))).toMatchObject({ outcome, mayRepeat: true });
			expect(leftovers()).toBe(0);
			expect(arrivals()).toEqual([]);
		});

		it('leaves nothing behind where its source breaks or it is stopped', async () => {
			const broken: FileContent = {
				size: bytes.length,
				open: async () =>
					Readable.from(
						(async function* () {
							yield bytes.subarray(0, 40 * MIB);
							throw Object.assign(new Error('gone'), { code: 'EIO' });
						})(),
					),
			};
			expect(await send(broken)).toMatchObject({
				outcome: 'rejected',
				mayRepeat: false,
				error: { kind: 'incomplete', message: expect.stringContaining('EIO') },
			});
			expect(await send({ ...contentOf(bytes), size: bytes.length - 1 })).toMatchObject({
				outcome: 'rejected',
				mayRepeat: false,
				error: { message: expect.stringContaining('longer than') },
			});
			const stop = new AbortController();
			setTimeout(() => stop.abort(), 300);
			expect(await send(contentOf(bytes, 50), stop.signal)).toMatchObject({
				outcome: 'rejected',
				mayRepeat: false,
				error: { kind: 'cancelled' },
			});
			expect(leftovers()).toBe(0);
			expect(arrivals()).toEqual([]);
		});
	});

	it('takes a file whose bytes come in very small pieces', async () => {
		const bytes = randomBytes(20_000);
		expect(await send(contentOf(bytes, 0, 7))).toMatchObject({ outcome: 'accepted', sha256: hash(bytes) });
	});

	it('reads its content no faster than the connection takes it', async () => {
		const deaf = createServer((socket) => socket.pause());
		await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
		await space.close();
		space = open({ s3Url: `http://127.0.0.1:${(deaf.address() as AddressInfo).port}` });
		const stop = new AbortController();
		let read = 0;
		const pieces = function* () {
			for (; read < 60 * MIB; read += MIB) yield Buffer.alloc(MIB);
		};
		setTimeout(() => stop.abort(), 2000);
		const outcome = await send(
			{ size: 60 * MIB, open: async () => Readable.from(pieces(), { objectMode: false }) },
			stop.signal,
		);
		expect(outcome).toMatchObject({ outcome: 'rejected' });
		expect(read).toBeLessThan(30 * MIB);
		deaf.close();
	});

	it('names the place when nothing listens there', async () => {
		await space.close();
		space = open({ s3Url: 'http://127.0.0.1:1' });
		await expect(space.list(REPORTS)).rejects.toMatchObject({
			kind: 'unavailable',
			message: expect.stringMatching(/S3 at http:\/\/127\.0\.0\.1:1: nothing listens there/),
		});
		expect(await send(contentOf(Buffer.from('x')))).toMatchObject({ outcome: 'rejected', mayRepeat: true });
	});
});
