import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { AccessMethod } from '../../filex';
import {
	accessMethodField,
	onBehalfOfOption,
	packetsInOrderOption,
	uploadApplicationField,
	uploadSubSpaceField,
} from '../shared/fields';
import { itemParameters, type Parameters } from '../shared/parameters';
import type { SpaceSettings } from '../shared/router';

/** What to do with a file that was filed already. */
export type IfAlreadyFiled = 'allow' | 'fail' | 'skip';

export interface UploadOptions {
	allowEmpty: boolean;
	/** Days. */
	guardDays: number;
	/** Seconds. */
	settleTime: number;
	validateOnly: boolean;
	/** Seconds. */
	waitUntilReceived: number;
	withoutTracking: boolean;
}

/** What the node's fields hold for an item. */
export function parametersOf(context: IExecuteFunctions, itemIndex: number): Parameters {
	return itemParameters(context, uploadProperties, itemIndex);
}

export function optionsOf({ options }: Parameters): UploadOptions {
	return {
		allowEmpty: options.flag('allowEmpty'),
		guardDays: options.number('guardDays', 'number of days'),
		settleTime: options.number('settleTime', 'number of seconds'),
		validateOnly: options.flag('validateOnly'),
		waitUntilReceived: options.number('waitUntilReceived', 'number of seconds'),
		withoutTracking: options.flag('withoutTracking'),
	};
}

/** How the node reaches fileX, the same for all items of a run. */
export function spaceSettingsOf(context: IExecuteFunctions): SpaceSettings {
	const parameters = parametersOf(context, 0);
	const method = parameters.choice<AccessMethod>('accessMethod');
	return { method, inFlight: parameters.options.flag('packetsInOrder') ? 1 : undefined };
}

export const uploadProperties: INodeProperties[] = [
	accessMethodField,
	uploadApplicationField,
	uploadSubSpaceField,
	{
		displayName: 'Source',
		name: 'source',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Binary Data', value: 'binary', description: 'In n8n, as an earlier step made it' },
			{ name: 'File on Disk', value: 'disk', description: 'Of the machine that runs n8n; for files of any size' },
			{
				name: 'S3 Bucket',
				value: 's3Bucket',
				description: 'A bucket of your own, streamed through; for files of any size',
			},
		],
		default: 'binary',
		description: 'Where the file is',
	},
	{
		displayName: 'Path on Disk',
		name: 'filePath',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. /home/node/.n8n-files/focus.zip',
		displayOptions: { show: { source: ['disk'] } },
		description: 'On the machine that runs n8n; n8n must be allowed to use it (N8N_RESTRICT_FILE_ACCESS_TO)',
	},
	{
		displayName: 'Key in Bucket',
		name: 'bucketKey',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. outgoing/focus.zip',
		displayOptions: { show: { source: ['s3Bucket'] } },
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		displayOptions: { show: { source: ['binary'] } },
		hint: 'The name of the input binary field with the file to submit',
	},
	{
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. focus_2026-03.zip',
		description:
			"The name to submit the file under; empty means its own. fileX takes letters, digits and . : ! @ , & - = ' _ in it.",
	},
	{
		displayName: 'If Already Filed',
		name: 'ifAlreadyFiled',
		type: 'options',
		options: [
			{ name: 'Allow', value: 'allow', description: 'Submit it once more, which makes two filings' },
			{
				name: 'Fail',
				value: 'fail',
				description: "Submit nothing and end as failed; what then happens is set by this node's 'On Error'",
			},
			{
				name: 'Skip',
				value: 'skip',
				description:
					'Submit nothing, and hand on what is known of the earlier filing; ends as Fail does where the content cannot be compared',
			},
		],
		default: 'fail',
		description: 'What to do when FINRA has the same file already, under the same name in the same sub-space',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Allow Empty Files',
				name: 'allowEmpty',
				type: 'boolean',
				default: false,
				description: 'Whether to submit files of 0 bytes, which an earlier step mostly did not mean to make',
			},
			{
				displayName: 'Days to Look Back',
				name: 'guardDays',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 90, numberPrecision: 0 },
				default: 30,
				displayOptions: { hide: { '/ifAlreadyFiled': ['allow'] } },
				description:
					'How old a filing may be to count as the same file; copies to compare with are kept for 30 days, tracking for 90',
			},
			onBehalfOfOption,
			packetsInOrderOption,
			{
				displayName: 'Parallel Uploads',
				name: 'parallel',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 16, numberPrecision: 0 },
				default: 4,
				displayOptions: { hide: { '/accessMethod': ['sftp'] } },
				description: 'How many files to submit at a time',
			},
			{
				displayName: 'Submit Without Tracking',
				name: 'withoutTracking',
				type: 'boolean',
				default: false,
				displayOptions: { show: { '/accessMethod': ['s3', 'sftp'] } },
				description:
					"Whether to submit although fileX's tracking gives no answer, e.g. where HTTPS to fileX is closed. An upload that another sender has begun over HTTPS REST is then not noticed.",
			},
			{
				displayName: 'Time to Settle (Seconds)',
				name: 'settleTime',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 604_800 },
				default: 300,
				description:
					'How long to wait where another sender may be submitting the same file, or where an answer was lost and fileX must tell what became of the file',
			},
			{
				displayName: 'Validate Only',
				name: 'validateOnly',
				type: 'boolean',
				default: false,
				description: 'Whether to make all checks and submit nothing',
			},
			{
				displayName: 'Wait Until Received (Seconds)',
				name: 'waitUntilReceived',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 300 },
				default: 0,
				displayOptions: { show: { '/accessMethod': ['rest'] } },
				description:
					'How long to wait for fileX to pick the file up, so that its archive path is in the output; it is submitted either way',
			},
		],
	},
];
