import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';
import { fipApiTest } from '../shared/credential-test';
import { listSearch } from '../shared/list-search';
import { runPoll } from '../shared/run-poll';
import { triggerProperties } from './fields';
import { filesWatcher } from './files-watcher';

export class FileXSftpTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'fileX SFTP Trigger',
		name: 'fileXSftpTrigger',
		icon: { light: 'file:../../icons/filex.svg', dark: 'file:../../icons/filex.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle:
			'={{ $parameter["watch"] === "organization" ? "whole organization" : [$parameter["application"], $parameter["watch"] === "subSpace" ? $parameter["subSpace"] : "all"].filter(Boolean).join(" / ") }}',
		description: 'Starts the workflow when new files land in download sub-spaces of FINRA fileX',
		eventTriggerDescription: 'Waiting for a new file in fileX',
		activationMessage: 'The trigger now looks for new files in fileX.',
		defaults: { name: 'fileX SFTP Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'fipApi', required: true, testedBy: 'fipApiTest' }],
		properties: triggerProperties,
	};

	methods = { credentialTest: { fipApiTest }, listSearch };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await runPoll(this, async () => await filesWatcher(this));
	}
}
