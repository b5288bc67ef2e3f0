import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { FileXError, requestS3Token } from '../../filex';
import { applicationOf, organization } from '../shared/context';
import { fipApiTest } from '../shared/credential-test';
import { n8nFileXHttp } from '../shared/http';
import { listSearch } from '../shared/list-search';
import { itemParameters } from '../shared/parameters';
import { runOnSpace } from '../shared/router';
import { s3TokenProperties } from './fields';
import { recordOf, SECRETS } from './record';

// A secret is not for a model to see, which might show it to anybody: this is no tool of an AI agent.
// eslint-disable-next-line @n8n/community-nodes/node-usable-as-tool
export class FileXS3Token implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'fileX S3 Token',
		// eslint-disable-next-line n8n-nodes-base/node-class-description-name-miscased -- as n8n's own awsS3, S3 keeps its letter
		name: 'fileXS3Token',
		icon: { light: 'file:../../icons/filex.svg', dark: 'file:../../icons/filex.dark.svg' },
		group: ['input'],
		version: 1,
		subtitle: '={{ $parameter["application"] }}',
		description: 'Get a token for S3 Direct, to use any S3 tool with an application of FINRA fileX',
		defaults: { name: 'fileX S3 Token' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'fipApi', required: true, testedBy: 'fipApiTest' }],
		sensitiveOutputFields: SECRETS,
		properties: s3TokenProperties,
	};

	methods = { credentialTest: { fipApiTest }, listSearch };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOnSpace(
			this,
			() => ({}),
			({ account, space }) => ({
				parallel: 1,
				item: async ({ itemIndex, signal }) => {
					const parameters = itemParameters(this, s3TokenProperties, itemIndex);
					const application = applicationOf(parameters);
					const orgId = organization(account, parameters);
					const api = { baseUrl: account.endpoints.rest, http: n8nFileXHttp(this), signal };
					const { token } = await requestS3Token(api, orgId, application).catch(async (error: unknown) => {
						throw await explained(error, async () => await space.subSpaces(orgId, application));
					});
					return [{ record: recordOf(orgId, application, token) }];
				},
			}),
		);
	}
}

/** What a listing says of the same place, if that is not there; else the error itself. */
async function explained(error: unknown, listing: () => Promise<unknown>): Promise<unknown> {
	if (!(error instanceof FileXError) || error.kind !== 'not-found') return error;
	return await listing().then(
		() => error,
		(better: unknown) => better,
	);
}
