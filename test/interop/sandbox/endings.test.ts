import { mkdtemp, readdir, rm, unlink } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type Client, type SFTPWrapper } from 'ssh2';
import { startSandbox, type Sandbox } from '../../../sandbox/sandbox';
import { freePort } from '../../../scripts/free-port';
import { openFilesIn } from '../../support/open-files';

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;

/** Milliseconds that ending may take, whatever clients do. */
const PATIENCE = 30_000;

interface Raw {
	client: Client;
	sftp: SFTPWrapper;
}

async function login({ info }: Sandbox): Promise<Raw> {
	const { username, password } = info.accounts[0]!;
	const client = new ssh2.Client();
	client.on('error', () => {});
	await new Promise<void>((resolve, reject) => {
		client.once('ready', resolve).once('error', reject);
		client.connect({ host: info.sftp.host, port: info.sftp.port, username, password });
	});
	const sftp = await new Promise<SFTPWrapper>((resolve, reject) =>
		client.sftp((error, it) => (error ? reject(error) : resolve(it))),
	);
	return { client, sftp };
}

/** Writes two pieces, the second first, so that the sandbox has to read them again to hash them. */
async function uploadOutOfOrder(sftp: SFTPWrapper, bytes: number): Promise<Buffer> {
	const flags = OPEN_MODE.WRITE | OPEN_MODE.CREAT | OPEN_MODE.TRUNC;
	const handle = await new Promise<Buffer>((resolve, reject) =>
		sftp.open('/0001/crd/incoming_filings/a.zip', flags, (error, it) => (error ? reject(error) : resolve(it))),
	);
	const half = Buffer.alloc(bytes / 2);
	for (const at of [bytes / 2, 0]) {
		await new Promise<void>((resolve, reject) =>
			sftp.write(handle, half, 0, half.length, at, (error) => (error ? reject(error) : resolve())),
		);
	}
	return handle;
}

describe('ends and failures', () => {
	let sandbox: Sandbox | undefined;
	let unhandled: unknown[];
	const noteUnhandled = (reason: unknown) => unhandled.push(reason);

	beforeEach(() => {
		unhandled = [];
		process.on('unhandledRejection', noteUnhandled);
	});
	afterEach(async () => {
		const dataDir = sandbox?.info.dataDir;
		await sandbox?.close();
		sandbox = undefined;
		if (dataDir !== undefined) expect(await openFilesIn(dataDir)).toEqual([]);
		process.off('unhandledRejection', noteUnhandled);
		expect(unhandled).toEqual([]);
	});

	it('an upload whose bytes cannot be kept is refused, and the sandbox lives', async () => {
		sandbox = await startSandbox();
		const { client, sftp } = await login(sandbox);
		const handle = await uploadOutOfOrder(sftp, 200_000);
		const [content] = await readdir(join(sandbox.info.dataDir, 'content'));
		await unlink(join(sandbox.info.dataDir, 'content', content!));
		const error = await new Promise<unknown>((resolve) => sftp.close(handle, resolve as never));
		expect(error).toMatchObject({ code: STATUS_CODE.FAILURE });
		client.end();
		expect(sandbox.submissions.arrivals()).toEqual([]);
		const again = await login(sandbox);
		again.client.end();
	});

	it('ends while a client is silent, and while one is in the middle of an upload', async () => {
		sandbox = await startSandbox();
		const silent: Socket[] = ['sftp', 'rest', 's3', 'fip', 'control'].map((each) => {
			const { info } = sandbox!;
			const port = each === 'sftp' ? info.sftp.port : Number(new URL(info[each as 'rest']).port);
			return connect(port, '127.0.0.1').on('error', () => {});
		});
		await Promise.all(silent.map(async (socket) => await new Promise((resolve) => socket.once('connect', resolve))));
		const { sftp } = await login(sandbox);
		const handle = await uploadOutOfOrder(sftp, 8_000_000);
		sftp.close(handle, () => {});
		const begin = Date.now();
		await sandbox.close();
		sandbox = undefined;
		expect(Date.now() - begin).toBeLessThan(PATIENCE);
		for (const socket of silent) socket.destroy();
	});

	it('leaves nothing open when a client goes while its file is being opened', async () => {
		sandbox = await startSandbox();
		sandbox.faults.add({ where: 'sftp.write', effect: 'delay', times: 3, seconds: 0.3 });
		for (let time = 0; time < 3; time++) {
			const { client, sftp } = await login(sandbox);
			sftp.open('/0001/crd/incoming_filings/a.zip', OPEN_MODE.WRITE | OPEN_MODE.CREAT | OPEN_MODE.TRUNC, () => {});
			await new Promise((resolve) => setImmediate(resolve));
			client.destroy();
		}
		const { dataDir } = sandbox.info;
		await sandbox.close();
		sandbox = undefined;
		await expect(readdir(dataDir)).rejects.toThrow('ENOENT');
	});

	it('has a data folder for itself, until it ends', async () => {
		const dataDir = await mkdtemp(join(tmpdir(), 'filex-shared-'));
		sandbox = await startSandbox({ dataDir });
		await expect(startSandbox({ dataDir })).rejects.toThrow(`The folder ${dataDir} is in use by another sandbox.`);
		await sandbox.close();
		sandbox = await startSandbox({ dataDir });
		await sandbox.close();
		sandbox = undefined;
		await rm(dataDir, { recursive: true });
	});

	it('leaves no server behind when it cannot start', async () => {
		const taken = createServer().listen(0, '127.0.0.1');
		await new Promise((resolve) => taken.once('listening', resolve));
		const rest = await freePort();
		await expect(startSandbox({ ports: { rest, sftp: (taken.address() as AddressInfo).port } })).rejects.toThrow(
			'EADDRINUSE',
		);
		const refused = await new Promise((resolve) =>
			connect(rest, '127.0.0.1')
				.once('error', resolve)
				.once('connect', () => resolve(undefined)),
		);
		expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
		taken.close();
	});
});
