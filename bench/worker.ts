import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import type { IDataObject, INodeExecutionData, INodeType } from 'n8n-workflow';
import { Engine, fileItem } from '../test/support/engine';
import { watchEffort } from '../test/support/process-memory';
import type { EngineTask, Result } from './contender';

/** n8n's own nodes, by their types. */
const PEERS: Record<string, { path: string; name: string }> = {
	'n8n-nodes-base.ftp': { path: 'Ftp/Ftp.node.js', name: 'Ftp' },
	'n8n-nodes-base.httpRequest': { path: 'HttpRequest/HttpRequest.node.js', name: 'HttpRequest' },
};

/** One task in n8n's engine, in a process of its own so that its memory can be reported. Prints a {@link Result}. */
async function main(): Promise<void> {
	const [task, warmUp] = JSON.parse(process.argv[2]!) as [EngineTask, EngineTask | undefined];
	const engine = await Engine.start(task.credential);
	for (const [type, { path, name }] of Object.entries(PEERS)) {
		if (task.nodes.some((node) => node.type === type)) engine.add(type, peer(task.n8n, path, name));
	}
	if (warmUp) await work(engine, warmUp, await itemsOf(warmUp));
	const items = await itemsOf(task);
	globalThis.gc?.();
	const effort = watchEffort();
	await work(engine, task, items);
	const { growth, ...rest } = effort.end();
	const result: Result = { ...rest, memory: growth };
	process.stdout.write(`${JSON.stringify(result)}\n`);
	process.exit(0);
}

async function itemsOf({ files, records = [{}] }: EngineTask): Promise<INodeExecutionData[]> {
	if (!files) return records.map((json) => ({ json: json as IDataObject }));
	return await Promise.all(
		files.map(async (path) => await fileItem(basename(path), createReadStream(path), { name: basename(path) })),
	);
}

async function work(engine: Engine, { nodes }: EngineTask, items: INodeExecutionData[]): Promise<void> {
	let current = items;
	for (const node of nodes) {
		const { items: out, error } = await engine.runOn(node, current);
		if (error) throw error;
		if (out.length !== items.length) throw new Error(`${node.type} gave ${out.length} items for ${items.length}`);
		current = out.map((item, index) => ({ ...item, binary: item.binary ?? items[index]!.binary }));
	}
}

function peer(n8n: string, file: string, name: string): INodeType {
	const path = createRequire(n8n).resolve(`n8n-nodes-base/dist/nodes/${file}`);
	const module = createRequire(path)(path) as Record<string, new () => INodeType>;
	return new module[name]!();
}

main().catch((error: Error) => {
	process.stderr.write(`${error.stack}\n`);
	process.exit(1);
});
