import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../run';
import type { WorkflowFile } from './rig';

/** The name of its node that downloads. */
export const DOWNLOAD_NODE = 'fileX Download';

/** examples/report-pickup.json, telling `webhook` instead of Slack: the one thing that is changed in it. */
export async function reportPickup(webhook: string): Promise<WorkflowFile> {
	const path = join(ROOT, 'examples', 'report-pickup.json');
	const workflow = JSON.parse(await readFile(path, 'utf8')) as Omit<WorkflowFile, 'id'>;
	const nodes = workflow.nodes.map((node) =>
		node.name === 'Tell the Team' ? { ...node, parameters: { ...node.parameters, url: webhook } } : node,
	);
	return { ...workflow, id: 'reportPickup', nodes };
}
