import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { until } from '../../scripts/n8n/until';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields } from '../support/accounts';
import { Engine, fileItem, type NodeRun } from '../support/engine';
import { filing } from '../support/filing';

// Before the first run, which reads it when n8n is told to stop.
process.env.N8N_GRACEFUL_SHUTDOWN_TIMEOUT = '0.5';
// Each run that is stopped would be printed.
process.env.N8N_LOG_LEVEL = 'silent';

const METHODS = ['rest', 's3', 'sftp'] as const;

/** What SIGTERM does to transfers that would outlive n8n: once in a process, so that all are tried at once. */
describe('when n8n is stopped', () => {
	let sandbox: Sandbox;
	let engine: Engine;
	// n8n listens, and so the signal does not end the process.
	const n8n = () => {};

	beforeAll(async () => {
		process.on('SIGTERM', n8n);
		sandbox = await startSandbox();
		engine = await Engine.start(credentialFields(sandbox.info));
		await sandbox.store.publish(['0001', 'crd', 'reports', 'a.bin'], Readable.from([randomBytes(3_000_000)]));
	});
	afterAll(async () => {
		process.off('SIGTERM', n8n);
		await sandbox.close();
	});

	const download = async (accessMethod: string): Promise<NodeRun> =>
		await engine.run(
			{
				type: 'fileXDownload',
				parameters: { accessMethod, selectBy: 'path', filePath: '0001/crd/reports/a.bin' } as never,
			},
			[{}],
		);
	const upload = async (accessMethod: string): Promise<NodeRun> =>
		await engine.runOn(filing({ accessMethod }), [await fileItem(`${accessMethod}.bin`, randomBytes(3_000_000))]);

	it('ends each transfer by its own word, before n8n cuts it off', async () => {
		for (const where of ['s3.get', 'sftp.read'] as const) sandbox.faults.add({ where, effect: 'stall', times: 9 });
		sandbox.faults.add({ where: 's3.put', effect: 'delay', times: 9, seconds: 15 });
		const runs = METHODS.flatMap((method) => [download(method), upload(method)]);
		await until(
			async () => {
				const left = sandbox.faults.all().filter(({ times }) => times === 9);
				return left.length === 0 ? true : undefined;
			},
			{ what: 'transfers under way', limit: 60_000, signal: new AbortController().signal, details: () => '' },
		);
		process.emit('SIGTERM', 'SIGTERM');
		const ended = await Promise.all(runs);
		const words = ended.map(({ error }) => `${error?.message}. ${error?.description ?? ''}`);
		expect(ended.map(({ items }) => items.length)).toEqual(runs.map(() => 0));
		for (const [index, word] of words.entries()) {
			const isUpload = index % 2 === 1;
			expect(word).toMatch(isUpload ? /stopped|not known|unknown|cannot be determined/ : /stopped/);
		}
		// An upload whose bytes had left says that it does not know; one that was not begun says that it was not.
		expect(words[1]).toMatch(/not known|unknown|cannot be determined/);
	});
});
