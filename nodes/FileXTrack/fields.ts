import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { limitFields, namePatternOption, outputField } from '../shared/fields';
import { itemParameters, type Parameters } from '../shared/parameters';
import { decisions, submissionOptions } from '../shared/submission-options';

/** The node's fields, read for an item. */
export function parametersOf(context: IExecuteFunctions, itemIndex: number): Parameters {
	return itemParameters(context, trackProperties, itemIndex);
}

export const trackProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Get',
				value: 'get',
				action: 'Get submission',
				description: 'Get one submission by its tracking ID',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many submissions',
				description: 'Get the submissions of the last 90 days, newest first',
			},
			{
				name: 'Wait',
				value: 'wait',
				action: 'Wait for submission',
				description: 'Wait until FINRA has received or decided on a submission',
			},
		],
		default: 'get',
	},
	{
		displayName: 'Tracking ID',
		name: 'trackingId',
		type: 'string',
		default: '={{ $json.trackingId }}',
		required: true,
		placeholder: 'e.g. 343dab32-516b-4e04-b60e-2526fa72e879',
		displayOptions: { show: { operation: ['get', 'wait'] } },
		description: 'The ID that fileX assigned to the upload, or its tracking URL; only uploads over HTTPS REST have one',
	},
	{
		displayName: 'Wait For',
		name: 'waitFor',
		type: 'options',
		options: [
			decisions.accepted,
			{ name: 'Any Decision', value: 'decided', description: 'Accepted, rejected or partially rejected' },
			decisions.partiallyRejected,
			{ name: 'Received by FINRA', value: 'received', description: 'The file has arrived, whatever the decision' },
			decisions.rejected,
		],
		default: 'decided',
		displayOptions: { show: { operation: ['wait'] } },
		description: 'The status to wait for; another decision ends the wait as if the time were up',
	},
	{
		displayName: 'Time Limit (Minutes)',
		name: 'timeLimit',
		type: 'number',
		// Tracking shows a submission for 90 days.
		typeOptions: { minValue: 0, maxValue: 129_600, numberPrecision: 2 },
		default: 10,
		displayOptions: { show: { operation: ['wait'] } },
		description: 'How long to wait, from the start of this step and for all items together; 0 means to look once',
	},
	{
		displayName: 'When Time Is Up',
		name: 'whenTimeIsUp',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Fail', value: 'fail', description: "Fail; 'On Error' in the node's settings decides what happens then" },
			{
				name: 'Second Output',
				value: 'output',
				description: "Send the submission to the 'Not Reached' output, with the reason",
			},
		],
		default: 'fail',
		// An AI agent's tool has one output only.
		displayOptions: { show: { operation: ['wait'], '@tool': [false] } },
		description: 'What to do when the status was not reached, or no longer can be',
	},
	{ ...outputField, displayOptions: { show: { operation: ['get', 'getAll'] } } },
	...limitFields({ operation: ['getAll'], output: ['fields'] }),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: { operation: ['getAll'], output: ['fields'] } },
		options: [
			submissionOptions.application,
			{
				displayName: 'Downstream Status',
				name: 'downstream',
				type: 'multiOptions',
				options: [
					{ name: 'Accepted', value: 'accepted' },
					{ name: 'No Decision Yet', value: 'undecided' },
					{ name: 'Partially Rejected', value: 'partiallyRejected' },
					{ name: 'Rejected', value: 'rejected' },
				],
				default: [],
				description: 'Only submissions with one of these decisions, or without one',
			},
			namePatternOption,
			submissionOptions.orgId,
			{
				displayName: 'Status',
				name: 'status',
				type: 'options',
				options: [
					{ name: 'Received by FINRA', value: 'received', description: 'The file has arrived' },
					{
						name: 'Request Received',
						value: 'requested',
						description: 'An upload was asked for, and no file has arrived',
					},
				],
				default: 'received',
				description: 'Only submissions with this status',
			},
			submissionOptions.subSpace,
			{
				displayName: 'Submitted After',
				name: 'submittedAfter',
				type: 'dateTime',
				default: '',
				description: 'Only files that were submitted later than this',
			},
			{
				displayName: 'Submitted Before',
				name: 'submittedBefore',
				type: 'dateTime',
				default: '',
				description: 'Only files that were submitted earlier than this',
			},
			submissionOptions.userName,
		],
	},
];
