import { createHash, randomBytes } from 'node:crypto';
import {
	mkdir,
	mkdtemp,
	open,
	readdir,
	readFile,
	rm,
	symlink,
	utimes,
	writeFile,
	type FileHandle,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine, type NodeRun } from '../support/engine';
import { runInProcess } from '../support/engine-process';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

// Before n8n reads it, when it first looks at a path.
process.env.N8N_RESTRICT_FILE_ACCESS_TO = tmpdir();

let sandbox: Sandbox;
let engine: Engine;
let folder: string;

beforeEach(async () => {
	sandbox = await startSandbox();
	engine = await Engine.start(credentialFields(sandbox.info));
	folder = await mkdtemp(join(tmpdir(), 'filex-disk-'));
});
afterEach(async () => {
	await sandbox.close();
	await rm(folder, { recursive: true, force: true });
});

describe.each(['rest', 's3', 'sftp'])('fileX Download over %s to a file on disk', (accessMethod) => {
	const node = (parameters: object = {}) => ({
		type: 'fileXDownload',
		parameters: {
			accessMethod,
			selectBy: 'path',
			filePath: '={{ $json.path }}',
			destination: 'disk',
			folder,
			...parameters,
		} as never,
	});
	const download = async (name: string, parameters: object = {}): Promise<NodeRun> =>
		await engine.run(node(parameters), [{ path: `0001/crd/reports/${name}` }]);
	const publish = async (name: string, bytes: Buffer) =>
		await sandbox.store.publish(['0001', 'crd', 'reports', name], Readable.from([bytes]));

	it('writes it whole, under its name, and says where it is', async () => {
		const bytes = randomBytes(3_000_001);
		await publish('a report.pdf', bytes);
		const { items, error } = await download('a report.pdf');
		expect(error).toBeUndefined();
		expect(items[0]).toMatchObject({
			json: { name: 'a report.pdf', size: bytes.length, sha256: sha256(bytes), savedTo: join(folder, 'a report.pdf') },
			pairedItem: { item: 0 },
		});
		expect(items[0]!.binary).toBeUndefined();
		expect((await readFile(join(folder, 'a report.pdf'))).equals(bytes)).toBe(true);
		expect(await readdir(folder)).toEqual(['a report.pdf']);
	});

	it('writes an empty file', async () => {
		await publish('empty.txt', Buffer.alloc(0));
		expect((await download('empty.txt')).items[0]!.json).toMatchObject({ size: 0 });
		expect(await readFile(join(folder, 'empty.txt'))).toEqual(Buffer.alloc(0));
	});

	it('replaces an older file, or fails where it is told to, before it asks for anything', async () => {
		await publish('a.bin', Buffer.from('new'));
		await writeFile(join(folder, 'a.bin'), 'older');
		const { error } = await download('a.bin', { options: { ifFileExists: 'fail' } });
		expect(error?.message).toBe(`'${join(folder, 'a.bin')}' already exists, and 'If File Exists' is 'Fail' [item 0]`);
		expect(sandbox.log.count('s3', /^GET/) + sandbox.log.count('sftp', /^OPEN /)).toBe(0);
		expect(await readFile(join(folder, 'a.bin'), 'utf8')).toBe('older');
		const odd = await download('a.bin', { options: { ifFileExists: 'Fail' } });
		expect(odd.error?.message).toBe("'If File Exists' is 'Fail', which is not one of its choices [item 0]");
		expect(await readFile(join(folder, 'a.bin'), 'utf8')).toBe('older');
		await download('a.bin');
		expect(await readFile(join(folder, 'a.bin'), 'utf8')).toBe('new');
	});
});

describe('fileX Download to a file on disk', () => {
	it('leaves nothing of a download that breaks, and an older file of that name as it was', async () => {
		await sandbox.store.publish(['0001', 'crd', 'reports', 'a.bin'], Readable.from([randomBytes(2_000_000)]));
		await writeFile(join(folder, 'a.bin'), 'older');
		sandbox.faults.add({ where: 'sftp.read', effect: 'cut', times: 999 });
		const { error } = await engine.run({
			type: 'fileXDownload',
			parameters: {
				accessMethod: 'sftp',
				selectBy: 'path',
				filePath: '0001/crd/reports/a.bin',
				destination: 'disk',
				folder,
			} as never,
		});
		expect(error?.message).toMatch(/connection|stood still/i);
		expect(await readdir(folder)).toEqual(['a.bin']);
		expect(await readFile(join(folder, 'a.bin'), 'utf8')).toBe('older');
	});
});

