import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { CheckedReader, describeFile, type AccessMethod } from '../../filex';
import { accountOf, openSpace } from '../shared/context';
import { fipApiTest } from '../shared/credential-test';
import { toNodeError } from '../shared/errors';
import { listSearch } from '../shared/list-search';
import { runItems } from '../shared/router';
import { downloadProperties, optionsOf } from './fields';
import { filePathOf } from './target';

export class FileXDownload implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'fileX Download',
		name: 'fileXDownload',
		icon: { light: 'file:../../icons/filex.svg', dark: 'file:../../icons/filex.dark.svg' },
		group: ['input'],
		version: 1,
		subtitle: '={{ $parameter["accessMethod"] === "sftp" ? "SFTP" : "HTTPS REST" }}',
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
		const account = await accountOf(this).catch((error: unknown) => {
			throw toNodeError(this.getNode(), error);
		});
		const method = this.getNodeParameter('accessMethod', 0) as AccessMethod;
		const { packetsInOrder, parallel } = optionsOf(this, 0);
		const space = openSpace(this, account, method, {
			signal: this.getExecutionCancelSignal(),
			inFlight: packetsInOrder ? 1 : undefined,
		});
		const reader = new CheckedReader(space);
		try {
			// One SFTP connection moves one file at a time; each is pipelined in itself.
			return await runItems(this, method === 'sftp' ? 1 : parallel, async (itemIndex) => {
				const field = this.getNodeParameter('binaryPropertyName', itemIndex) as string;
				const file = filePathOf(this, account, itemIndex);
				const { listed, stream, sha256 } = await reader.read(file);
				const binary = await this.helpers.prepareBinaryData(stream, file.name);
				const record = { ...describeFile(file, listed), sha256: sha256(), accessMethod: method };
				return [{ record, binary: { [field]: binary } }];
			});
		} finally {
			await space.close();
		}
	}
}
