import { ACCOUNT, type WorkflowFile } from '../../scripts/n8n/rig';

/** The pack's nodes by their names in the editor. */
export const NODES = {
	'fileX List': 'fileXList',
	'fileX Download': 'fileXDownload',
	'fileX Upload': 'fileXUpload',
	'fileX Track': 'fileXTrack',
	'fileX Reconcile': 'fileXReconcile',
	'fileX S3 Token': 'fileXS3Token',
	'fileX SFTP Trigger': 'fileXSftpTrigger',
	'fileX Tracking Trigger': 'fileXTrackingTrigger',
};

/** A node of a workflow, as n8n exports it. */
export function node(name: string, type: string, parameters: object, more: object = {}): WorkflowFile['nodes'][number] {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters, ...more };
}

/** One of ours, with the account. */
export function ours(name: keyof typeof NODES, parameters: object, more: object = {}): WorkflowFile['nodes'][number] {
	return node(name, `n8n-nodes-finra-filex.${NODES[name]}`, parameters, { credentials: ACCOUNT, ...more });
}

/** Answers a POST to `/webhook/{path}` with what the last node puts out. */
export function webhook(path: string, parameters: object = {}): WorkflowFile['nodes'][number] {
	return node(
		'Webhook',
		'n8n-nodes-base.webhook',
		{ httpMethod: 'POST', path, responseMode: 'lastNode', options: {}, ...parameters },
		{ typeVersion: 2, webhookId: path },
	);
}

/** A workflow in which each node's items go to the next one. @param connections in place of these */
export function inOrder(
	id: string,
	nodes: WorkflowFile['nodes'],
	connections: Record<string, unknown> = {},
): WorkflowFile {
	const pairs = nodes
		.slice(1)
		.map((next, index) => [nodes[index]!.name, { main: [[{ node: next.name, type: 'main', index: 0 }]] }] as const);
	return {
		id,
		name: id,
		nodes,
		connections: { ...Object.fromEntries(pairs), ...connections },
		settings: { executionOrder: 'v1' },
	};
}
