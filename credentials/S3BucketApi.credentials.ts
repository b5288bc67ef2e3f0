import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

/** A bucket of the user's own, to take filings from and to put reports into. */
export class S3BucketApi implements ICredentialType {
	name = 's3BucketApi';

	displayName = 'S3 Bucket API';

	icon: Icon = { light: 'file:../icons/filex.svg', dark: 'file:../icons/filex.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-finra-filex/n8n-nodes-finra-filex#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Bucket',
			name: 'bucket',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. my-reports',
			description: "Your firm's own bucket. S3 Direct to fileX needs only the FINRA FIP API credential.",
		},
		{
			displayName: 'Region',
			name: 'region',
			type: 'string',
			default: 'us-east-1',
			required: true,
			placeholder: 'e.g. us-east-1',
		},
		{
			displayName: 'Access Key ID',
			name: 'accessKeyId',
			type: 'string',
			default: '',
			required: true,
		},
		{
			displayName: 'Secret Access Key',
			name: 'secretAccessKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
		},
		{
			displayName: 'Session Token',
			name: 'sessionToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Only for temporary keys',
		},
		{
			displayName: 'Endpoint',
			name: 'endpoint',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://s3.example.com',
			description: 'Endpoint of an S3-compatible store. Leave empty for AWS.',
		},
		{
			displayName: 'Force Path Style',
			name: 'pathStyle',
			type: 'boolean',
			default: false,
			description: 'Whether URLs have the bucket in their path; most S3-compatible stores need it',
		},
	];
}
