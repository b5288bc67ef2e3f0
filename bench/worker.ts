import { createRequire } from 'node:module';
import type { INodeType } from 'n8n-workflow';
import { Engine } from '../test/support/engine';

/** What a worker is told, as JSON in its first argument. */
export interface Task {
	/** Who downloads: our node over REST or SFTP, or n8n's own FTP node. */
	who: 'rest' | 'sftp' | 'n8n-ftp';
	/** Credential fields: ours, and those of n8n's SFTP credential. */
	credential: object;
	/** `{orgId}/{application}/{subSpace}/`, with a small file `warm.bin` in it. */
	folder: string;
	file: string;
	/** The program of a real n8n, which brings n8n's own nodes. */
	n8n: string;
}

/** What it prints, as JSON on its last line. */
export interface Result {
	seconds: number;
	/** Peak of the process's resident memory over its level before, in MiB. */
	growth: number;
	bytes: number;
}

const MIB = 1024 * 1024;

/** One download in n8n's engine, in a process of its own so that its memory can be told. */
async function main(): Promise<void> {
	const task = JSON.parse(process.argv[2]!) as Task;
	const engine = await Engine.start(task.credential);
	if (task.who === 'n8n-ftp') engine.add('n8n-nodes-base.ftp', ftpNode(task.n8n));
	await download(engine, task, 'warm.bin');
	globalThis.gc?.();
	const before = process.memoryUsage.rss();
	let peak = before;
	const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
	const started = performance.now();
	const bytes = await download(engine, task, task.file);
	const seconds = (performance.now() - started) / 1000;
	clearInterval(watch);
	const result: Result = { seconds, growth: (peak - before) / MIB, bytes };
	process.stdout.write(`${JSON.stringify(result)}\n`);
	process.exit(0);
}

async function download(engine: Engine, { who, folder }: Task, file: string): Promise<number> {
	const node =
		who === 'n8n-ftp'
			? {
					type: 'n8n-nodes-base.ftp',
					parameters: { protocol: 'sftp', operation: 'download', path: `/${folder}${file}`, binaryPropertyName: 'data', options: {} },
				}
			: {
					type: 'fileXDownload',
					parameters: { accessMethod: who, selectBy: 'path', filePath: `${folder}${file}`, binaryPropertyName: 'data' },
				};
	const { items, error } = await engine.run(node);
	if (error) throw error;
	return items[0]!.binary!.data!.bytes ?? 0;
}

function ftpNode(n8n: string): INodeType {
	const path = createRequire(n8n).resolve('n8n-nodes-base/dist/nodes/Ftp/Ftp.node.js');
	const { Ftp } = createRequire(path)(path) as { Ftp: new () => INodeType };
	return new Ftp();
}

main().catch((error: Error) => {
	process.stderr.write(`${error.stack}\n`);
	process.exit(1);
});
