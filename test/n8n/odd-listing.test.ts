import { byName } from '../support/by-name';
import { Engine } from '../support/engine';
import { type OddEntry, type OddServer, startOddServer } from '../support/odd-sftp-server';

const PLACE = { application: byName('crd'), subSpace: byName('reports') };

const file = (filename: string, attrs: OddEntry['attrs'] = {}): OddEntry => ({
	filename,
	longname: filename,
	attrs: { mode: 0o100_644, size: 5, atime: 1, mtime: 1_767_225_600, ...attrs },
});
const WITHOUT_SIZE: OddEntry = { filename: 'sizeless.pdf', longname: 'sizeless.pdf', attrs: { mode: 0o100_644 } };

describe('an SFTP listing that is odd', () => {
	let server: OddServer;
	let engine: Engine;
	/** What the server lists; changed by tests. */
	let entries: OddEntry[];

	async function start(first: OddEntry[], endless = false): Promise<void> {
		entries = first;
		server = await startOddServer(Buffer.from('x'), { entries, endless });
		engine = await Engine.start({
			environment: 'custom',
			restUrl: 'http://127.0.0.1:1',
			fipUrl: 'http://127.0.0.1:1',
			sftpHost: '127.0.0.1',
			sftpPort: server.port,
			username: 'demo',
			password: 'any',
			orgId: '0001',
		});
	}
	afterEach(async () => await server.close());

	const list = async () =>
		await engine.run({
			type: 'fileXList',
			parameters: { accessMethod: 'sftp', operation: 'files', returnAll: true, ...PLACE } as never,
		});
	const activate = () => engine.activate({ watch: 'subSpace', coldStart: 'fromNow', ...PLACE } as never);

	it.each([
		['that has no type bits', { ...file('a.pdf', { mode: 0o644 }), longname: '-rw-r--r-- 1 a a 5 Jan 1 2026 a.pdf' }],
		['that has no type bits and no line of ls', file('a.pdf', { mode: 0o644 })],
	])('lists a file whose mode %s, and the trigger fires for it', async (_what, odd) => {
		await start([]);
		const trigger = activate();
		expect(await trigger.poll()).toEqual([]);
		entries.push(odd);
		expect((await list()).items.map(({ json }) => json.name)).toEqual(['a.pdf']);
		expect((await trigger.poll()).map(({ name }) => name)).toEqual(['a.pdf']);
	});

	it.each([
		['without a size and a time', WITHOUT_SIZE, /'sizeless.pdf' comes without its size or time/],
		['whose name is not UTF-8', file('caf\uFFFD.pdf'), /not UTF-8/],
		['whose name is a path', file('../../etc/passwd'), /has a '\/' in its name/],
	])('lists the others where there is an entry %s, and says so', async (_what, odd, reason) => {
		await start([file('a.pdf'), odd]);
		const { items, hints } = await list();
		expect(items.map(({ json }) => json.name)).toEqual(['a.pdf']);
		expect(hints).toEqual([expect.stringMatching(reason)]);

		// It neither keeps the trigger from being armed, nor holds up the other files.
		const trigger = activate();
		expect(await trigger.poll()).toEqual([]);
		entries.push(file('b.pdf'));
		expect((await trigger.poll()).map(({ name }) => name)).toEqual(['b.pdf']);
		await expect(trigger.poll()).rejects.toThrow(reason);
	});

	it('that does not end is broken off', async () => {
		await start([file('a.pdf')], true);
		expect((await list()).error?.message).toMatch(/does not end: 101 answers in a row brought nothing new/);
	});
});
