import type { WorkflowFile } from '../../scripts/n8n/rig';
import { byName } from '../support/by-name';

const ACCOUNT = { fipApi: { id: 'finraFipAccount', name: 'FINRA FIP account' } };

const node = (name: string, type: string, parameters: object, more: object = {}) => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [0, 0],
	parameters,
	...more,
});

/** Watches a sub-space of `crd`, and tells `url` of each file. */
export function pickup(subSpace: string, url: string): WorkflowFile {
	return {
		id: `pickup-${subSpace}`,
		name: `Pickup of ${subSpace}`,
		nodes: [
			node(
				'Trigger',
				'n8n-nodes-finra-filex.fileXSftpTrigger',
				{
					pollTimes: { item: [{ mode: 'everyMinute' }] },
					watch: 'subSpace',
					application: byName('crd'),
					subSpace: byName(subSpace),
				},
				{ credentials: ACCOUNT },
			),
			node(
				'Tell',
				'n8n-nodes-base.httpRequest',
				{
					method: 'POST',
					url,
					sendBody: true,
					specifyBody: 'json',
					jsonBody: '={{ JSON.stringify({ path: $json.path, eventId: $json.eventId }) }}',
					options: {},
				},
				{ typeVersion: 4.2 },
			),
		],
		connections: { Trigger: { main: [[{ node: 'Tell', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
}

/** Submits what is posted to it, unless FINRA has it already, and answers with the outcome. */
export function submission(accessMethod: 'rest' | 's3' | 'sftp'): WorkflowFile {
	const path = `submit-${accessMethod}`;
	return {
		id: path,
		name: path,
		nodes: [
			node(
				'Webhook',
				'n8n-nodes-base.webhook',
				{ httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
				{ typeVersion: 2, webhookId: path },
			),
			node(
				'Upload',
				'n8n-nodes-finra-filex.fileXUpload',
				{
					accessMethod,
					application: byName('focus'),
					subSpace: byName('in'),
					binaryPropertyName: 'data',
					ifAlreadyFiled: 'skip',
				},
				{ credentials: ACCOUNT },
			),
		],
		connections: { Webhook: { main: [[{ node: 'Upload', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
}
