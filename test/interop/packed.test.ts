import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packTarball } from '../../scripts/n8n/pack';
import { ROOT } from '../../scripts/run';
import { output } from '../support/program';

/** Begins and ends a session in the transfer thread, and prints what came of it. */
const SCRIPT = `
	const { TransferThread } = require('./package/dist/filex/bulk/thread.js');
	const { readAccount } = require('./package/dist/filex');
	const account = readAccount({ username: 'demo', password: 'x', orgId: '0001', environment: 'production' });
	(async () => {
		const thread = TransferThread.get();
		const session = await thread.open({ account, method: 'rest', patience: 0 }, {});
		await thread.close(session);
		console.log('went well');
	})().catch(({ code, message }) => console.log(code ?? message));
`;

describe('the packed package', () => {
	let folder: string;

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'filex-packed-'));
		const tarball = await packTarball(folder, new AbortController().signal);
		await output('tar', ['-xzf', tarball, '-C', folder]);
		await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
	});
	afterAll(async () => await rm(folder, { recursive: true }));

	const node = async (...options: string[]) =>
		(await output(process.execPath, [...options, '-e', SCRIPT], { cwd: folder })).trim();

	it('finds its transfer thread, and ends with it', async () => {
		expect(await node()).toBe('went well');
	});

	it("is told by Node's permission model where there may be no thread", async () => {
		expect(await node('--permission', '--allow-fs-read=*')).toBe('ERR_ACCESS_DENIED');
		expect(await node('--permission', '--allow-fs-read=*', '--allow-worker')).toBe('went well');
	});
});
