import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { fipApiTest } from '../shared/credential-test';
import { listSearch } from '../shared/list-search';
import { runOnSpace } from '../shared/router';
import { listProperties, parametersOf, spaceSettingsOf } from './fields';
import { type OperationName, OPERATIONS } from './operations';

export class FileXList implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'fileX List',
		name: 'fileXList',
		icon: { light: 'file:../../icons/filex.svg', dark: 'file:../../icons/filex.dark.svg' },
		group: ['input'],
		version: 1,
		subtitle:
			'={{ { applications: "List applications", diagnostics: "Run diagnostics", files: "List files", health: "Get service health", subSpaces: "List sub-spaces" }[$parameter["operation"]] }}',
		description: 'List applications, sub-spaces and files of FINRA fileX, ask for its health, or run diagnostics',
		defaults: { name: 'fileX List' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'fipApi', required: true, testedBy: 'fipApiTest' }],
		properties: listProperties,
	};

	methods = { credentialTest: { fipApiTest }, listSearch };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOnSpace(
			this,
			() => spaceSettingsOf(this),
			() => ({
				parallel: 1,
				item: async (step) => {
					const parameters = parametersOf(this, step.itemIndex);
					const records = await OPERATIONS[parameters.choice<OperationName>('operation')](this, step, parameters);
					return records.map((record) => ({ record }));
				},
			}),
		);
	}
}
