import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import type { AccessMethod } from '../../filex';
import { accountOf, openSpace, type CommonOptions } from '../shared/context';
import { fipApiTest } from '../shared/credential-test';
import { toNodeError } from '../shared/errors';
import { listSearch } from '../shared/list-search';
import { runItems } from '../shared/router';
import { listProperties } from './fields';
import { OPERATIONS, type OperationName } from './operations';

export class FileXList implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'fileX List',
		name: 'fileXList',
		icon: { light: 'file:../../icons/filex.svg', dark: 'file:../../icons/filex.dark.svg' },
		group: ['input'],
		version: 1,
		subtitle:
			'={{ { applications: "List applications", files: "List files", health: "Service health", subSpaces: "List sub-spaces" }[$parameter["operation"]] }}',
		description: 'List applications, sub-spaces and files of FINRA fileX, or ask for its health',
		defaults: { name: 'fileX List' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'fipApi', required: true, testedBy: 'fipApiTest' }],
		properties: listProperties,
	};

	methods = { credentialTest: { fipApiTest }, listSearch };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const account = await accountOf(this).catch((error: unknown) => {
			throw toNodeError(this.getNode(), error);
		});
		const method = this.getNodeParameter('accessMethod', 0, 'rest') as AccessMethod;
		const space = openSpace(this, account, method, { signal: this.getExecutionCancelSignal() });
		try {
			return await runItems(this, 1, async (itemIndex) => {
				const operation = this.getNodeParameter('operation', itemIndex) as OperationName;
				const options = this.getNodeParameter('options', itemIndex, {}) as CommonOptions;
				const records = await OPERATIONS[operation]({ context: this, itemIndex, account, space, options });
				return records.map((record) => ({ record }));
			});
		} finally {
			await space.close();
		}
	}
}
