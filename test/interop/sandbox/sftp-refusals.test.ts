import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import ssh2, { type Client, type SFTPWrapper, type Stats } from 'ssh2';
import { startSandbox, type Sandbox } from '../../../sandbox/sandbox';
import { ask, connectSsh, endSsh, startSftp } from './raw-sftp';

const { STATUS_CODE: STATUS, OPEN_MODE: MODE } = ssh2.utils.sftp;

const OUT = '/0001/crd/reports';
const IN = '/0001/crd/incoming_filings';
const ARCHIVE = '/0001/crd/incoming_filings_arcv';

/** How a `put` opens its file. */
const PUT = MODE.WRITE | MODE.CREAT | MODE.TRUNC;

describe('what fileX refuses over SFTP, with which status', () => {
	let sandbox: Sandbox;
	let client: Client;
	let sftp: SFTPWrapper;

	beforeAll(async () => {
		sandbox = await startSandbox();
		await sandbox.store.publish(['0001', 'crd', 'reports', 'kept.csv'], Readable.from(['kept']));
		await sandbox.store.publish(['1234', 'crd', 'reports', 'secret.csv'], Readable.from(['secret']));
		client = await connectSsh(sandbox.info);
		sftp = await startSftp(client);
	});
	afterAll(async () => {
		await endSsh(client);
		await sandbox.close();
	});

	/** Every file of every sub-space, and every filing. */
	const world = () => ({
		files: sandbox.database
			.prepare('SELECT space, name, content, etag, last_modified FROM files ORDER BY space, name')
			.all(),
		spaces: sandbox.database.prepare('SELECT space FROM spaces ORDER BY space').all(),
		arrivals: sandbox.submissions.arrivals(),
	});
	const contents = async () => await readdir(join(sandbox.info.dataDir, 'content'));

	type Done = (error: Error | null | undefined) => void;
	type Request = (done: Done) => void;
	const { PERMISSION_DENIED: DENIED, NO_SUCH_FILE: MISSING, FAILURE: FAILED } = STATUS;
	const open =
		(path: string, flags: number | 'r' | 'a' | 'a+' | 'r+' | 'w' | 'w+' | 'ax'): Request =>
		(done) =>
			sftp.open(path, flags as 'r', done);

	it.each<[what: string, status: number, request: Request]>([
		['mkdir in an application', DENIED, (done) => sftp.mkdir('/0001/crd/new', done)],
		['mkdir in an upload sub-space', DENIED, (done) => sftp.mkdir(`${IN}/new`, done)],
		['mkdir at the root', DENIED, (done) => sftp.mkdir('/0002', done)],
		['rmdir', DENIED, (done) => sftp.rmdir(OUT, done)],
		['rmdir of a missing place', DENIED, (done) => sftp.rmdir('/0001/crd/nowhere', done)],
		['unlink', DENIED, (done) => sftp.unlink(`${OUT}/kept.csv`, done)],
		['unlink of a missing file', DENIED, (done) => sftp.unlink(`${OUT}/missing.csv`, done)],
		["unlink of another firm's file", DENIED, (done) => sftp.unlink('/1234/crd/reports/secret.csv', done)],
		['rename', DENIED, (done) => sftp.rename(`${OUT}/kept.csv`, `${OUT}/other.csv`, done)],
		['rename into an upload sub-space', DENIED, (done) => sftp.rename(`${OUT}/kept.csv`, `${IN}/kept.csv`, done)],
		['setstat: chmod', DENIED, (done) => sftp.chmod(`${OUT}/kept.csv`, 0o600, done)],
		['setstat: chown', DENIED, (done) => sftp.chown(`${OUT}/kept.csv`, 1000, 1000, done)],
		['setstat: times', DENIED, (done) => sftp.utimes(`${OUT}/kept.csv`, 1, 1, done)],
		['setstat: size', DENIED, (done) => sftp.setstat(`${OUT}/kept.csv`, { size: 0 } as never, done)],
		['symlink', DENIED, (done) => sftp.symlink(`${OUT}/kept.csv`, `${IN}/link.csv`, done)],
		['readlink', DENIED, (done) => sftp.readlink(`${OUT}/kept.csv`, done)],

		['append to a new file', DENIED, open(`${IN}/new.csv`, 'a')],
		['append to a new file, and read', DENIED, open(`${IN}/new.csv`, 'a+')],
		['append to a file that must be new', DENIED, open(`${IN}/new.csv`, 'ax')],
		['open for reading and writing', DENIED, open(`${IN}/new.csv`, 'r+')],
		['open for writing and reading back', DENIED, open(`${IN}/new.csv`, 'w+')],
		['write without truncating, as a resume does', DENIED, open(`${IN}/new.csv`, MODE.WRITE | MODE.CREAT)],
		['write only, and not create', DENIED, open(`${IN}/new.csv`, MODE.WRITE)],
		['no flags at all', DENIED, open(`${IN}/new.csv`, 0)],

		['upload into a download sub-space', DENIED, open(`${OUT}/new.csv`, 'w')],
		['replace a file of a download sub-space', DENIED, open(`${OUT}/kept.csv`, 'w')],
		['upload into an archive', DENIED, open(`${ARCHIVE}/new.csv`, 'w')],
		["upload into another firm's sub-space", DENIED, open('/1234/crd/incoming_filings/new.csv', 'w')],
		['upload into an application of somebody else', DENIED, open('/0001/app1/in/new.csv', 'w')],
		['upload into a missing sub-space', DENIED, open('/0001/crd/nowhere/new.csv', 'w')],
		['upload into a missing application', DENIED, open('/0001/nowhere/in/new.csv', 'w')],
		['upload over a sub-space', DENIED, open(IN, 'w')],
		['upload into a folder of a sub-space', DENIED, open(`${IN}/folder/new.csv`, 'w')],
		['upload out of the space by dots', DENIED, open(`${IN}/../reports/new.csv`, 'w')],
		['upload at the root', DENIED, open('/new.csv', 'w')],
		['upload under a forbidden name', FAILED, open(`${IN}/a b#c.csv`, 'w')],
		['upload under a name that is not ASCII', FAILED, open(`${IN}/bericht-ä.csv`, 'w')],
		['upload under a name of 238 letters', FAILED, open(`${IN}/${'a'.repeat(238)}`, 'w')],

		['open a missing file', MISSING, open(`${OUT}/missing.csv`, 'r')],
		['open a file of a missing sub-space', MISSING, open('/0001/crd/nowhere/missing.csv', 'r')],
		["open another firm's file", DENIED, open('/1234/crd/reports/secret.csv', 'r')],
		['open a file of an upload sub-space', DENIED, open(`${IN}/new.csv`, 'r')],
		['open a sub-space', DENIED, open(OUT, 'r')],
		['opendir of a missing sub-space', MISSING, (done) => sftp.opendir('/0001/crd/nowhere', done)],
		['opendir of a missing application', MISSING, (done) => sftp.opendir('/0001/nowhere', done)],
		['opendir of a file', MISSING, (done) => sftp.opendir(`${OUT}/kept.csv`, done)],
		['opendir of another firm', DENIED, (done) => sftp.opendir('/1234', done)],
		["opendir of another firm's sub-space", DENIED, (done) => sftp.opendir('/1234/crd/reports', done)],
		['opendir of an application of somebody else', DENIED, (done) => sftp.opendir('/0001/app1', done)],
		['stat of a missing file', MISSING, (done) => sftp.stat(`${OUT}/missing.csv`, done)],
		['lstat of a missing file', MISSING, (done) => sftp.lstat(`${OUT}/missing.csv`, done)],
		["stat of another firm's file", DENIED, (done) => sftp.stat('/1234/crd/reports/secret.csv', done)],
	])('%s: %i', async (_what, status, request) => {
		const before = world();
		sandbox.log.clear();
		await expect(ask(request)).rejects.toMatchObject({ code: status });
		expect(sandbox.log.all()).toMatchObject([{ service: 'sftp', username: 'demo', outcome: 'refused' }]);
		expect(world()).toEqual(before);
		expect(await contents()).toHaveLength(2);
	});

	const handleOf = async (path: string, flags: number) => await ask<Buffer>((done) => sftp.open(path, flags, done));
	const close = async (handle: Buffer) => await ask((done) => sftp.close(handle, done));

	it('handles that are used for what they are not', async () => {
		const [bytes, unknown] = [Buffer.from('bytes'), Buffer.from([9, 9, 9, 9])];
		const reading = await handleOf(`${OUT}/kept.csv`, MODE.READ);
		const writing = await handleOf(`${IN}/never.csv`, PUT);
		const folder = await ask<Buffer>((done) => sftp.opendir(OUT, done));
		const read =
			(handle: Buffer): Request =>
			(done) =>
				sftp.read(handle, Buffer.alloc(10), 0, 10, 0, done);
		const write =
			(handle: Buffer): Request =>
			(done) =>
				sftp.write(handle, bytes, 0, bytes.length, 0, done);
		const refused: Request[] = [
			read(writing),
			read(folder),
			read(unknown),
			write(reading),
			write(folder),
			write(unknown),
			(done) => sftp.readdir(reading as never, done as never),
			(done) => sftp.fstat(folder, done),
			(done) => sftp.fstat(unknown, done),
			(done) => sftp.close(unknown, done),
		];
		for (const request of refused) await expect(ask(request)).rejects.toMatchObject({ code: FAILED });
		expect(await ask<Stats>((done) => sftp.fstat(reading, done))).toMatchObject({ size: 4 });
		await close(reading);
		await close(folder);
		await expect(close(reading)).rejects.toMatchObject({ code: FAILED });
		expect(sandbox.submissions.arrivals()).toEqual([]);
	});

	it.each<[what: string, attributes: object, unusable: unknown]>([
		['chmod', { mode: 0o600 }, expect.stringMatching(/during the upload/)],
		['chown', { uid: 1000, gid: 1000 }, expect.stringMatching(/during the upload/)],
		['times', { atime: 1, mtime: 1 }, null],
	])(
		'fsetstat of an upload that runs: %s is refused; whether it spoils the filing',
		async (what, attributes, unusable) => {
			const before = sandbox.submissions.arrivals().length;
			const handle = await handleOf(`${IN}/fsetstat-${what}.csv`, PUT);
			await ask((done) => sftp.write(handle, Buffer.from('filing'), 0, 6, 0, done));
			await expect(ask((done) => sftp.fsetstat(handle, attributes as never, done))).rejects.toMatchObject({
				code: DENIED,
			});
			expect(sandbox.submissions.arrivals()).toHaveLength(before);
			await close(handle);
			expect(sandbox.submissions.arrivals().slice(before)).toMatchObject([
				{ name: `fsetstat-${what}.csv`, size: 6, unusable },
			]);
		},
	);
});
