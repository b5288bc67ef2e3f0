import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { CommonOptions } from '../shared/context';
import { onBehalfOfOption, uploadApplicationField, uploadSubSpaceField } from '../shared/fields';

/** What to do with a file that was filed already. */
export type IfAlreadyFiled = 'fail' | 'skip' | 'allow';

export interface UploadOptions extends CommonOptions {
	allowEmpty: boolean;
	/** Days. */
	guardDays: number;
	parallel: number;
	/** Seconds. */
	settleTime: number;
	validateOnly: boolean;
	/** Seconds. */
	waitUntilReceived: number;
}

/** What an option means that is not given: the same as its field's default. */
const DEFAULTS: UploadOptions = {
	allowEmpty: false,
	guardDays: 30,
	parallel: 4,
	settleTime: 300,
	validateOnly: false,
	waitUntilReceived: 0,
};

export function optionsOf(context: IExecuteFunctions, itemIndex: number): UploadOptions {
	return { ...DEFAULTS, ...(context.getNodeParameter('options', itemIndex, {}) as Partial<UploadOptions>) };
}

export const uploadProperties: INodeProperties[] = [
	uploadApplicationField,
	uploadSubSpaceField,
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
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
			{ name: 'Fail', value: 'fail', description: 'Stop, or what this node does on an error' },
			{ name: 'Skip', value: 'skip', description: 'Submit nothing, and hand on what is known of the earlier filing' },
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
				description: 'Whether to submit files of 0 bytes, which are mostly a mistake of an earlier step',
			},
			{
				displayName: 'Days to Look Back',
				name: 'guardDays',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 90 },
				default: 30,
				displayOptions: { hide: { '/ifAlreadyFiled': ['allow'] } },
				description: 'How old a filing may be to count as the same file; copies to compare with are kept for 30 days, tracking for 90',
			},
			onBehalfOfOption,
			{
				displayName: 'Parallel Uploads',
				name: 'parallel',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 16 },
				default: 4,
				description: 'How many files to submit at a time',
			},
			{
				displayName: 'Time to Settle (Seconds)',
				name: 'settleTime',
				type: 'number',
				typeOptions: { minValue: 0 },
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
				description: 'How long to wait for fileX to pick the file up, so that its archive path is in the output; it is submitted either way',
			},
		],
	},
];
