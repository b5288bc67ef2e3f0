import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { AccessMethod, Parallelism } from '../../filex';
import {
	accessMethodField,
	applicationField,
	fileField,
	onBehalfOfOption,
	packetsInOrderOption,
	parallelismOf,
	parallelOption,
	subSpaceField,
} from '../shared/fields';
import { itemParameters, type Parameters } from '../shared/parameters';
import type { SpaceSettings } from '../shared/router';

/** The node's fields, read for an item. */
export function parametersOf(context: IExecuteFunctions, itemIndex: number): Parameters {
	return itemParameters(context, downloadProperties, itemIndex);
}

/** How the node reaches fileX, the same for all items of a run. */
export function spaceSettingsOf(context: IExecuteFunctions): SpaceSettings {
	const parameters = parametersOf(context, 0);
	const method = parameters.choice<AccessMethod>('accessMethod');
	return { method, inFlight: parameters.options.flag('packetsInOrder') ? 1 : undefined };
}

/** How many files are downloaded at a time. */
export function parallelOf({ options }: Parameters): Parallelism {
	return parallelismOf(options, options.flag('packetsInOrder') ? 1 : undefined);
}

export const downloadProperties: INodeProperties[] = [
	// First, because the editor asks for the account right before the field that the second credential depends on.
	{
		displayName: 'Destination',
		name: 'destination',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Binary Data', value: 'binary', description: 'In n8n, for the next step' },
			{
				name: 'File on Disk',
				value: 'disk',
				description: 'A folder on the machine that runs n8n; for files of any size',
			},
			{
				name: 'S3 Bucket',
				value: 's3Bucket',
				description: 'Your own bucket, streamed through; for files of any size',
			},
		],
		default: 'binary',
		description: 'Where to put the file',
	},
	{
		displayName: 'Folder',
		name: 'folder',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. /home/node/.n8n-files/reports',
		displayOptions: { show: { destination: ['disk'] } },
		description:
			'Must exist, and n8n must be allowed to use it (N8N_RESTRICT_FILE_ACCESS_TO). The file keeps its name, and appears under it only when complete.',
	},
	{
		displayName: 'Key Prefix',
		name: 'bucketFolder',
		type: 'string',
		default: '',
		placeholder: 'e.g. finra/reports',
		displayOptions: { show: { destination: ['s3Bucket'] } },
		description: 'Key prefix. Leave empty for none. An object with the same key is replaced.',
	},
	{
		displayName: 'Put Output File in Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		displayOptions: { show: { destination: ['binary'] } },
		hint: 'The name of the output binary field to put the file in',
	},
	accessMethodField,
	{
		displayName: 'Select File By',
		name: 'selectBy',
		type: 'options',
		options: [
			{
				name: 'Application, Sub-Space and Name',
				value: 'parts',
				description: 'Pick each from a list, or enter it',
			},
			{
				name: 'Path',
				value: 'path',
				description: 'The path that fileX List and the fileX SFTP Trigger output',
			},
		],
		default: 'path',
	},
	{
		displayName: 'File Path',
		name: 'filePath',
		type: 'string',
		default: '={{ $json.path }}',
		required: true,
		placeholder: 'e.g. 0001/crd/reports/report.pdf',
		displayOptions: { show: { selectBy: ['path'] } },
		description:
			"{orgId}/{application}/{sub-space}/{file} with all leading zeros of the organization ID, or the file's fileX URL",
	},
	{
		// Of a field with an expression, n8n shows no hint.
		displayName:
			'The path comes from each input item, e.g. of fileX List or the fileX SFTP Trigger. To pick a file from lists, without an input, set <i>Select File By</i> to <i>Application, Sub-Space and Name</i>.',
		name: 'pickAdvice',
		type: 'notice',
		default: '',
		displayOptions: { show: { selectBy: ['path'] } },
	},
	applicationField({ show: { selectBy: ['parts'] } }),
	subSpaceField({ show: { selectBy: ['parts'] } }),
	fileField({ show: { selectBy: ['parts'] } }),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Bucket Encryption',
				name: 'bucketEncryption',
				type: 'options',
				options: [
					{ name: 'As the Bucket Is Set', value: 'default' },
					{ name: 'SSE-KMS', value: 'aws:kms', description: 'With a key of AWS KMS' },
					{ name: 'SSE-S3', value: 'AES256', description: 'With keys that S3 manages' },
				],
				default: 'default',
				displayOptions: { show: { '/destination': ['s3Bucket'] } },
				description: 'How the store encrypts the object (server-side encryption)',
			},
			{
				displayName: 'Bucket KMS Key ID',
				name: 'kmsKeyId',
				type: 'string',
				default: '',
				placeholder: 'e.g. arn:aws:kms:us-east-1:123456789012:key/…',
				displayOptions: { show: { '/destination': ['s3Bucket'] } },
				description: "For SSE-KMS. Leave empty for AWS's own key.",
			},
			{
				displayName: 'Bucket Storage Class',
				name: 'storageClass',
				type: 'options',
				options: [
					{ name: 'As the Bucket Is Set', value: 'default' },
					{ name: 'Glacier Deep Archive', value: 'DEEP_ARCHIVE' },
					{ name: 'Glacier Flexible Retrieval', value: 'GLACIER' },
					{ name: 'Glacier Instant Retrieval', value: 'GLACIER_IR' },
					{ name: 'Intelligent-Tiering', value: 'INTELLIGENT_TIERING' },
					{ name: 'One Zone-IA', value: 'ONEZONE_IA' },
					{ name: 'Standard', value: 'STANDARD' },
					{ name: 'Standard-IA', value: 'STANDARD_IA' },
				],
				default: 'default',
				displayOptions: { show: { '/destination': ['s3Bucket'] } },
			},
			{
				displayName: 'If File Exists',
				name: 'ifFileExists',
				type: 'options',
				options: [
					{ name: 'Fail', value: 'fail', description: 'Leave the existing file unchanged' },
					{ name: 'Overwrite', value: 'overwrite', description: 'Replace it, once the new file is complete' },
				],
				default: 'overwrite',
				displayOptions: { show: { '/destination': ['disk'] } },
				description: 'What to do when the folder already has a file with that name',
			},
			onBehalfOfOption,
			packetsInOrderOption,
			parallelOption(
				'Parallel Downloads',
				"How many files to download at a time. Without this option, 32 small ones (up to 256 KiB), fewer of larger ones, and 4 large ones (2 MiB and more). Always one with 'One Request at a Time'.",
			),
		],
	},
];
