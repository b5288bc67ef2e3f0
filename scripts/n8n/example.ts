import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../run';
import type { WorkflowFile } from './rig';

/** The name of its node that downloads. */
export const DOWNLOAD_NODE = 'fileX Download';

/** The workflows of examples/, by their files' names. */
export const EXAMPLES = [
	'report-pickup',
	'submit-and-alert',
	'filing-deadline-watch',
	'missing-report-alert',
	'four-eyes-submission',
	'receipts-to-postgres',
	'daily-archive-audit',
	'reports-to-own-bucket',
	'catch-up-downloads',
	'agent-status-desk',
] as const;

export type ExampleName = (typeof EXAMPLES)[number];

/** A workflow of examples/, as it is. */
export async function example(name: ExampleName): Promise<WorkflowFile> {
	return JSON.parse(await readFile(join(ROOT, 'examples', `${name}.json`), 'utf8')) as WorkflowFile;
}

/** A workflow with other parameters in one of its nodes. */
export function withParameters(workflow: WorkflowFile, nodeName: string, parameters: object): WorkflowFile {
	if (!workflow.nodes.some(({ name }) => name === nodeName)) throw new Error(`There is no node '${nodeName}'`);
	const nodes = workflow.nodes.map((node) =>
		node.name === nodeName ? { ...node, parameters: { ...node.parameters, ...parameters } } : node,
	);
	return { ...workflow, nodes };
}
