import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../run';
import type { WorkflowFile } from './rig';

/** The name of its node that downloads. */
export const DOWNLOAD_NODE = 'fileX Download';

/** The webhook that examples/ tell. */
export const EXAMPLE_WEBHOOK = 'https://hooks.slack.example/services/YOUR/OWN/WEBHOOK';

/** A workflow of examples/, by its file's name, telling `webhook` instead of Slack: the one thing that is changed in it. */
export async function example(
	name: 'report-pickup' | 'submit-and-alert' | 'filing-deadline-watch',
	webhook: string,
): Promise<WorkflowFile> {
	const path = join(ROOT, 'examples', `${name}.json`);
	const workflow = JSON.parse(await readFile(path, 'utf8')) as WorkflowFile;
	const nodes = workflow.nodes.map((node) =>
		'url' in node.parameters && node.parameters.url === EXAMPLE_WEBHOOK
			? { ...node, parameters: { ...node.parameters, url: webhook } }
			: node,
	);
	return { ...workflow, nodes };
}
