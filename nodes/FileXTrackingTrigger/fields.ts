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
				description: 'Not decided, or never arrived, some hours after it was submitted',
			},
			decisions.partiallyRejected,
			{ name: 'Received by FINRA', value: 'received', description: 'The file has arrived' },
			decisions.rejected,
			{ name: 'Upload Requested', value: 'requested', description: 'An upload was asked for, and the file may follow' },
		],
		default: ['accepted', 'partiallyRejected', 'rejected'],
		required: true,
		description:
			'Which events fire the trigger. A submission that passes a status between two polls fires for that status, too.',
	},
	{
		displayName: 'Overdue After (Hours)',
		name: 'overdueAfter',
		type: 'number',
		typeOptions: { minValue: 0.01, numberPrecision: 2 },
		default: 24,
		displayOptions: { show: { events: ['overdue'] } },
		description: 'How many hours after its submission a file without a decision is late; fires once per submission',
	},
	{
		displayName: 'When First Published',
		name: 'coldStart',
		type: 'options',
		options: [
			{
				name: 'Existing and New Changes',
				value: 'existing',
				description: 'Fire for the changes of the last 90 days, oldest first, then for new ones',
			},
			{
				name: 'New Changes Only',
				value: 'fromNow',
				description: 'Changes from before the workflow was first published do not fire',
			},
		],
		default: 'fromNow',
		description: 'What to do with changes from before the workflow was published for the first time',
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
				description: 'Max number of changes per run, oldest first; the next poll delivers the rest',
			},
			submissionOptions.userName,
		],
	},
];
