import type { WorkflowFile } from '../../scripts/n8n/rig';

/** The file that {@link downloadByHand} downloads. */
export const FILE = { name: 'disclosure-report.pdf', path: '0001/crd/reports/disclosure-report.pdf' };

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
