import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Worker } from 'node:worker_threads';
import { Bulk, BULK } from '../../filex';
import { TransferThread } from '../../filex/bulk/thread';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine, fileItem } from '../support/engine';
import { eventually } from '../support/eventually';
import { filing } from '../support/filing';

// Before n8n reads it, when it first looks at a path.
process.env.N8N_RESTRICT_FILE_ACCESS_TO = tmpdir();

const CONTENT = randomBytes(5_000_011);
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');

describe.each(['rest', 's3', 'sftp'] as const)("large files off n8n's heap, over %s", (accessMethod) => {
	const before = BULK.from[accessMethod];
	let sandbox: Sandbox;
	let engine: Engine;
	let folder: string;
	const downloads = jest.spyOn(Bulk.prototype, 'download');
	const uploads = jest.spyOn(Bulk.prototype, 'upload');

	beforeAll(async () => {
		BULK.from[accessMethod] = 1_000_000;
		folder = await mkdtemp(join(tmpdir(), 'filex-bulk-'));
	});
	afterAll(async () => {
		BULK.from[accessMethod] = before;
		await rm(folder, { recursive: true });
	});
	beforeEach(async () => {
		sandbox = await startSandbox();
		engine = await Engine.start(credentialFields(sandbox.info));
		downloads.mockClear();
		uploads.mockClear();
	});
	afterEach(async () => await sandbox.close());

	const publish = async (name: string, content = CONTENT) =>
		await sandbox.store.publish(['0001', 'crd', 'reports', name], Readable.from([content]));
	const download = async (names: string[], parameters: object = {}) =>
		await engine.run(
			{
				type: 'fileXDownload',
				parameters: { accessMethod, selectBy: 'path', filePath: '={{ $json.path }}', ...parameters } as never,
			},
			names.map((name) => ({ path: `0001/crd/reports/${name}` })),
		);
	/** Whether the thread did it. */
	const used = async (spy: typeof downloads | typeof uploads) =>
		await Promise.all(spy.mock.results.map(async ({ value }) => (await (value as Promise<unknown>)) !== undefined));

	it('are downloaded whole into the binary store, small ones beside them', async () => {
		await Promise.all([
			publish('a.bin'),
			publish('b.bin', CONTENT.subarray(7)),
			publish('s.bin', Buffer.from('small')),
		]);
		const { items, error } = await download(['a.bin', 's.bin', 'b.bin'], {
			destination: 'binary',
			binaryPropertyName: 'data',
		});
		expect(error).toBeUndefined();
		const stored = await Promise.all(
			items.map(async ({ binary }) => await Engine.binaryData().getAsBuffer(binary!.data!)),
		);
		expect(
			stored.map((bytes, index) => bytes.equals([CONTENT, Buffer.from('small'), CONTENT.subarray(7)][index]!)),
		).toEqual([true, true, true]);
		expect(items[0]!.json.sha256).toBe(SHA256);
		expect(await used(downloads)).toEqual([true, true]);
	});

	it('are downloaded whole into a folder', async () => {
		await publish('c.bin');
		const { items, error } = await download(['c.bin'], { destination: 'disk', folder });
		expect(error).toBeUndefined();
		expect((await readFile(join(folder, 'c.bin'))).equals(CONTENT)).toBe(true);
		expect(items[0]!.json.sha256).toBe(SHA256);
		expect(await used(downloads)).toEqual([true]);
		await rm(join(folder, 'c.bin'));
		expect(await readdir(folder)).toEqual([]);
	});

	it('are submitted beside small ones, each once, on one connection', async () => {
		const names = ['s0.bin', 'l0.bin', 's1.bin', 's2.bin', 'l1.bin', 's3.bin', 's4.bin', 's5.bin'];
		const contentOf = (name: string) => (name.startsWith('l') ? CONTENT : Buffer.from(name));
		const { items, error } = await engine.runOn(
			filing({ accessMethod }),
			await Promise.all(names.map(async (name) => await fileItem(name, contentOf(name)))),
		);
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => [json.fileName, json.outcome, json.size])).toEqual(
			names.map((name) => [name, 'accepted', contentOf(name).length]),
		);
		expect(
			sandbox.submissions
				.arrivals()
				.map(({ name }) => name)
				.sort(),
		).toEqual([...names].sort());
		expect((await used(uploads)).filter(Boolean)).toHaveLength(2);
	});

	it('are downloaded whole though the line breaks', async () => {
		await publish('e.bin');
		sandbox.faults.add({ where: accessMethod === 'sftp' ? 'sftp.read' : 's3.get', effect: 'cut', times: 2 });
		const { items, error } = await download(['e.bin'], { destination: 'disk', folder });
		expect(error).toBeUndefined();
		expect(items[0]!.json.sha256).toBe(SHA256);
		await rm(join(folder, 'e.bin'));
	});

	/** Ends the thread once a fault has struck what it does. */
	async function endThread(): Promise<void> {
		const left = () => sandbox.faults.all().reduce((sum, { times }) => sum + times, 0);
		const before = left();
		await eventually(() => left() !== before);
		const { worker } = TransferThread.get() as unknown as { worker: Worker };
		await worker.terminate();
	}

	it('that are under way when the thread ends fail, leave nothing behind, and go well the next time', async () => {
		await publish('f.bin');
		sandbox.faults.add({ where: accessMethod === 'sftp' ? 'sftp.read' : 's3.get', effect: 'stall', times: 1 });
		const [{ error }] = await Promise.all([download(['f.bin'], { destination: 'disk', folder }), endThread()]);
		expect(error?.message).toMatch(/^The transfer thread ended before the transfer did/);
		expect(await readdir(folder)).toEqual([]);
		sandbox.faults.clear();
		const { items } = await download(['f.bin'], { destination: 'binary', binaryPropertyName: 'data' });
		expect(items[0]!.json.sha256).toBe(SHA256);
	});

	it('of which it is not known what became when the thread ended are not called failed', async () => {
		const where = accessMethod === 'sftp' ? 'sftp.write' : 's3.put';
		sandbox.faults.add({ where, effect: 'delay', seconds: 1, times: 9 });
		const [{ items }] = await Promise.all([
			engine.runOn(
				{
					type: 'fileXUpload',
					parameters: {
						accessMethod,
						application: byName('focus'),
						subSpace: byName('in'),
						binaryPropertyName: 'data',
						options: { settleTime: 0 },
					} as never,
					onError: 'continueRegularOutput',
				},
				[await fileItem('g.bin', CONTENT)],
			),
			endThread(),
		]);
		expect(items[0]!.json).toMatchObject({ details: { outcome: 'unknown' } });
	});

	it('that are written to while they are sent are not submitted', async () => {
		const path = join(folder, 'i.bin');
		await writeFile(path, CONTENT);
		const writer = await open(path, 'r+');
		const writing = setInterval(() => void writer.write('b', 4_999_999), 1);
		const { error } = await engine.run({
			type: 'fileXUpload',
			parameters: {
				accessMethod,
				source: 'disk',
				filePath: path,
				application: byName('focus'),
				subSpace: byName('in'),
			} as never,
		});
		clearInterval(writing);
		await writer.close();
		await rm(path);
		expect(error?.message).toBe(`'${path}' changed while it was being submitted [item 0]`);
		expect(sandbox.submissions.arrivals()).toEqual([]);
	});

	it('go as small ones do where there can be no thread', async () => {
		await publish('h.bin');
		const none = jest.spyOn(TransferThread, 'get').mockImplementation(() => {
			throw new Error('no threads here');
		});
		const { items, error } = await download(['h.bin'], { destination: 'binary', binaryPropertyName: 'data' });
		none.mockRestore();
		expect(error).toBeUndefined();
		expect(items[0]!.json.sha256).toBe(SHA256);
	});

	it.each(['binary', 'disk'])('are submitted from %s once, and skipped the next time', async (source) => {
		const path = join(folder, 'd.bin');
		await writeFile(path, CONTENT);
		const node = {
			type: 'fileXUpload',
			parameters: {
				accessMethod,
				source,
				filePath: path,
				application: byName('focus'),
				subSpace: byName('in'),
				binaryPropertyName: 'data',
				ifAlreadyFiled: 'skip',
			} as never,
		};
		const items = [await fileItem('d.bin', CONTENT)];
		const first = await engine.runOn(node, items);
		expect(first.error).toBeUndefined();
		expect(first.items[0]!.json).toMatchObject({ outcome: 'accepted', sha256: SHA256, attempts: 1 });
		expect(await used(uploads)).toEqual([true]);
		expect((await engine.runOn(node, items)).items[0]!.json).toMatchObject({ outcome: 'skipped' });
		expect(sandbox.submissions.arrivals().map(({ name }) => name)).toEqual(['d.bin']);
		await rm(path);
	});
});
