import { ACCOUNT, type WorkflowFile } from '../../scripts/n8n/rig';
import { byName } from '../support/by-name';
import { filing } from '../support/filing';
import { inOrder, node, ours, webhook } from '../support/workflow';

type Method = 'rest' | 's3' | 'sftp';

/** A failed item is the answer. */
const ANSWER = { onError: 'continueRegularOutput' };

/** An account of the sandbox whose password in n8n is wrong. */
export const MISTYPED = { id: 'mistyped', name: 'mistyped', username: 'submitonly' };

/** Seconds from one poll to the next: users have a minute, which would take hours here. */
export const POLLS = 5;

/** Watches a sub-space of `crd`, and tells `url` of each file. */
export function pickup(subSpace: string, url: string): WorkflowFile {
	// n8n takes no schedule of less than a minute, but as many schedules as there are.
	const seconds = Array.from({ length: 60 / POLLS }, (_, index) => index * POLLS);
	return inOrder(`pickup-${subSpace}`, [
		ours('fileX SFTP Trigger', {
			pollTimes: { item: seconds.map((second) => ({ mode: 'custom', cronExpression: `${second} * * * * *` })) },
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

/** Submits what is posted to it, unless FINRA has it already, and answers with the outcome. @param options of the node */
export function submission(accessMethod: Method, options: object = {}, path = `submit-${accessMethod}`): WorkflowFile {
	const { parameters } = filing({ accessMethod, ifAlreadyFiled: 'skip', options });
	return inOrder(path, [webhook(path), ours('fileX Upload', parameters, ANSWER)]);
}

/** As {@link submission}; whoever begins with a file at the same moment sees it. */
export function registered(accessMethod: 's3' | 'sftp'): WorkflowFile {
	return submission(accessMethod, { registerOverRest: true }, `registered-${accessMethod}`);
}

/** Lists by an account whose password is wrong. */
export function mistyped(accessMethod: Method): WorkflowFile {
	const path = `mistyped-${accessMethod}`;
	const parameters = { accessMethod, operation: 'files', application: byName('crd'), subSpace: byName('reports') };
	const credentials = { fipApi: { ...ACCOUNT.fipApi, id: MISTYPED.id, name: MISTYPED.name } };
	return inOrder(path, [webhook(path), ours('fileX List', parameters, { ...ANSWER, credentials })]);
}

/** Downloads a file of a sub-space into n8n's binary data. */
export function downloaded(subSpace: string): WorkflowFile {
	const path = 'downloaded';
	return inOrder(path, [webhook(path), downloadIn(subSpace)]);
}

/** Downloads a file of a sub-space into a folder. */
export function saved(subSpace: string, folder: string): WorkflowFile {
	const path = 'saved';
	return inOrder(path, [webhook(path), downloadIn(subSpace, { destination: 'disk', folder })]);
}

/** As {@link downloaded}; then reads it there in a step of its own, and answers with its hash. */
export function hashed(subSpace: string): WorkflowFile {
	const path = 'hashed';
	return inOrder(path, [
		webhook(path),
		downloadIn(subSpace),
		node(
			'Hash',
			'n8n-nodes-base.crypto',
			{
				action: 'hash',
				type: 'SHA256',
				binaryData: true,
				binaryPropertyName: 'data',
				dataPropertyName: 'hash',
				encoding: 'hex',
			},
			ANSWER,
		),
	]);
}

function downloadIn(subSpace: string, parameters: object = {}): WorkflowFile['nodes'][number] {
	const filePath = `=${subSpace}/{{ $json.body.name }}`;
	return ours('fileX Download', { selectBy: 'path', filePath, ...parameters }, ANSWER);
}
