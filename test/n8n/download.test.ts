import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { PATIENCE } from '../../filex/util/patience';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields, loginOf } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine, type NodeUnderTest, storedBytes } from '../support/engine';

describe.each(['rest', 's3', 'sftp'])('fileX Download over %s', (accessMethod) => {
	let sandbox: Sandbox;
	let engine: Engine;

	function download(parameters: object = {}, onError?: NodeUnderTest['onError']): NodeUnderTest {
		const defaults = { accessMethod, selectBy: 'path', filePath: '={{ $json.path }}', binaryPropertyName: 'data' };
		return { type: 'fileXDownload', parameters: { ...defaults, ...parameters } as never, onError };
	}

	async function publish(name: string, content: Buffer): Promise<string> {
		await sandbox.store.publish(['0001', 'crd', 'reports', name], Readable.from([content]));
		return `0001/crd/reports/${name}`;
	}

	beforeAll(async () => {
		sandbox = await startSandbox();
		engine = await Engine.start(credentialFields(sandbox.info));
	});
	beforeEach(() => sandbox.log.clear());
	afterEach(() => sandbox.faults.clear());
	afterAll(async () => await sandbox.close());

	it('puts a file into the binary store, byte for byte, with its SHA-256', async () => {
		const content = randomBytes(3_000_001);
		const path = await publish('report.pdf', content);
		const { items } = await engine.run(download(), [{ path }]);
		expect(items).toHaveLength(1);
		expect(items[0]).toMatchObject({
			json: {
				path,
				name: 'report.pdf',
				size: content.length,
				sha256: createHash('sha256').update(content).digest('hex'),
				accessMethod,
				retention: '30 calendar days',
			},
			binary: { data: { fileName: 'report.pdf', mimeType: 'application/pdf', bytes: content.length } },
			pairedItem: { item: 0 },
		});
		expect(items[0]!.binary!.data!.id).toMatch(/^filesystem/);
		expect((await storedBytes(items[0]!)).equals(content)).toBe(true);
	});

	it('takes application, sub-space and name, a URL, and another field to put the file in', async () => {
		await publish('a.csv', Buffer.from('1'));
		const parts = {
			selectBy: 'parts',
			application: byName('crd'),
			subSpace: byName('reports'),
			file: byName('a.csv'),
			binaryPropertyName: 'report',
		};
		expect((await storedBytes((await engine.run(download(parts))).items[0]!, 'report')).toString()).toBe('1');
		const url = await engine.run(download({ filePath: 'https://filex.finra.org/files/0001/crd/reports/a.csv' }));
		expect(url.items[0]!.json.path).toBe('0001/crd/reports/a.csv');
	});

	it('takes each of them as a path, too, and refuses a path of another place by its field', async () => {
		await publish('a.csv', Buffer.from('1'));
		const byPath = (value: string) => ({ __rl: true, mode: 'path', value });
		const parts = {
			selectBy: 'parts',
			application: byPath('0001/crd'),
			subSpace: byPath('0001/crd/reports'),
			file: byPath('0001/crd/reports/a.csv'),
		};
		expect((await engine.run(download(parts))).items[0]!.json.path).toBe('0001/crd/reports/a.csv');
		for (const [field, label, value] of [
			['application', 'Application', '0002/crd'],
			['subSpace', 'Sub-Space', '0001/focus/reports'],
			['file', 'File', '0001/crd/out/a.csv'],
		] as const) {
			const { error } = await engine.run(download({ ...parts, [field]: byPath(value) }));
			expect(error?.message).toMatch(new RegExp(`^'${label}' is the path '${value}', which is not in '`));
		}
	});

	it('downloads an empty file', async () => {
		const path = await publish('empty.txt', Buffer.alloc(0));
		const { items } = await engine.run(download(), [{ path }]);
		expect(items[0]!.json).toMatchObject({ size: 0, sha256: createHash('sha256').digest('hex') });
	});

	it("downloads 30 files in the items' order, with one login and one listing", async () => {
		const files = Array.from({ length: 30 }, (_, index) => ({
			name: `n${index}.bin`,
			content: randomBytes(1000 + index),
		}));
		const items = await Promise.all(files.map(async ({ name, content }) => ({ path: await publish(name, content) })));
		engine.credentials.stored.accessToken = '';
		const run = await engine.run(download(), items);
		expect(run.items.map(({ json }) => json.name)).toEqual(files.map(({ name }) => name));
		for (const [index, item] of run.items.entries()) {
			expect((await storedBytes(item)).equals(files[index]!.content)).toBe(true);
		}
		if (accessMethod === 'sftp') {
			expect(sandbox.log.count('sftp', 'login')).toBe(1);
			expect(sandbox.log.count('sftp', /^OPENDIR/)).toBe(1);
		} else {
			const listings =
				accessMethod === 'rest'
					? sandbox.log.count('rest', 'GET /files/0001/crd/reports')
					: sandbox.log.count('s3', /^GET \/bucket-filex\/?$/);
			expect(listings).toBe(1);
			expect(sandbox.log.count('rest', 'GET /S3TransferTokens/0001/crd')).toBe(accessMethod === 's3' ? 1 : 0);
			expect(sandbox.log.count('fip', 'token')).toBeLessThanOrEqual(4);
		}
	});

	it('stores nothing of a download that is cut, and continues with the others', async () => {
		const paths = [await publish('cut.bin', randomBytes(2_000_000)), await publish('ok.bin', randomBytes(10))];
		sandbox.faults.add({
			where: accessMethod === 'sftp' ? 'sftp.read' : 's3.get',
			effect: 'cut',
			times: 999,
			path: paths[0],
		});
		const node = download({ options: accessMethod === 'sftp' ? {} : { parallel: 1 } }, 'continueRegularOutput');
		const { items } = await engine.run(
			node,
			paths.map((path) => ({ path })),
		);
		expect(items[0]).toMatchObject({
			json: {
				error: expect.stringMatching(
					/^(The connection broke after \d+ of 2000000 bytes of '0001\/crd\/reports\/cut.bin'|No usable connection to)/,
				),
				details: { description: expect.stringMatching(/again/) },
			},
			pairedItem: { item: 0 },
		});
		expect(items[0]!.binary).toBeUndefined();
		expect(items[1]!.json.name).toBe('ok.bin');
	});

	it("fails with the item's number", async () => {
		const path = await publish('there.bin', Buffer.from('x'));
		const { error } = await engine.run(download(), [{ path }, { path: '0001/crd/reports/gone.bin' }]);
		expect(error).toMatchObject({
			message: "There is no file 'gone.bin' in '0001/crd/reports' [item 1]",
			context: { itemIndex: 1 },
		});
	});

	describe('refuses, naming the field and what to do,', () => {
		it.each([
			[
				'a file name with #',
				{ filePath: '0001/crd/reports/a#1.pdf' },
				/^'File Path' holds a '#'/,
				/Use the 'path' exactly as the listing/,
			],
			[
				'a path that is too short',
				{ filePath: '0001/crd/a.pdf' },
				/^'File Path' must name/,
				/\{orgId\}\/\{application\}/,
			],
			[
				'an organization with letters',
				{ filePath: 'ACME/crd/reports/a.pdf' },
				/^'File Path' must hold digits only/,
				/leading zeros/,
			],
			[
				'a way out of the sub-space',
				{ filePath: '0001/crd/reports/..' },
				/^'File Path' is '\.\.'/,
				/Use the 'path' exactly/,
			],
			[
				'an application that does not exist',
				{ filePath: '0001/nosuch/reports/a.pdf' },
				/^There is no application 'nosuch'/,
				/This account sees/,
			],
			[
				'a file that does not exist',
				{ filePath: '0001/crd/reports/nosuch.pdf' },
				/^There is no file 'nosuch.pdf'/,
				/30 calendar days/,
			],
			[
				'two organizations at once',
				{ filePath: '0001/crd/reports/a.pdf', options: { orgId: '888888' } },
				/^'File Path' is of organization '0001'/,
				/Remove the option/,
			],
		])('%s', async (_name, parameters, message, description) => {
			const { error } = await engine.run(download(parameters));
			expect(error?.message).toMatch(message);
			expect(error?.description).toMatch(description);
		});

		it('a sub-space without entitlement', async () => {
			const limited = await Engine.start(credentialFields(sandbox.info, loginOf(sandbox.info, 'crdonly')));
			const { error } = await limited.run(download({ filePath: '0001/focus/out/a.pdf' }));
			expect(error?.message).toMatch(/^This account is not entitled to '0001\/focus\/out/);
		});

		it('a changed SFTP host key', async () => {
			if (accessMethod !== 'sftp') return;
			const pinned = `SHA256:${'A'.repeat(43)}`;
			const other = await Engine.start(credentialFields(sandbox.info, { hostKeys: pinned }));
			const { error } = await other.run(download({ filePath: '0001/crd/reports/a.pdf' }));
			expect(error?.message).toMatch(
				/is not the pinned one: its host key is SHA256:.{43}, the credential allows SHA256:A{43} /,
			);
			expect(error?.description).toMatch(/No password was sent/);
			expect(error?.failure).toEqual({ cause: 'credential-invalid' });
		});

		it('a pre-signed URL that keeps expiring', async () => {
			if (accessMethod !== 'rest') return;
			const path = await publish('late.pdf', Buffer.from('x'));
			sandbox.faults.add({ where: 's3.get', effect: 'expired', times: 9 });
			const { error } = await engine.run(download(), [{ path }]);
			expect(error?.message).toMatch(/^The pre-signed URL for '0001\/crd\/reports\/late.pdf' expired/);
			expect(error?.description).toMatch(/one minute/);
		});

		it('one connection too many for good, and takes both files where it is for a moment', async () => {
			if (accessMethod !== 'sftp') return;
			const paths = [await publish('one.txt', Buffer.from('1')), await publish('two.txt', Buffer.from('2'))];
			const run = async () => {
				const { items } = await engine.run(
					download({ options: { parallel: 1 } }, 'continueRegularOutput'),
					paths.map((path) => ({ path })),
				);
				return items.map(({ json }) => json.name ?? json.error);
			};
			sandbox.faults.add({ where: 'sftp.login', effect: 'too-many', times: 1 });
			PATIENCE.ms = 30_000;
			expect(await run().finally(() => (PATIENCE.ms = 0))).toEqual(['one.txt', 'two.txt']);
			sandbox.faults.add({ where: 'sftp.login', effect: 'too-many', times: 999 });
			const refused = expect.stringMatching(/already has too many open connections of this account/);
			expect(await run()).toEqual([refused, refused]);
		});

		it('a wrong password, and sends it once in any number of runs', async () => {
			const wrong = await Engine.start(credentialFields(sandbox.info, { password: `wrong-${accessMethod}` }));
			for (let run = 0; run < 3; run++) {
				const { error } = await wrong.run(download({}), [
					{ path: '0001/crd/reports/a' },
					{ path: '0001/crd/reports/b' },
				]);
				expect(error?.message).toMatch(/^Authorization of 'demo'/);
				expect(error?.description).toMatch(/'User Name', 'Password' and 'Environment'/);
			}
			expect(accessMethod === 'sftp' ? sandbox.log.count('sftp', 'login') : sandbox.log.count('fip', 'token')).toBe(1);
		});
	});
});