describe('fileX Download to a file on disk refuses, before it asks for anything,', () => {
	const refusal = async (where: string): Promise<NodeRun['error']> => {
		const { error } = await engine.run({
			type: 'fileXDownload',
			parameters: { selectBy: 'path', filePath: '0001/crd/reports/a.bin', destination: 'disk', folder: where } as never,
		});
		expect(sandbox.log.count('s3', /^GET/)).toBe(0);
		return error;
	};

	it('a folder that is not there', async () => {
		const error = await refusal(join(folder, 'no', 'such'));
		expect(error?.message).toMatch(/'Folder' names, cannot be used: it does not exist \[item 0\]$/);
	});

	it('an empty folder', async () => {
		expect((await refusal('={{ "" }}'))?.message).toBe("'Folder' is empty [item 0]");
	});

	it("a folder of n8n's own", async () => {
		const error = await refusal(
			process.env.N8N_USER_FOLDER === undefined ? '' : join(process.env.N8N_USER_FOLDER, '.n8n'),
		);
		expect(error?.message).toMatch(/^n8n does not let workflows use/);
		expect(error?.description).toMatch(/N8N_RESTRICT_FILE_ACCESS_TO/);
	});

	it('a folder beyond those that n8n allows, also by a link', async () => {
		const [allowed, beyond] = [join(folder, 'allowed'), join(folder, 'beyond')];
		await mkdir(allowed);
		await mkdir(beyond);
		await symlink(beyond, join(allowed, 'link'));
		await sandbox.store.publish(['0001', 'crd', 'reports', 'a.bin'], Readable.from([Buffer.from('a')]));
		const runs = [allowed, beyond, join(allowed, 'link'), join(allowed, '..', 'beyond')].map((where) => ({
			node: {
				type: 'fileXDownload',
				parameters: {
					selectBy: 'path',
					filePath: '0001/crd/reports/a.bin',
					destination: 'disk',
					folder: where,
				} as never,
			},
		}));
		const { outcomes } = await runInProcess(credentialFields(sandbox.info), runs, {
			N8N_RESTRICT_FILE_ACCESS_TO: allowed,
		});
		expect(outcomes.map(({ json, error }) => error ?? json?.savedTo)).toEqual([
			join(allowed, 'a.bin'),
			...Array.from({ length: 3 }, () => expect.stringMatching(/^n8n does not let workflows use/)),
		]);
		expect(await readdir(beyond)).toEqual([]);
	});
});

describe('fileX Upload from a file on disk', () => {
	const upload = async (filePath: string, parameters: object = {}): Promise<NodeRun> =>
		await engine.run({
			type: 'fileXUpload',
			parameters: {
				application: byName('focus'),
				subSpace: byName('in'),
				source: 'disk',
				filePath,
				ifAlreadyFiled: 'fail',
				...parameters,
			} as never,
		});
	const arrivals = () => sandbox.submissions.arrivals();

	it.each(['rest', 's3', 'sftp'])('submits it over %s, under its name', async (accessMethod) => {
		const bytes = randomBytes(500_001);
		await writeFile(join(folder, 'focus.zip'), bytes);
		const { items, error } = await upload(join(folder, 'focus.zip'), { accessMethod });
		expect(error).toBeUndefined();
		expect(items[0]!.json).toMatchObject({
			outcome: 'accepted',
			fileName: 'focus.zip',
			size: bytes.length,
			sha256: sha256(bytes),
		});
		expect(arrivals()).toMatchObject([{ name: 'focus.zip', sha256: sha256(bytes) }]);
		const again = await upload(join(folder, 'focus.zip'), { accessMethod });
		expect(again.error?.message).toMatch(/filed|submitted/i);
		expect(arrivals()).toHaveLength(1);
	});

	it('submits nothing of a file that changes before it is sent', async () => {
		const path = join(folder, 'focus.zip');
		await writeFile(path, 'first');
		sandbox.log.clear();
		const stop = setInterval(() => {
			// Its request is there: it has been looked at, and is about to be sent.
			if (sandbox.log.count('rest', /^GET /) > 0) void utimes(path, new Date(), new Date(Date.now() + 5000));
		}, 1);
		const { error } = await upload(path).finally(() => clearInterval(stop));
		expect(error?.message).toMatch(/changed while it was being submitted/);
		expect(arrivals()).toEqual([]);
	});

	it.each(['rest', 's3', 'sftp'])(
		'submits nothing of a file over %s that is written to while it is sent',
		async (accessMethod) => {
			const path = join(folder, 'focus.zip');
			// Below what goes by the transfer thread, for which test/n8n/bulk tries this.
			await writeFile(path, Buffer.alloc(8_000_000, 'a'));
			const writer = await open(path, 'r+');
			const prototype = Object.getPrototypeOf(writer) as FileHandle;
			const { createReadStream } = prototype;
			const opened = jest.spyOn(prototype, 'createReadStream').mockImplementation(function (this: FileHandle, ...args) {
				void writer.write('b', 7_900_000);
				return createReadStream.apply(this, args);
			});
			const { error } = await upload(path, { accessMethod, ifAlreadyFiled: 'allow' }).finally(async () => {
				expect(opened).toHaveBeenCalledTimes(1);
				opened.mockRestore();
				await writer.close();
			});
			expect(error?.message).toBe(`'${path}' changed while it was being submitted [item 0]`);
			expect(arrivals()).toEqual([]);
		},
		30_000,
	);

	it.each([
		['a file that is not there', () => join(folder, 'nosuch.zip'), /it does not exist/],
		['a folder', () => folder, /is not a file/],
		['an empty path', () => ' ', /'Path on Disk' is empty/],
	])('refuses %s', async (_name, path, reason) => {
		expect((await upload(path())).error?.message).toMatch(reason);
		expect(sandbox.log.count('rest', /^PUT/)).toBe(0);
	});
});
