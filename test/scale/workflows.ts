import type { WorkflowFile } from '../../scripts/n8n/rig';
import { byName } from '../support/by-name';
import { filing } from '../support/filing';
import { inOrder, node, ours, webhook } from '../support/workflow';

/** Watches a sub-space of `crd`, and tells `url` of each file. */
export function pickup(subSpace: string, url: string): WorkflowFile {
	return inOrder(`pickup-${subSpace}`, [
		ours('fileX SFTP Trigger', {
			pollTimes: { item: [{ mode: 'everyMinute' }] },
			watch: 'subSpace',
			application: byName('crd'),
			subSpace: byName(subSpace),
		}),
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
	]);
}

/** Submits what is posted to it, unless FINRA has it already, and answers with the outcome. */
export function submission(accessMethod: 'rest' | 's3' | 'sftp'): WorkflowFile {
	const path = `submit-${accessMethod}`;
	const { parameters } = filing({ accessMethod, ifAlreadyFiled: 'skip' });
	return inOrder(path, [webhook(path), ours('fileX Upload', parameters)]);
}
