import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

const KEYS_ONLY = { show: { credentialsFrom: ['keys'] } };

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
			displayName: 'Credentials From',
			name: 'credentialsFrom',
			type: 'options',
			options: [
				{
					name: 'AWS SDK',
					value: 'system',
					description:
						"Whatever AWS's SDK finds on n8n's machine: environment, profile, web identity (IRSA), container or instance role. Needs N8N_AWS_SYSTEM_CREDENTIALS_ACCESS_ENABLED=true.",
				},
				{ name: 'Keys', value: 'keys', description: 'Entered below' },
			],
			default: 'keys',
		},
		{
			displayName: 'Access Key ID',
			name: 'accessKeyId',
			type: 'string',
			default: '',
			required: true,
			displayOptions: KEYS_ONLY,
		},
		{
			displayName: 'Secret Access Key',
			name: 'secretAccessKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			displayOptions: KEYS_ONLY,
		},
		{
			displayName: 'Session Token',
			name: 'sessionToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: KEYS_ONLY,
			description: 'Only for temporary keys',
		},
		{
			displayName: 'Role ARN',
			name: 'roleArn',
			type: 'string',
			default: '',
			placeholder: 'e.g. arn:aws:iam::123456789012:role/reports',
			description: 'Role to assume with these credentials. Leave empty for none.',
		},
		{
			displayName: 'External ID',
			name: 'externalId',
			type: 'string',
			default: '',
			displayOptions: { hide: { roleArn: [''] } },
			description: 'Only if the role asks for one',
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
