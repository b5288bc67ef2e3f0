import type { INodeProperties } from 'n8n-workflow';
import { applicationField, subSpaceField } from '../shared/fields';

const COMPARE = { operation: ['compareListings'] };
const WITH_ITEMS = { show: { ...COMPARE, compareWith: ['items'] } };

/** The fields of 'Compare Listings', but for its options. */
export const compareFields: Record<'source' | 'place', INodeProperties[]> = {
	// First, because the editor asks for the account right before the field that the second credential depends on.
	source: [
		{
			displayName: 'Compare With',
			name: 'compareWith',
			type: 'options',
			noDataExpression: true,
			options: [
				{ name: 'Folder on Disk', value: 'disk', description: 'A folder on the machine that runs n8n' },
				{ name: 'Input Items', value: 'items', description: 'A list from an earlier step, one file per item' },
				{ name: 'S3 Bucket', value: 's3Bucket', description: 'Your own bucket' },
			],
			default: 'items',
			displayOptions: { show: COMPARE },
			description: 'Where your own files are listed',
		},
		{
			displayName: 'Folder',
			name: 'folder',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. /home/node/.n8n-files/reports',
			displayOptions: { show: { ...COMPARE, compareWith: ['disk'] } },
			description:
				'Must exist, and n8n must be allowed to use it (N8N_RESTRICT_FILE_ACCESS_TO). Folders in it, and names that start with a dot, are left out.',
		},
		{
			displayName: 'Key Prefix',
			name: 'bucketFolder',
			type: 'string',
			default: '',
			placeholder: 'e.g. finra/reports',
			displayOptions: { show: { ...COMPARE, compareWith: ['s3Bucket'] } },
			description: 'Key prefix. Leave empty for none. Only objects right under it are compared.',
		},
		{
			displayName: 'File Name',
			name: 'fileName',
			type: 'string',
			default: '={{ $json.name }}',
			required: true,
			placeholder: 'e.g. report.pdf',
			displayOptions: WITH_ITEMS,
			description: 'The name of the file of each item; an item without one counts as no file',
		},
		{
			displayName: 'Size (Bytes)',
			name: 'fileSize',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 0 },
			// eslint-disable-next-line n8n-nodes-base/node-param-default-wrong-for-number -- of each item, as the name
			default: '={{ $json.size }}',
			displayOptions: WITH_ITEMS,
			description: 'The size of the file of each item. Without one, sizes are not compared.',
		},
		{
			displayName: 'SHA-256',
			name: 'sha256',
			type: 'string',
			default: '={{ $json.sha256 }}',
			displayOptions: WITH_ITEMS,
			description: "The hash of the file of each item, in hex, for 'Compare Content'",
		},
	],
	place: [applicationField({ show: COMPARE }), subSpaceField({ show: COMPARE })],
};
