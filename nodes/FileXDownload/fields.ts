import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { CommonOptions } from '../shared/context';
import {
	accessMethodField,
	applicationField,
	fileField,
	onBehalfOfOption,
	packetsInOrderOption,
	subSpaceField,
} from '../shared/fields';

export interface DownloadOptions extends CommonOptions {
	packetsInOrder: boolean;
	parallel: number;
}

/** How many downloads over REST or S3 Direct run at a time where the user says nothing. */
const DEFAULT_PARALLEL = 4;

export function optionsOf(context: IExecuteFunctions, itemIndex: number): DownloadOptions {
	const options = context.getNodeParameter('options', itemIndex, {}) as Partial<DownloadOptions>;
	return { packetsInOrder: false, parallel: DEFAULT_PARALLEL, ...options };
}

export const downloadProperties: INodeProperties[] = [
	accessMethodField,
	{
		displayName: 'Select File By',
		name: 'selectBy',
		type: 'options',
		options: [
			{
				name: 'Application, Sub-Space and Name',
				value: 'parts',
				description: 'Pick each from a list, or type it',
			},
			{
				name: 'Path',
				value: 'path',
				description: 'As fileX List and the fileX SFTP Trigger put it out',
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
		description: '{orgId}/{application}/{sub-space}/{file}, or the file\'s fileX URL',
	},
	applicationField({ show: { selectBy: ['parts'] } }),
	subSpaceField({ show: { selectBy: ['parts'] } }),
	fileField({ show: { selectBy: ['parts'] } }),
	{
		displayName: 'Put Output File in Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		hint: 'The name of the output binary field to put the file in',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			onBehalfOfOption,
			packetsInOrderOption,
			{
				displayName: 'Parallel Downloads',
				name: 'parallel',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 16 },
				default: DEFAULT_PARALLEL,
				displayOptions: { hide: { '/accessMethod': ['sftp'] } },
				description: 'How many files to download at a time',
			},
		],
	},
];
