import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { CheckedReader, describeFile } from '../../filex';
import { fipApiTest } from '../shared/credential-test';
import { listSearch } from '../shared/list-search';
import { runOnSpace } from '../shared/router';
import { downloadProperties, optionsOf } from './fields';
import { filePathOf } from './target';

export class FileXDownload implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'fileX Download',
		name: 'fileXDownload',
		icon: { light: 'file:../../icons/filex.svg', dark: 'file:../../icons/filex.dark.svg' },
		group: ['input'],
		version: 1,
		subtitle: '={{ { rest: "HTTPS REST", s3: "S3 Direct", sftp: "SFTP" }[$parameter["accessMethod"]] }}',
		description: 'Download files from FINRA fileX, whole and checked',
		defaults: { name: 'fileX Download' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'fipApi', required: true, testedBy: 'fipApiTest' }],
		properties: downloadProperties,
	};

	methods = { credentialTest: { fipApiTest }, listSearch };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { packetsInOrder, parallel } = optionsOf(this, 0);
		let reader: CheckedReader | undefined;
		return await runOnSpace(this, { parallel, inFlight: packetsInOrder ? 1 : undefined }, async (step) => {
			const { itemIndex, account, method, space } = step;
			reader ??= new CheckedReader(space);
			const field = this.getNodeParameter('binaryPropertyName', itemIndex) as string;
			const file = filePathOf(this, account, itemIndex);
			const { listed, stream, sha256 } = await reader.read(file);
			// n8n may refuse before it has read anything: disk full, no permission.
			const binary = await this.helpers.prepareBinaryData(stream, file.name).finally(() => stream.destroy());
			const record = { ...describeFile(file, listed), sha256: sha256(), accessMethod: method };
			return [{ record, binary: { [field]: binary } }];
		});
	}
}
