import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { IDataObject } from 'n8n-workflow';
import { type Receipt, receiptOf } from '../../filex';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields, loginOf } from '../support/accounts';
import { Engine, fileItem, type NodeRun } from '../support/engine';
import { filing } from '../support/filing';

describe('fileX Reconcile, Verify Receipts', () => {
	let sandbox: Sandbox;
	let engine: Engine;

	beforeEach(async () => {
		sandbox = await startSandbox();
		engine = await Engine.start(credentialFields(sandbox.info));
	});
	afterEach(async () => await sandbox.close());

	const submit = async (label: string, count: number, accessMethod = 'rest'): Promise<Receipt[]> => {
		const files = Array.from(
			{ length: count },
			async (_, index) => await fileItem(`${label}-${index}.zip`, randomBytes(500)),
		);
		const { items, error } = await engine.runOn(filing({ accessMethod }), await Promise.all(files));
		expect(error).toBeUndefined();
		return items.map(({ json }) => json.receipt as unknown as Receipt);
	};
	const verify = async (receipts: unknown[], more: object = {}): Promise<NodeRun> =>
		await engine.run(
			{
				type: 'fileXReconcile',
				parameters: { operation: 'verifyReceipts', ...more } as never,
				onError: 'continueRegularOutput',
			},
			receipts.map((receipt) => ({ receipt }) as IDataObject),
		);
	/** In the receipts' order. */
	const statuses = ({ items, others }: NodeRun): unknown[] =>
		[...items, ...others.flat()]
			.sort((a, b) => (a.pairedItem as { item: number }).item - (b.pairedItem as { item: number }).item)
			.map(({ json }) => json.status ?? json.error);
	/** Where the archived copies of uploads are. */
	const copies = (receipts: Receipt[]): string[][] => {
		const archive = ['0001', 'focus', 'in_arcv'];
		const names = sandbox.store.list(archive)!.map(({ name }) => name);
		return receipts.map(({ fileName }) => [...archive, names.find((name) => name.endsWith(`_${fileName}`))!]);
	};
	const all = (status: string, receipts: Receipt[]) => receipts.map(() => status);

	it('tells each of 200 as what it is, tampered, gone, missing and rejected ones among them', async () => {
		const gone = await submit('gone', 10);
		const now = sandbox.settings.get().clockOffsetSeconds;
		sandbox.settings.change({ clockOffsetSeconds: now + 31 * 86_400 });
		await sandbox.submissions.advance();
		const good = [
			...(await submit('good', 120)),
			...(await submit('s3', 20, 's3')),
			...(await submit('sftp', 20, 'sftp')),
		];
		const rejected = await submit('rejected', 10);
		for (const { trackingId } of rejected) sandbox.submissions.decide(trackingId!, 'REJECTED');
		const missing = await submit('missing', 10);
		for (const path of copies(missing)) await sandbox.store.remove(path);
		const replaced = await submit('replaced', 5);
		for (const path of copies(replaced)) await sandbox.store.publish(path, Readable.from([randomBytes(500)]));
		const edited = (await submit('edited', 5)).map((receipt) => ({ ...receipt, size: 501 }));

		const receipts = [good, gone, rejected, missing, replaced, edited];
		const run = await verify(receipts.flat());
		expect(run.error).toBeUndefined();
		expect(receipts.flat()).toHaveLength(200);
		expect(statuses(run)).toEqual([
			...all('verified', good),
			...all('gone after retention', gone),
			...all('FINRA decided: rejected', rejected),
			...all('missing', missing),
			...all('changed', replaced),
			...all('changed', edited),
		]);
		expect(run.items).toHaveLength(good.length);
		// Tracking is asked once, and each place is listed once.
		expect(sandbox.log.count('rest', /GET \/tracking/)).toBeLessThan(40);
	}, 120_000);

	it.each(['rest', 's3', 'sftp'])(
		'reads over %s what was received, and says what changed there since',
		async (accessMethod) => {
			const path = ['0001', 'crd', 'reports', 'a.pdf'];
			await sandbox.store.publish(path, Readable.from([randomBytes(500)]));
			const { items } = await engine.run({
				type: 'fileXDownload',
				parameters: { accessMethod, selectBy: 'path', filePath: path.join('/') } as never,
			});
			const { receipt } = items[0]!.json;
			expect(statuses(await verify([receipt, JSON.stringify(receipt)], { accessMethod }))).toEqual([
				'verified',
				'verified',
			]);
			await sandbox.store.publish(path, Readable.from([randomBytes(500)]));
			expect(statuses(await verify([receipt], { accessMethod }))).toEqual(['changed']);
			await sandbox.store.remove(path);
			expect(statuses(await verify([receipt], { accessMethod }))).toEqual(['missing']);
		},
	);

	it('tells what was never submitted, and what an unknown outcome has become', async () => {
		const [receipt] = await submit('a', 1, 's3');
		const as = (outcome: string, more: object = {}) => receiptOf({ ...receipt!, outcome, ...more });
		const lost = { trackingId: null, archivePath: null };
		expect(
			statuses(
				await verify([
					as('rejected'),
					as('held'),
					as('validated'),
					as('unknown', lost),
					as('unknown', { ...lost, fileName: 'never.zip', path: '0001/focus/in/never.zip' }),
				]),
			),
		).toEqual(['nothing transferred', 'nothing transferred', 'nothing transferred', 'verified', 'missing']);
	});

	it('says what this account cannot see, and fails where fileX gives no answer of its own', async () => {
		const [tracked] = await submit('a', 1);
		const [untracked] = await submit('b', 1, 's3');
		sandbox.faults.add({ where: 'rest.tracking', effect: 'page', times: 99 } as never);
		expect(String(statuses(await verify([tracked]))[0])).toMatch(/tracking|fileX/);
		sandbox.faults.clear();
		Object.assign(engine.credentials.stored, loginOf(sandbox.info, 'submitonly'), { accessToken: '' });
		expect(statuses(await verify([untracked]))).toEqual(['cannot be read']);
	});

	it('does not call a filing verified of which FINRA may have decided otherwise', async () => {
		const receipts = [...(await submit('a', 1)), ...(await submit('b', 1))];
		sandbox.submissions.decide(receipts[0]!.trackingId!, 'REJECTED');
		sandbox.faults.add({ where: 'rest.tracking', effect: 'revoked', times: 99 } as never);
		const run = await verify(receipts, { accessMethod: 'sftp' });
		expect(statuses(run)).toEqual(all('cannot be read', receipts));
		expect(run.items).toEqual([]);
		sandbox.faults.clear();
		expect(statuses(await verify(receipts, { accessMethod: 'sftp' }))).toEqual(['FINRA decided: rejected', 'verified']);
		const unseen = receipts.map((receipt) => receiptOf({ ...receipt, trackingId: randomUUID() }));
		expect(statuses(await verify(unseen))).toEqual(all('cannot be read', receipts));
	});

	it.each(['s3', 'sftp'])('takes a copy over %s for one of two receipts, and each of two for one', async (method) => {
		const file = async () =>
			await engine.runOn(filing({ accessMethod: method }), [await fileItem('same.zip', Buffer.from('x'))]);
		const of = ({ items }: NodeRun) => items[0]!.json.receipt as unknown as Receipt;
		const first = of(await file());
		const allow = filing({ accessMethod: method, ifAlreadyFiled: 'allow' });
		const second = of(await engine.runOn(allow, [await fileItem('same.zip', Buffer.from('x'))]));
		expect(statuses(await verify([first, second, second]))).toEqual(['verified', 'verified', 'verified']);
		await sandbox.store.remove(copies([first])[0]!);
		expect(statuses(await verify([first, second])).sort()).toEqual(['missing', 'verified']);
		const unknown = receiptOf({ ...first, outcome: 'unknown' });
		expect(statuses(await verify([unknown, second]))).toEqual(['verified', 'verified']);
	});

	it.each(['rest', 's3'])('takes a receipt of an upload over %s from a CSV file, and from a sheet', async (method) => {
		const [receipt] = await submit('a', 1, method);
		const blanks = Object.fromEntries(Object.entries(receipt!).map(([name, value]) => [name, value ?? '']));
		const texts = Object.fromEntries(Object.entries(blanks).map(([name, value]) => [name, String(value)]));
		const numbers = Object.fromEntries(
			Object.entries(receipt!).map(([name, value]) => [name, /^[1-9]\d*$/.test(String(value)) ? Number(value) : value]),
		);
		expect(statuses(await verify([blanks, texts, numbers]))).toEqual(['verified', 'verified', 'verified']);
		expect(statuses(await verify([{ ...texts, size: '501' }]))).toEqual(['changed']);
	});

	it.each<[string, unknown, RegExp]>([
		['no object', 'abc', /'Receipt' is not a receipt: it is no JSON/],
		['another object', { path: 'x' }, /'Receipt' is not a receipt: it has no 'receiptVersion'/],
		['a list', [1], /it is no object/],
	])('refuses %s', async (_what, given, message) => {
		expect(String(statuses(await verify([given]))[0])).toMatch(message);
	});

	it('refuses a receipt of another fileX, and of a later version', async () => {
		const [receipt] = await submit('a', 1);
		const [other, later] = statuses(
			await verify([receiptOf({ ...receipt!, host: 'filex.finra.org' }), { ...receipt, receiptVersion: 2 }]),
		);
		expect(other).toMatch(/The receipt is of filex\.finra\.org, and this account is of 127\.0\.0\.1/);
		expect(later).toMatch(/its version is 2/);
	});
});
