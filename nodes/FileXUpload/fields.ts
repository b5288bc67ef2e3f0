import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { type AccessMethod, inputError } from '../../filex';
import {
	accessMethodField,
	onBehalfOfOption,
	packetsInOrderOption,
	parallelOption,
	uploadApplicationField,
	uploadSubSpaceField,
} from '../shared/fields';
import { asWritten, itemParameters, type Parameters, refuseNothing } from '../shared/parameters';
import type { SpaceSettings } from '../shared/router';
import { sha256In } from '../shared/values';

/** What to do with a file that was filed already. */
export type IfAlreadyFiled = 'allow' | 'fail' | 'skip';

export interface UploadOptions {
	allowEmpty: boolean;
	/** Days. */
	guardDays: number;
	/** Whether a file is made known over REST before it is sent over another access method. */
	registerOverRest: boolean;
	/** Seconds. */
	settleTime: number;
	validateOnly: boolean;
	/** Seconds. */
	waitUntilReceived: number;
	withoutTracking: boolean;
}

/** The node's fields, read for an item. */
export function parametersOf(context: IExecuteFunctions, itemIndex: number): Parameters {
	return itemParameters(context, uploadProperties, itemIndex);
}

/** What keeps a file from being submitted, where it is set: an expression that fails must not switch it off. */
export function checkGates(context: Pick<IExecuteFunctions, 'getNode'>, parameters: Parameters): void {
	const hint = 'Nothing was submitted.';
	const expectedSha256 = asWritten(context, 'expectedSha256');
	refuseNothing({ expectedSha256 }, parameters, ['expectedSha256'], hint);
	const options = (asWritten(context, 'options') ?? {}) as Record<string, unknown>;
	refuseNothing(options, parameters.options, ['validateOnly', 'registerOverRest'], hint);
}

/** Lower-case hex; undefined where none was given. */
export function expectedSha256Of(parameters: Parameters): string | undefined {
	const given = parameters.text('expectedSha256');
	const sha256 = sha256In(given);
	if (given === '' || sha256 !== undefined) return sha256;
	const field = parameters.label('expectedSha256');
	throw inputError(
		field,
		`'${field}' is not a SHA-256: it has 64 hex digits`,
		"Take 'sha256' of a step with 'Validate Only', or what sha256sum prints. Nothing was submitted.",
	);
}

export function optionsOf({ options }: Parameters): UploadOptions {
	return {
		allowEmpty: options.flag('allowEmpty'),
		guardDays: options.number('guardDays', 'number of days'),
		registerOverRest: options.flag('registerOverRest'),
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

export const REGISTER_OVER_REST = 'Register over HTTPS REST';

export const uploadProperties: INodeProperties[] = [
	// First, because the editor asks for the account right before the field that the second credential depends on.
	{
		displayName: 'Source',
		name: 'source',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Binary Data', value: 'binary', description: 'In n8n, from an earlier step' },
			{
				name: 'File on Disk',
				value: 'disk',
				description: 'A file on the machine that runs n8n; for files of any size',
			},
			{
				name: 'S3 Bucket',
				value: 's3Bucket',
				description: 'Your own bucket, streamed through; for files of any size',
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
		displayName: 'Object Key',
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
	accessMethodField,
	{
		displayName:
			"Over this access method, two n8n processes that begin with the same file at the same moment both submit it. 'Register over HTTPS REST' under Options prevents that.",
		name: 'sameMomentNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { accessMethod: ['s3', 'sftp'] } },
	},
	uploadApplicationField,
	uploadSubSpaceField,
	{
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. focus_2026-03.zip',
		hint: "Leave empty to keep the file's own name",
		description: "The name to submit the file under. fileX accepts letters, digits and . : ! @ , & - = ' _ in names.",
	},
	{
		displayName: 'If Already Filed',
		name: 'ifAlreadyFiled',
		type: 'options',
		options: [
			{ name: 'Allow', value: 'allow', description: 'Submit it again, which makes two filings' },
			{
				name: 'Fail',
				value: 'fail',
				description: "Submit nothing and fail; 'On Error' in the node's settings decides what happens then",
			},
			{
				name: 'Skip',
				value: 'skip',
				description: 'Submit nothing and output the earlier filing; fails where the content cannot be compared',
			},
		],
		default: 'fail',
		description: 'What to do when FINRA already has the same file, under the same name in the same sub-space',
	},
	{
		displayName: 'Expected SHA-256',
		name: 'expectedSha256',
		type: 'string',
		default: '',
		placeholder: 'e.g. 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c…',
		description:
			"Submit the file only if its content has this SHA-256 (64 hex digits), e.g. the one that a step with 'Validate Only' put out and someone approved",
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
				description: 'Whether to submit files of 0 bytes, which usually mean that an earlier step went wrong',
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
			parallelOption(
				'Parallel Uploads',
				"How many files to submit at a time. Without this option, 32 small ones (up to 256 KiB), fewer of larger ones, and 4 large ones (2 MiB and more). Over SFTP, those of more than 1 MiB go one by one, and all with 'One Request at a Time'.",
			),
			{
				displayName: REGISTER_OVER_REST,
				name: 'registerOverRest',
				type: 'boolean',
				default: false,
				displayOptions: { show: { '/accessMethod': ['s3', 'sftp'] }, hide: { '/ifAlreadyFiled': ['allow'] } },
				description:
					"Whether to ask fileX over HTTPS REST for an upload first, so that no two machines submit the same file at the same moment. fileX's tracking keeps the request as 'Request Received'; its ID is in the output as registrationId. The account must be able to see the upload sub-space.",
			},
			{
				displayName: 'Submit Without Expected SHA-256',
				name: 'withoutExpectedSha256',
				type: 'boolean',
				default: false,
				noDataExpression: true,
				displayOptions: { show: { '@tool': [true] } },
				description: 'Whether an AI agent may submit content that no one has approved by its SHA-256',
			},
			{
				displayName: 'Submit Without Tracking',
				name: 'withoutTracking',
				type: 'boolean',
				default: false,
				displayOptions: { show: { '/accessMethod': ['s3', 'sftp'] } },
				description:
					"Whether to submit even if fileX's tracking cannot be reached, e.g. because HTTPS to fileX is closed. An upload that another sender began over HTTPS REST then goes unnoticed.",
			},
			{
				displayName: 'Time to Settle (Seconds)',
				name: 'settleTime',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 604_800 },
				default: 300,
				description:
					'How long to wait while another sender may be submitting the same file, or, after a lost answer, until fileX shows what became of the file',
			},
			{
				displayName: 'Validate Only',
				name: 'validateOnly',
				type: 'boolean',
				default: false,
				description: 'Whether to run all checks without submitting',
			},
			{
				displayName: 'Wait Until Received (Seconds)',
				name: 'waitUntilReceived',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 300 },
				default: 0,
				displayOptions: { show: { '/accessMethod': ['rest'] } },
				description:
					'How long to wait for fileX to pick up the file, so that the output has its archive path. The file is submitted either way.',
			},
		],
	},
];
