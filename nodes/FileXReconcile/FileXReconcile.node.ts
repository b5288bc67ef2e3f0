import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { isTool } from '../shared/as-tool';
import { s3BucketApiTest } from '../shared/bucket';
import { fipApiTest } from '../shared/credential-test';
import { listSearch } from '../shared/list-search';
import { runOnSpace } from '../shared/router';
import { parametersOf, reconcileProperties, spaceSettingsOf } from './fields';
import { type OperationName, OPERATIONS } from './operations';
import { allInOne, failedItems } from './outputs';

export class FileXReconcile implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'fileX Reconcile',
		name: 'fileXReconcile',
		icon: { light: 'file:../../icons/filex.svg', dark: 'file:../../icons/filex.dark.svg' },
		group: ['input'],
		version: 1,
		subtitle:
			'={{ { compareListings: "Compare listings", expectedFiles: "Check expected files", verifyReceipts: "Verify receipts" }[$parameter["operation"]] }}',
		description: 'Check whether expected files arrived or were filed in time, and compare fileX with your own files',
		defaults: { name: 'fileX Reconcile' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['As Expected', 'Exceptions'],
		credentials: [
			{ name: 'fipApi', required: true, testedBy: 'fipApiTest' },
			{
				name: 's3BucketApi',
				required: true,
				testedBy: 's3BucketApiTest',
				displayOptions: { show: { operation: ['compareListings'], compareWith: ['s3Bucket'] } },
			},
		],
		properties: reconcileProperties,
	};

	methods = { credentialTest: { fipApiTest, s3BucketApiTest }, listSearch };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const outputs = await runOnSpace(
			this,
			() => spaceSettingsOf(this),
			async (session) => {
				const operation = parametersOf(this, 0).choice<OperationName>('operation');
				return await OPERATIONS[operation](this, session);
			},
		).catch((error: unknown) => {
			// n8n would hand the input on by the first output, where it would pass for what was expected.
			if (this.continueOnFail()) return failedItems(this, error);
			throw error;
		});
		return isTool(this) ? allInOne(outputs) : outputs;
	}
}
