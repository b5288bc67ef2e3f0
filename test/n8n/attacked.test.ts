import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { type Receipt, receiptOf } from '../../filex';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields, loginOf } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine, fileItem } from '../support/engine';
import { eventually } from '../support/eventually';
import { filing } from '../support/filing';
import { startOddServer } from '../support/odd-sftp-server';
import { bytesRead } from '../support/open-files';
import { arrive, requestUpload } from '../support/submissions';

const itemOf = ({ pairedItem }: INodeExecutionData) => (pairedItem as { item: number }).item;

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

// Before n8n reads them. Each run that is refused would be printed.
process.env.N8N_RESTRICT_FILE_ACCESS_TO = tmpdir();
process.env.N8N_LOG_LEVEL = 'silent';

/** What an attack on receipts, tools and registering over REST found, and what holds since. */
describe('receipts and tools, attacked', () => {
	let sandbox: Sandbox;
	let engine: Engine;
	let folder: string;
	let path: string;
	const content = Buffer.from('what was approved');
	beforeEach(async () => {
		sandbox = await startSandbox();
		engine = await Engine.start(credentialFields(sandbox.info));
		folder = await mkdtemp(join(tmpdir(), 'filex-zz-'));
		path = join(folder, 'a.zip');
		await writeFile(path, content);
	});
	afterEach(async () => {
		await rm(folder, { recursive: true });
		await sandbox.close();
	});
	const arrived = () => sandbox.submissions.arrivals().length;
	const up = async (name: string, bytes: Buffer, parameters: object = {}): Promise<Receipt> =>
		(await engine.runOn(filing(parameters), [await fileItem(name, bytes)])).items[0]!.json.receipt as never;
	const verify = async (receipts: unknown[], accessMethod = 'rest', by = engine): Promise<unknown[]> => {
		const { items, others } = await by.run(
			{
				type: 'fileXReconcile',
				parameters: { operation: 'verifyReceipts', accessMethod } as never,
				onError: 'continueRegularOutput',
			},
			receipts.map((receipt) => ({ receipt }) as IDataObject),
		);
		return [...items, ...others.flat()]
			.sort((a, b) => itemOf(a) - itemOf(b))
			.map(({ json }) => json.status ?? json.error);
	};
	const later = (days: number) =>
		sandbox.settings.change({ clockOffsetSeconds: sandbox.settings.get().clockOffsetSeconds + days * 86_400 });

	it('an agent does not learn the hash that it must bring', async () => {
		const node = filing({ source: 'disk', filePath: path, expectedSha256: "={{ $fromAI('hash') }}" });
		const told = await engine.callAsTool(node, { hash: 'a'.repeat(64) }).then(String, (e: Error) => e.message);
		const [, hash] = /has the SHA-256 ([0-9a-f]{64})/.exec(told) ?? [];
		if (hash) await engine.callAsTool(node, { hash });
		expect(arrived()).toBe(0);
	});

	it('an agent does not choose the folder that a download writes into', async () => {
		await sandbox.store.publish(['0001', 'crd', 'reports', 'a.zip'], Readable.from([randomBytes(100)]));
		await mkdir(join(folder, 'outgoing'));
		await writeFile(join(folder, 'outgoing', 'a.zip'), content);
		const parameters = {
			destination: 'disk',
			folder: "={{ $fromAI('folder') }}",
			selectBy: 'path',
			filePath: '0001/crd/reports/a.zip',
		} as never;
		await engine
			.callAsTool({ type: 'fileXDownload', parameters }, { folder: join(folder, 'outgoing') })
			.catch(() => {});
		expect(await readFile(join(folder, 'outgoing', 'a.zip'))).toEqual(content);
	});

	it('an agent does not make two filings of one approval', async () => {
		const node = filing({
			source: 'disk',
			filePath: path,
			fileName: "={{ $fromAI('name') }}",
			subSpace: byName("={{ $fromAI('where') }}"),
			application: byName("={{ $fromAI('app') }}"),
			expectedSha256: sha256(content),
		});
		await engine.callAsTool(node, { name: 'a.zip', app: 'focus', where: 'in' }).catch(() => {});
		await engine.callAsTool(node, { name: 'b.zip', app: 'crd', where: 'incoming_filings' }).catch(() => {});
		expect(arrived()).toBeLessThan(2);
	});

	it('an agent does not make two filings by looking back less', async () => {
		const node = filing({
			source: 'disk',
			filePath: path,
			expectedSha256: sha256(content),
			options: { guardDays: "={{ $fromAI('days') }}" },
		});
		await engine.callAsTool(node, { days: '30' }).catch(() => {});
		later(3);
		await engine.callAsTool(node, { days: '1' }).catch(() => {});
		expect(arrived()).toBeLessThan(2);
	});

	it.each(['rest', 's3', 'sftp'])('what waits over %s to be picked up is not missing', async (accessMethod) => {
		sandbox.settings.change({ processingSeconds: 3600 });
		const receipt = await up('a.zip', randomBytes(10), { accessMethod });
		expect(await verify([receipt], accessMethod)).not.toEqual(['missing']);
	});

	it('an upload that never arrived is not verified by a filing of another that FINRA rejected', async () => {
		const [mine, theirs] = [
			requestUpload(sandbox, '0001/focus/in/a.zip'),
			requestUpload(sandbox, '0001/focus/in/a.zip'),
		];
		await arrive(sandbox, '0001/focus/in/a.zip', theirs, 'x');
		sandbox.submissions.decide(theirs, 'REJECTED');
		const some = await up('other.zip', Buffer.from('x'));
		const receipt = receiptOf({
			...some,
			outcome: 'unknown',
			path: '0001/focus/in/a.zip',
			fileName: 'a.zip',
			trackingId: mine,
			archivePath: null,
		});
		expect(await verify([receipt])).not.toEqual(['verified']);
	});

	it('an account that S3 does not let into the archive cannot read, and finds nothing missing', async () => {
		const receipt = await up('a.zip', randomBytes(10));
		Object.assign(engine.credentials.stored, loginOf(sandbox.info, 'submitonly'), { accessToken: '' });
		expect(await verify([receipt], 's3')).toEqual(['cannot be read']);
	});

	it('a file whose entry cannot be read is not missing', async () => {
		const server = await startOddServer(Buffer.from('x'), {
			entries: [{ filename: 'a.pdf', longname: 'a.pdf', attrs: { mode: 0o100_644 } } as never],
			endless: false,
		});
		try {
			const other = await Engine.start({
				environment: 'custom',
				restUrl: 'http://127.0.0.1:1',
				fipUrl: 'http://127.0.0.1:1',
				sftpHost: '127.0.0.1',
				sftpPort: server.port,
				username: 'demo',
				password: 'any',
				orgId: '0001',
			});
			const some = await up('a.zip', Buffer.from('x'));
			const receipt = receiptOf({
				...some,
				direction: 'download',
				outcome: 'downloaded',
				path: '0001/crd/reports/a.pdf',
				application: 'crd',
				subSpace: 'reports',
				fileName: 'a.pdf',
			});
			expect(await verify([receipt], 'sftp', other)).toEqual([expect.stringMatching(/without its size or time/)]);
		} finally {
			await server.close();
		}
	});

	it('what is gone after retention has not changed because a correction is still there', async () => {
		const first = await up('a.zip', randomBytes(10), { accessMethod: 's3' });
		later(5);
		const second = await up('a.zip', randomBytes(10), { accessMethod: 's3' });
		later(26);
		await sandbox.submissions.advance();
		expect(await verify([first, second])).toEqual(['gone after retention', 'verified']);
	});

	it('a row of a table is checked as the receipt in it', async () => {
		const receipt = await up('a.zip', randomBytes(10));
		const { items } = await engine.run(
			{ type: 'fileXReconcile', parameters: { operation: 'verifyReceipts' } as never },
			[{ id: 7, created_at: '2026-11-27', ...receipt } as never],
		);
		expect(items.map(({ json }) => json.status)).toEqual(['verified']);
	});

	it('a host name in capitals is the same host', async () => {
		engine.credentials.stored.sftpHost = 'LOCALHOST';
		expect(await verify([await up('a.zip', randomBytes(10), { accessMethod: 'sftp' })], 'sftp')).toEqual(['verified']);
	});

	it('a clock that is two hours off makes nothing missing', async () => {
		sandbox.settings.change({ clockOffsetSeconds: -7200 });
		expect(await verify([await up('a.zip', randomBytes(10), { accessMethod: 's3' })], 's3')).toEqual(['verified']);
	});

	it('receipts name the certificate on each connection', async () => {
		const trusted = getCACertificates('default');
		const tls = await startSandbox({ tls: true });
		setDefaultCACertificates([...trusted, tls.info.certificate!]);
		try {
			const other = await Engine.start(credentialFields(tls.info));
			await tls.store.publish(['0001', 'crd', 'reports', 'a.pdf'], Readable.from([randomBytes(90_000)]));
			const { items } = await other.run(
				{
					type: 'fileXDownload',
					parameters: { accessMethod: 's3', selectBy: 'path', filePath: '0001/crd/reports/a.pdf' } as never,
				},
				Array.from({ length: 20 }, () => ({})),
			);
			expect(items.filter(({ json }) => (json.receipt as unknown as Receipt).tlsCertificate === null)).toHaveLength(0);
		} finally {
			setDefaultCACertificates(trusted);
			await tls.close();
		}
	});

	it('a run that fails does not read all of its other files', async () => {
		const paths = Array.from({ length: 40 }, (_, index) => join(folder, `f${index}.zip`));
		for (const each of paths) {
			await writeFile(each, '');
			await truncate(each, 50_000_000);
		}
		const before = await bytesRead();
		const { error } = await engine.run(
			filing({ source: 'disk', filePath: '={{ $json.p }}', accessMethod: 's3', subSpace: byName('none') }),
			paths.map((p) => ({ p })),
		);
		expect(error).toBeDefined();
		expect((await bytesRead()) - before).toBeLessThan(200_000_000);
	}, 60_000);

	it('every item that is to be registered is', async () => {
		const items = [
			await fileItem('0.zip', Buffer.from('x'), { reg: false }),
			await fileItem('1.zip', Buffer.from('x'), { reg: true }),
		];
		const run = await engine.runOn(
			filing({ accessMethod: 's3', options: { registerOverRest: '={{ $json.reg }}' } }),
			items,
		);
		expect(run.items.map(({ json }) => json.registrationId !== undefined)).toEqual([false, true]);
	});

	it('an unknown upload that was registered names its registration', async () => {
		sandbox.faults.add({ where: 's3.put', effect: 'lose', times: 9 } as never);
		sandbox.faults.add({ where: 'rest.tracking', effect: 'unavailable', times: 99, after: 2 } as never);
		const run = await engine.runOn(
			{
				...filing({ accessMethod: 's3', options: { settleTime: 0, registerOverRest: true } }),
				onError: 'continueRegularOutput',
			},
			[await fileItem('u.zip', randomBytes(9))],
		);
		expect((run.items[0]!.json.message as IDataObject).receipt).toMatchObject({
			outcome: 'unknown',
			registrationId: sandbox.submissions.all()[0]!.trackingId,
		});
	}, 30_000);

	it('what was not looked for is null', async () => {
		expect(await up('a.zip', randomBytes(10), { ifAlreadyFiled: 'allow' })).toMatchObject({ checkedAgainst: null });
	});

	it('a pattern of 194 characters does for unexpected files, too', async () => {
		const namePattern = Array.from({ length: 7 }, (_, i) => `rep${i}_{MMMM}{dd}{yyyy}*.csv`).join(', ');
		const run = await engine.run({
			type: 'fileXReconcile',
			parameters: {
				operation: 'expectedFiles',
				application: byName('crd'),
				subSpace: byName('reports'),
				namePattern,
				businessDate: 'given',
				date: '2026-03-03',
				options: { unexpectedFiles: true },
			} as never,
			onError: 'continueRegularOutput',
		});
		expect(run.others[0]!.map(({ json }) => json.status)).toEqual(['missing']);
	});

	it('a receipt whose hash is of a number for a tracking ID is none that was put out', async () => {
		const receipt = receiptOf({ ...(await up('a.zip', randomBytes(10))), trackingId: 7 as never });
		expect(await verify([receipt])).toEqual(['changed']);
		expect(String((await verify([{ ...receipt, trackingId: {} }]))[0])).toMatch(/its 'trackingId' is no text/);
	});

	it('a retry reports the content that was filed, not the one that replaced it meanwhile', async () => {
		const [a, b] = [randomBytes(9), randomBytes(9)];
		await writeFile(path, a);
		sandbox.faults.add({ where: 's3.put', effect: 'lose', times: 1 } as never);
		sandbox.faults.add({ where: 'rest.tracking', effect: 'unavailable', times: 1, after: 2 } as never);
		const run = engine.run({
			...filing({ source: 'disk', filePath: path, options: { settleTime: 0 } }),
			retryOnFail: true,
			maxTries: 4,
			waitBetweenTries: 3000,
		});
		await eventually(() => arrived() > 0);
		await new Promise((resolve) => setTimeout(resolve, 1500));
		await writeFile(path, b);
		const { items, error } = await run;
		const filed = sandbox.submissions.arrivals().map((each) => each.sha256);
		const reported = items.map(({ json }) => json.sha256);
		// Either A alone is reported, or B is filed, too.
		expect(error ?? reported.every((each) => filed.includes(String(each)))).toBeTruthy();
	}, 60_000);
});
