import type { INodeProperties } from 'n8n-workflow';
import { applicationField, subSpaceField, uploadApplicationField, uploadSubSpaceField } from '../shared/fields';

const EXPECTED = { operation: ['expectedFiles'] };
const DELIVERED = { show: { ...EXPECTED, direction: ['delivered'] } };
const FILED = { show: { ...EXPECTED, direction: ['filed'] } };

/** The fields of 'Check Expected Files', but for its options. */
export const expectedFields: INodeProperties[] = [
	{
		displayName: 'Direction',
		name: 'direction',
		type: 'options',
		options: [
			{ name: 'FINRA Delivers', value: 'delivered', description: 'Files that should arrive in a download sub-space' },
			{
				name: 'We File',
				value: 'filed',
				description: 'Files that should be submitted, by fileX tracking and the archive',
			},
		],
		default: 'delivered',
		displayOptions: { show: EXPECTED },
		description: 'Who sends the files',
	},
	applicationField(DELIVERED),
	subSpaceField(DELIVERED),
	{ ...uploadApplicationField, displayOptions: FILED },
	{ ...uploadSubSpaceField, displayOptions: FILED },
	{
		displayName: 'File Name Pattern',
		name: 'namePattern',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. report_{yyyyMMdd}*.csv',
		displayOptions: { show: EXPECTED },
		description:
			'The name of the expected files. {yyyyMMdd}, {yyyy-MM-dd}, {ddMMMyy} and the like stand for the business date, * for any characters, ? for one, {csv,txt} for one of several. Letter case of file names is ignored, that of date letters counts.',
	},
	{
		displayName: 'Business Date',
		name: 'businessDate',
		type: 'options',
		options: [
			{
				name: 'Business Day Before the Check',
				value: 'previousDay',
				description: 'The last business day before the day on which the check runs',
			},
			{ name: 'Day of the Check', value: 'sameDay', description: 'The day on which the check runs' },
			{ name: 'Given Date', value: 'given', description: 'A date that you enter, e.g. to check an earlier day' },
		],
		default: 'sameDay',
		displayOptions: { show: EXPECTED },
		description: 'Which day the files are of. On weekends and market holidays nothing is expected.',
	},
	{
		displayName: 'Date',
		name: 'date',
		type: 'dateTime',
		default: '',
		// Not required: n8n would ask for it as well where an expression says which day the files are of.
		displayOptions: { show: { ...EXPECTED, businessDate: ['given'] } },
		description: 'The business date, e.g. 2026-03-31; a time beside it does not matter',
	},
	{
		displayName: 'Due Time',
		name: 'dueTime',
		type: 'string',
		default: '17:00',
		required: true,
		placeholder: 'e.g. 17:00',
		displayOptions: { show: EXPECTED },
		description:
			"When the files are due, on the day on which the check runs, or on a given date. US Eastern time, unless 'Time Zone' says otherwise.",
	},
];
