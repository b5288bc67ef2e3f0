import type { INodeProperties } from 'n8n-workflow';
import { applicationField, namePatternOption, onBehalfOfOption, subSpaceField } from '../shared/fields';

export const triggerProperties: INodeProperties[] = [
	{
		// The guide's advice, FAQ 23.
		displayName:
			"FINRA asks clients to connect when a file is due, not all the time. Ask the FINRA application for its delivery times. Examples for business days, as <i>Custom</i> poll times: <code>0 5 6 * * 1-5</code> (Monday to Friday at 6:05), <code>0 */15 6-9 * * 1-5</code> (every 15 minutes from 6:00 to 9:45). Times are in the workflow's time zone.",
		name: 'pollTimesAdvice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Watch',
		name: 'watch',
		type: 'options',
		options: [
			{
				name: 'All Download Sub-Spaces of an Application',
				value: 'application',
				description: 'Every sub-space that FINRA delivers into, including new ones',
			},
			{
				name: 'All Download Sub-Spaces of the Organization',
				value: 'organization',
				description: 'Every application that this account sees',
			},
			{ name: 'One Sub-Space', value: 'subSpace', description: 'A download sub-space, or an archive' },
		],
		default: 'subSpace',
	},
	applicationField({ show: { watch: ['application', 'subSpace'] } }),
	subSpaceField({ show: { watch: ['subSpace'] } }),
	{
		displayName: 'When First Published',
		name: 'coldStart',
		type: 'options',
		options: [
			{
				name: 'Existing and New Files',
				value: 'existing',
				description: 'Fire for the files that are there, oldest first, then for new ones',
			},
			{
				name: 'New Files Only',
				value: 'fromNow',
				description: 'Files that are there when the workflow is first published do not fire, unless FINRA changes them',
			},
		],
		default: 'fromNow',
		description: 'What to do with files that are there when the workflow is published for the first time',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			namePatternOption,
			{
				displayName: 'Files per Poll',
				name: 'filesPerPoll',
				type: 'number',
				typeOptions: { minValue: 1, numberPrecision: 0 },
				default: 100,
				description: 'Max number of files per run, oldest first; the next poll delivers the rest',
			},
			onBehalfOfOption,
			{
				displayName: 'Wait Until Unchanged',
				name: 'settle',
				type: 'boolean',
				default: false,
				description:
					'Whether a file must have the same size and time in two polls before it fires, which costs one poll interval',
			},
		],
	},
];
