import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { Register, Tracking } from '../../filex';
import { fipApiTest } from '../shared/credential-test';
import { n8nFileXHttp } from '../shared/http';
import { listSearch } from '../shared/list-search';
import { runOnSpace } from '../shared/router';
import { optionsOf, uploadProperties } from './fields';
import { upload } from './upload';

export class FileXUpload implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'fileX Upload',
		name: 'fileXUpload',
		icon: { light: 'file:../../icons/filex.svg', dark: 'file:../../icons/filex.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle:
			'={{ ($parameter["options"]["validateOnly"] ? "validate only: " : "") + [$parameter["application"], $parameter["subSpace"]].filter(Boolean).join(" / ") }}',
		description: 'Submit files to FINRA fileX, each once and only once',
		defaults: { name: 'fileX Upload' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'fipApi', required: true, testedBy: 'fipApiTest' }],
		properties: uploadProperties,
	};

	methods = { credentialTest: { fipApiTest }, listSearch };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		let shared: { tracking: Tracking; register: Register } | undefined;
		return await runOnSpace(this, { parallel: optionsOf(this, 0).parallel }, async (step) => {
			if (!shared) {
				const tracking = new Tracking(step.account.endpoints.rest, n8nFileXHttp(this), step.stop);
				shared = { tracking, register: new Register(tracking, step.space) };
			}
			return [{ record: await upload(this, step, shared) }];
		});
	}
}
