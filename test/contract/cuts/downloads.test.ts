import type { Readable } from 'node:stream';
import { type AccessMethod, type Clock, MACHINE_CLOCK } from '../../../filex';
import { readResuming } from '../../../filex/transfer/resuming';
import { BY_THREAD } from '../../support/by-thread';
import { Content, summary } from '../../support/content';
import { Random } from '../../support/random';
import { type CutSandbox, SEED, startCutSandbox, TURNS } from './cut-sandbox';

const FILE = { orgId: '0001', application: 'crd', subSpace: 'reports', name: 'a.bin' };

/** More than one of the ranges in which S3 Direct reads. */
const SIZE = 10_000_000;

/** Bytes after which logins and the answers before a file's first byte are over. */
const PREFACE = 8000;

/**
 * What a cut may cost in bytes on the average: another login, and what had come and was not taken yet, which over
 * SFTP is up to 5 MiB. From the beginning again it would be half the file.
 */
const LOSS = 0.3 * SIZE;

/** Downloads over connections that break: `filex/` against the sandbox, through a proxy that cuts. */
describe.each<AccessMethod>(['rest', 's3', 'sftp'])(`a download over %s that breaks (seed ${SEED})`, (method) => {
	const content = new Content(SIZE, 'first');
	const whole = { size: SIZE, sha256: content.digest('sha256') };
	let cut: CutSandbox;

	const publish = async (file: Content, at: string) =>
		await cut.sandbox.store.publish(['0001', 'crd', 'reports', 'a.bin'], file.stream(), new Date(at));
	// The pauses between two attempts are no part of what is tried here.
	const read = async (clock: Clock = cut.clock): Promise<Readable> =>
		(await readResuming(await cut.open(), FILE, { clock })).stream;

	beforeEach(async () => {
		cut = await startCutSandbox(method);
		await publish(content, '2026-03-31T12:00:00Z');
	});
	afterEach(async () => await cut.close());

	it(`comes out whole after a cut anywhere, ${TURNS} times, and continues from where it was`, async () => {
		const random = new Random(SEED);
		for (let turn = 0; turn < TURNS; turn++) {
			const cuts = cut.proxy.cuts();
			const offset = random.between(PREFACE, SIZE - PREFACE);
			cut.proxy.cutAfter(offset);
			const got = await summary(await read());
			expect({ turn, offset, cuts: cut.proxy.cuts() - cuts, got }).toEqual({ turn, offset, cuts: 1, got: whole });
		}
		expect(cut.proxy.received()).toBeLessThan(TURNS * (SIZE + LOSS));
	});

	it('is cut several times, and comes out whole', async () => {
		cut.proxy.cutAfter(PREFACE, 500_000, 100_000, 700_000);
		expect(await summary(await read())).toEqual(whole);
		expect(cut.proxy.cuts()).toBe(4);
	});

	it('comes out whole after the server could not be reached for a while', async () => {
		cut.proxy.cutAfter(1_000_000);
		cut.proxy.outageAtCut(5);
		expect(await summary(await read())).toEqual(whole);
		expect(cut.proxy.toRefuse()).toBe(0);
	});

	it('fails when the file was replaced meanwhile', async () => {
		cut.proxy.cutAfter(1_000_000);
		// However long replacing takes, nothing more may come of the file before, by another connection or in another range.
		cut.proxy.outageAtCut();
		let tellReplaced = () => {};
		const replaced = new Promise<void>((resolve) => (tellReplaced = resolve));
		const all = summary(await read({ now: Date.now, sleep: async () => await replaced }));
		while (cut.proxy.cuts() === 0) await new Promise(setImmediate);
		await publish(new Content(SIZE, 'second'), '2026-03-31T13:00:00Z');
		cut.proxy.recover();
		tellReplaced();
		await expect(all).rejects.toMatchObject({
			kind: 'incomplete',
			message: expect.stringContaining('was replaced while it was being downloaded'),
			retrySafe: true,
		});
	});

	it('fails when it is taken up in vain', async () => {
		cut.proxy.cutAfter(1_000_000, ...Array.from({ length: 200 }, () => 0));
		await expect(summary(await read())).rejects.toThrow(/cut|broke|connection/);
	});
});

/** Files on one connection: what breaks it, breaks all of them off. */
describe(`four downloads at a time over an SFTP connection that breaks (seed ${SEED})`, () => {
	const names = ['a.bin', 'b.bin', 'c.bin', 'd.bin'];
	const contents = names.map((name) => new Content(SIZE / names.length, name));
	let cut: CutSandbox;

	beforeAll(async () => {
		cut = await startCutSandbox('sftp');
		for (const [index, name] of names.entries())
			await cut.sandbox.store.publish(['0001', 'crd', 'reports', name], contents[index]!.stream());
	});
	afterAll(async () => await cut.close());

	it(`come out whole after a cut anywhere, ${TURNS} times, with one login more each time`, async () => {
		const random = new Random(SEED);
		for (let turn = 0; turn < TURNS; turn++) {
			cut.sandbox.log.clear();
			const space = await cut.open();
			await space.list(FILE);
			// While the files are being opened, every other time. The thread logs in first, which is not tried twice.
			const offset = random.between(BY_THREAD ? PREFACE : 0, turn % 2 === 0 && !BY_THREAD ? 500 : SIZE - PREFACE);
			cut.proxy.cutAfter(offset);
			const read = async (name: string) =>
				await summary((await readResuming(space, { ...FILE, name }, { clock: cut.clock })).stream);
			const got = await Promise.all(names.map(read));
			expect({ turn, offset, got }).toEqual({
				turn,
				offset,
				got: contents.map((each) => ({ size: each.size, sha256: each.digest('sha256') })),
			});
			// The thread's connection is one of its own.
			expect(cut.sandbox.log.count('sftp', 'login')).toBe(BY_THREAD ? 3 : 2);
		}
	});

	it('do not end with one of them that breaks every connection', async () => {
		cut.sandbox.faults.add({ where: 'sftp.read', effect: 'cut', times: 999, path: '0001/crd/reports/a.bin' });
		// Pauses must stay far longer than a login takes, on a busy machine too: what keeps the files apart is their pauses.
		const clock: Clock = { ...MACHINE_CLOCK, sleep: async (ms, signal) => await MACHINE_CLOCK.sleep(ms / 2, signal) };
		for (let turn = 0; turn < 2; turn++) {
			const space = await cut.open();
			await space.list(FILE);
			const got = await Promise.allSettled(
				names.map(async (name) => await summary((await readResuming(space, { ...FILE, name }, { clock })).stream)),
			);
			expect(got.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
		}
	});
});
