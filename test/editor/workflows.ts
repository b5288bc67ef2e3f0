import type { WorkflowFile } from '../../scripts/n8n/rig';

/** The file that {@link downloadByHand} downloads. */
export const FILE = { name: 'disclosure-report.pdf', path: '0001/crd/reports/disclosure-report.pdf' };

/** The pack's nodes by their names in the editor. */
export const NODES = {
	'fileX List': 'fileXList',
	'fileX Download': 'fileXDownload',
	'fileX Upload': 'fileXUpload',
	'fileX Track': 'fileXTrack',
	'fileX S3 Token': 'fileXS3Token',
	'fileX SFTP Trigger': 'fileXSftpTrigger',
	'fileX Tracking Trigger': 'fileXTrackingTrigger',
};

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

/** Manual Trigger → fileX List, Run Diagnostics. */
export function diagnosticsByHand(id: string): WorkflowFile {
	return {
		id,
		name: 'Run diagnostics',
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
				name: 'fileX List',
				type: 'n8n-nodes-finra-filex.fileXList',
				typeVersion: 1,
				position: [240, 0],
				parameters: { operation: 'diagnostics', options: {} },
				credentials: { fipApi: { id: 'finraFipAccount', name: 'FINRA FIP account' } },
			},
		],
		connections: { 'When Clicking': { main: [[{ node: 'fileX List', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
}

/** Manual Trigger → fileX Download of one path. @param more parameters of the node */
export function downloadByHand(id: string, name: string, filePath: string, more: object = {}): WorkflowFile {
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
				name: 'fileX Download',
				type: 'n8n-nodes-finra-filex.fileXDownload',
				typeVersion: 1,
				position: [240, 0],
				parameters: {
					accessMethod: 'rest',
					selectBy: 'path',
					filePath,
					binaryPropertyName: 'data',
					options: {},
					...more,
				},
				credentials: { fipApi: { id: 'finraFipAccount', name: 'FINRA FIP account' } },
			},
		],
		connections: { 'When Clicking': { main: [[{ node: 'fileX Download', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
}
