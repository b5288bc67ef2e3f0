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
			description: "A bucket of your own firm's; fileX's own S3 needs no credential but FINRA FIP API",
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
			description: 'For temporary keys only',
		},
		{
			displayName: 'Endpoint',
			name: 'endpoint',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://s3.example.com',
			description: 'Of an S3-compatible store. Empty means AWS itself.',
		},
		{
			displayName: 'Force Path Style',
			name: 'pathStyle',
			type: 'boolean',
			default: false,
			description: 'Whether the bucket stands in the path of URLs; most S3-compatible stores want that',
		},
	];
}
