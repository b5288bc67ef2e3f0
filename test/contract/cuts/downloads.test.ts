import type { Readable } from 'node:stream';
import { MACHINE_CLOCK, type AccessMethod, type Clock } from '../../../filex';
import { readResuming } from '../../../filex/resuming';
import { Random } from '../../load/mix/random';
import { Content, summary } from '../../support/content';
import { SEED, startCutSandbox, TURNS, type CutSandbox } from './cut-sandbox';

const FILE = { orgId: '0001', application: 'crd', subSpace: 'reports', name: 'a.bin' };

/** More than one of the ranges in which S3 Direct reads. */
const SIZE = 10_000_000;

/** Bytes after which logins and the answers before a file's first byte are over. */
const PREFACE = 8000;

/** What a cut may cost in bytes: another login, and what had come and was not taken yet. From the beginning again it would be half the file. */
const LOSS = SIZE / 5;

/** Downloads over connections that break: `filex/` against the sandbox, through a proxy that cuts. */
describe.each<AccessMethod>(['rest', 's3', 'sftp'])(`a download over %s that breaks (seed ${SEED})`, (method) => {
	const content = new Content(SIZE, 'first');
	const whole = { size: SIZE, sha256: content.digest('sha256') };
	let cut: CutSandbox;

	const publish = async (file: Content, at: string) => await cut.sandbox.store.publish(['0001', 'crd', 'reports', 'a.bin'], file.stream(), new Date(at));
	// The pauses between two attempts are no part of what is tried here.
	const read = async (clock: Clock = cut.clock): Promise<Readable> => (await readResuming(await cut.open(), FILE, { clock })).stream;

	beforeEach(async () => {
		cut = await startCutSandbox(method);
		await publish(content, '2026-03-31T12:00:00Z');
	});
	afterEach(async () => await cut.close());

	it(`comes out whole after a cut anywhere, ${TURNS} times, and goes on from where it was`, async () => {
		const random = new Random(SEED);
		for (let turn = 0; turn < TURNS; turn++) {
			const cuts = cut.proxy.cuts();
			const offset = random.between(PREFACE, SIZE - PREFACE);
			cut.proxy.cutAfter(offset);
			const got = await summary(await read());
			expect({ turn, offset, cuts: cut.proxy.cuts() - cuts, got }).toEqual({ turn, offset, cuts: 1, got: whole });
		}
		expect(cut.proxy.received()).toBeLessThan(TURNS * (SIZE + LOSS));
	}, 60_000);

	it('is cut several times, and comes out whole', async () => {
		cut.proxy.cutAfter(PREFACE, 500_000, 100_000, 700_000);
		expect(await summary(await read())).toEqual(whole);
		expect(cut.proxy.cuts()).toBe(4);
	});

	it('fails when the file was replaced meanwhile', async () => {
		cut.proxy.cutAfter(1_000_000);
		const all = summary(await read(MACHINE_CLOCK));
		while (cut.proxy.cuts() === 0) await new Promise(setImmediate);
		await publish(new Content(SIZE, 'second'), '2026-03-31T13:00:00Z');
		await expect(all).rejects.toMatchObject({ kind: 'incomplete', message: expect.stringContaining('was replaced while it was being downloaded'), retrySafe: true });
	});

	it('fails when it is taken up in vain', async () => {
		cut.proxy.cutAfter(1_000_000, ...Array.from({ length: 200 }, () => 0));
		await expect(summary(await read())).rejects.toThrow(/cut|broke|connection/);
	});
});
