import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { IDataObject } from 'n8n-workflow';
import { type Receipt, receiptHash, receiptOf } from '../../filex';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields } from '../support/accounts';
import { Engine, fileItem, type NodeRun } from '../support/engine';
import { filing } from '../support/filing';
import { output } from '../support/program';
import { requestUpload } from '../support/submissions';

const METHODS = ['rest', 's3', 'sftp'] as const;

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

/** Another program's way to the hash of a receipt: Python's json and hashlib. */
const BY_PYTHON = `
import hashlib, json, sys
receipt = json.loads(sys.argv[1])
receipt.pop("receiptHash")
text = json.dumps(receipt, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
print(hashlib.sha256(text.encode()).hexdigest())`;

describe('receipts', () => {
	let sandbox: Sandbox;
	let engine: Engine;
	const trusted = getCACertificates('default');

	beforeEach(async () => {
		sandbox = await startSandbox({ tls: true });
		setDefaultCACertificates([...trusted, sandbox.info.certificate!]);
		engine = await Engine.start(credentialFields(sandbox.info));
	});
	afterEach(async () => {
		setDefaultCACertificates(trusted);
		await sandbox.close();
	});

	const upload = async (content: Buffer, parameters: object = {}, name = 'a.zip'): Promise<NodeRun> =>
		await engine.runOn({ ...filing(parameters), onError: 'continueRegularOutput' }, [await fileItem(name, content)]);
	const download = async (path: string, accessMethod: string): Promise<NodeRun> =>
		await engine.run({
			type: 'fileXDownload',
			parameters: { accessMethod, selectBy: 'path', filePath: path } as never,
			onError: 'continueRegularOutput',
		});
	const receiptIn = ({ items }: NodeRun): Receipt => {
		const { receipt, message } = items[0]!.json as { receipt?: unknown; message?: IDataObject };
		return (receipt ?? message?.receipt) as Receipt;
	};

	it.each(METHODS)('of an upload over %s says what, who, how, when and by which workflow', async (accessMethod) => {
		const content = randomBytes(50_000);
		const run = await upload(content, { accessMethod });
		const receipt = receiptIn(run);
		expect(receipt).toMatchObject({
			receiptVersion: 1,
			direction: 'upload',
			outcome: 'accepted',
			reason: null,
			path: '0001/focus/in/a.zip',
			size: 50_000,
			sha256: sha256(content),
			userName: 'demo',
			userOrgId: '0001',
			onBehalfOf: null,
			accessMethod,
			startedAt: expect.stringMatching(/Z$/),
			endedAt: expect.stringMatching(/Z$/),
			clockDifferenceSeconds: expect.any(Number),
			attempts: 1,
			checkedAgainst: 'tracking uploadSubSpace archive',
			workflowName: null,
			nodeName: 'Node',
			itemIndex: 0,
			packageVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
			proxy: null,
		});
		expect(receipt.executionId).toMatch(/^[0-9a-f-]{36}$/);
		const isRest = accessMethod === 'rest';
		expect(receipt.trackingId).toEqual(isRest ? run.items[0]!.json.trackingId : null);
		if (accessMethod === 'sftp') {
			expect(sandbox.info.sftp.hostKeys).toContain(receipt.hostKey);
			expect(receipt).toMatchObject({ tlsCertificate: null, storageTag: null });
			expect(receipt.transferHost).toBe(`${sandbox.info.sftp.host}:${sandbox.info.sftp.port}`);
		} else {
			expect(receipt.tlsCertificate).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
			expect(receipt.storageTag).toBe(createHash('md5').update(content).digest('hex'));
			expect(receipt.storageRequestId).toEqual(expect.any(String));
			expect(receipt.transferHost).toBe(new URL(sandbox.info.s3).host);
		}
		// Flat, so that any table and any program takes it.
		expect(Object.values(receipt).filter((value) => typeof value === 'object' && value !== null)).toEqual([]);
	});

	it.each(METHODS)('of a download over %s says the same', async (accessMethod) => {
		const content = randomBytes(50_000);
		await sandbox.store.publish(['0001', 'crd', 'reports', 'a.pdf'], Readable.from([content]));
		expect(receiptIn(await download('0001/crd/reports/a.pdf', accessMethod))).toMatchObject({
			direction: 'download',
			outcome: 'downloaded',
			path: '0001/crd/reports/a.pdf',
			size: 50_000,
			sha256: sha256(content),
			lastModified: expect.stringMatching(/Z$/),
			storageTag: accessMethod === 'sftp' ? null : createHash('md5').update(content).digest('hex'),
		});
		expect(receiptIn(await download('0001/crd/reports/none.pdf', accessMethod))).toMatchObject({
			direction: 'download',
			outcome: 'failed',
			reason: expect.stringContaining('none.pdf'),
			path: '0001/crd/reports/none.pdf',
			sha256: null,
		});
	});

	it.each<[string, () => Promise<unknown>, object]>([
		['skipped', async () => await upload(Buffer.from('x')), { ifAlreadyFiled: 'skip' }],
		['duplicate', async () => await upload(Buffer.from('x')), {}],
		['held', async () => requestUpload(sandbox, '0001/focus/in/a.zip'), {}],
		['rejected', async () => {}, { subSpace: { __rl: true, mode: 'name', value: 'none' } }],
		['rejected', async () => {}, { expectedSha256: 'a'.repeat(64) }],
		[
			'unknown',
			async () => {
				sandbox.faults.add({ where: 's3.put', effect: 'lose', times: 9 });
				sandbox.faults.add({ where: 'rest.list', effect: 'empty', times: 99, path: '0001/focus/in' });
				sandbox.faults.add({ where: 'rest.tracking', effect: 'unavailable', times: 99, after: 2 });
			},
			{},
		],
		['validated', async () => {}, { options: { validateOnly: true } }],
	])('of what ends as %s says so, with the content', async (outcome, before, parameters) => {
		await before();
		const receipt = receiptIn(await upload(Buffer.from('x'), { options: { settleTime: 0 }, ...parameters }));
		expect(receipt).toMatchObject({
			direction: 'upload',
			outcome,
			fileName: 'a.zip',
			size: 1,
			sha256: sha256(Buffer.from('x')),
			reason: ['skipped', 'validated'].includes(outcome) ? null : expect.any(String),
		});
		expect(receiptHash(receipt)).toBe(receipt.receiptHash);
	});

	it('have a hash that another program computes, too, and that tells every change', async () => {
		const facts = receiptIn(await upload(Buffer.from('x')));
		const receipt = receiptOf({ ...facts, workflowName: 'Prüfung "Q1" \\ ☃ 𝄞\n', clockDifferenceSeconds: -1 });
		expect((await output('python3', ['-c', BY_PYTHON, JSON.stringify(receipt)])).trim()).toBe(receipt.receiptHash);
		for (const name of Object.keys(receipt).filter((key) => key !== 'receiptHash'))
			expect(receiptHash({ ...receipt, [name]: 'changed' })).not.toBe(receipt.receiptHash);
	});

	it('have no secret, and no signed URL', async () => {
		const { password } = sandbox.info.accounts[0]!;
		for (const method of METHODS) {
			const text = JSON.stringify(receiptIn(await upload(randomBytes(10), { accessMethod: method }, `${method}.zip`)));
			expect(text).not.toMatch(/X-Amz|Signature=|Bearer /);
			expect(text).not.toContain(password);
		}
	});
});
