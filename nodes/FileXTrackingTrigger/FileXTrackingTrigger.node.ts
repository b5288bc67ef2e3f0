import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';
import { fipApiTest } from '../shared/credential-test';
import { runPoll } from '../shared/run-poll';
import { triggerProperties } from './fields';
import { trackingWatcher } from './tracking-watcher';

export class FileXTrackingTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'fileX Tracking Trigger',
		name: 'fileXTrackingTrigger',
		icon: { light: 'file:../../icons/filex.svg', dark: 'file:../../icons/filex.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle:
			'={{ ($parameter["options"]["application"] ? $parameter["options"]["application"] + ": " : "") + [$parameter["events"]].flat().map((event) => ({ overdue: "no decision in time", partiallyRejected: "partially rejected" })[event] || event).join(", ") }}',
		description:
			'Starts the workflow when FINRA receives, accepts or rejects a submission to fileX, or does not decide in time',
		eventTriggerDescription: 'Waiting for a submission to change in fileX',
		activationMessage: 'The trigger now looks for changes of submissions in fileX.',
		defaults: { name: 'fileX Tracking Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'fipApi', required: true, testedBy: 'fipApiTest' }],
		properties: triggerProperties,
	};

	methods = { credentialTest: { fipApiTest } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await runPoll(this, async () => await trackingWatcher(this));
	}
}
