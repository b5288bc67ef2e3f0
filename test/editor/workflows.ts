import { ACCOUNT, type WorkflowFile } from '../../scripts/n8n/rig';
import { NODES } from '../support/workflow';

/** The file that {@link downloadByHand} downloads. */
export const FILE = { name: 'disclosure-report.pdf', path: '0001/crd/reports/disclosure-report.pdf' };

/** Every node as it is when it was just added: nothing filled in, no account chosen. */
export function firstOpened(id: string): WorkflowFile {
	return {
		id,
		name: 'First opened',
		nodes: Object.entries(NODES).map(([name, type], index) => ({
			id: `${id}-${index}`,
			name,
			type: `n8n-nodes-finra-filex.${type}`,
			typeVersion: 1,
			position: [(index % 4) * 240, Math.floor(index / 4) * 200],
			parameters: {},
		})),
		connections: {},
		settings: { executionOrder: 'v1' },
	};
}

/** Manual Trigger → one of the pack's nodes, with its account. */
function byHand(id: string, name: string, node: keyof typeof NODES, parameters: object): WorkflowFile {
	return {
		id,
		name,
		nodes: [
			{
				id: `${id}-1`,
				name: 'When Clicking',
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{
				id: `${id}-2`,
				name: node,
				type: `n8n-nodes-finra-filex.${NODES[node]}`,
				typeVersion: 1,
				position: [240, 0],
				parameters: { ...parameters },
				credentials: ACCOUNT,
			},
		],
		connections: { 'When Clicking': { main: [[{ node, type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
}

/** Manual Trigger → fileX List, Run Diagnostics. */
export function diagnosticsByHand(id: string): WorkflowFile {
	return byHand(id, 'Run diagnostics', 'fileX List', { operation: 'diagnostics', options: {} });
}

/** Manual Trigger → fileX Download of one path. @param more parameters of the node */
export function downloadByHand(id: string, name: string, filePath: string, more: object = {}): WorkflowFile {
	const parameters = { accessMethod: 'rest', selectBy: 'path', filePath, binaryPropertyName: 'data', options: {} };
	return byHand(id, name, 'fileX Download', { ...parameters, ...more });
}
