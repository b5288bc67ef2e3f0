import spawn from 'cross-spawn';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import type { NodeUnderTest } from './engine';

/** One node to run, on one item. */
export interface EngineRun {
	node: NodeUnderTest;
	json?: IDataObject;
	/** A file in the item's field `data`, as text. */
	file?: { name: string; text: string };
}

/** What became of it. */
export interface EngineOutcome {
	json?: IDataObject;
	/** What the node put into the binary store, as text. */
	text?: string;
	error?: string;
	description?: string;
	/** Peak of the process's resident memory over its level before, in MiB. */
	growth: number;
	seconds: number;
}

/** Runs nodes, one after the other, in n8n's engine in a process of its own, under an environment that Node reads at its start. */
export async function runInProcess(
	credential: object,
	runs: EngineRun[],
	env: NodeJS.ProcessEnv = {},
): Promise<{ outcomes: EngineOutcome[]; credentialTest: string }> {
	const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'engine-process.main.ts')], {
		env: { ...process.env, ...env },
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	let out = '';
	child.stdout!.on('data', (chunk) => (out += String(chunk)));
	child.stdin!.end(JSON.stringify({ credential, runs }));
	const code = await new Promise((resolve) => child.once('close', resolve));
	if (code !== 0) throw new Error(`n8n's engine ended with ${String(code)}: ${out}`);
	return JSON.parse(out.trim().split('\n').at(-1)!) as { outcomes: EngineOutcome[]; credentialTest: string };
}
