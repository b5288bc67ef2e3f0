import type { INodeProperties } from 'n8n-workflow';
import { namePatternOption } from '../shared/fields';
import { decisions, submissionOptions } from '../shared/submission-options';

export const triggerProperties: INodeProperties[] = [
	{
		displayName: 'Fire On',
		name: 'events',
		type: 'multiOptions',
		options: [
			decisions.accepted,
			{
				name: 'No Decision in Time',
				value: 'overdue',
				description: 'Some hours after it was submitted, nothing is decided, or the file never arrived',
			},
			decisions.partiallyRejected,
			{ name: 'Received by FINRA', value: 'received', description: 'The file has arrived' },
			decisions.rejected,
			{ name: 'Upload Requested', value: 'requested', description: 'An upload was asked for, and the file may follow' },
		],
		default: ['accepted', 'partiallyRejected', 'rejected'],
		required: true,
		description: 'What must happen to a submission; one that skips a status between two polls fires for that, too',
	},
	{
		displayName: 'Overdue After (Hours)',
		name: 'overdueAfter',
		type: 'number',
		typeOptions: { minValue: 0.01, numberPrecision: 2 },
		default: 24,
		displayOptions: { show: { events: ['overdue'] } },
		description: 'How many hours after it was submitted a decision is late; each submission fires once',
	},
	{
		displayName: 'When First Published',
		name: 'coldStart',
		type: 'options',
		options: [
			{
				name: 'Also What Is There Already',
				value: 'existing',
				description: 'Fire for what happened in the last 90 days, oldest first, then for what changes',
			},
			{
				name: 'Only Changes From Now On',
				value: 'fromNow',
				description: 'What happened before the workflow was first published does not fire',
			},
		],
		default: 'fromNow',
		description: 'What to do with what happened before the workflow was published for the first time',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			submissionOptions.application,
			namePatternOption,
			submissionOptions.orgId,
			submissionOptions.subSpace,
			{
				displayName: 'Submissions per Poll',
				name: 'submissionsPerPoll',
				type: 'number',
				typeOptions: { minValue: 1, numberPrecision: 0 },
				default: 100,
				description: 'Max number of changes that one run gets; the next poll gives the rest, oldest first',
			},
			submissionOptions.userName,
		],
	},
];
