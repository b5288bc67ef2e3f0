import type { INodeProperties } from 'n8n-workflow';
import { namePatternOption, onBehalfOfOption } from '../shared/fields';

const EXPECTED = { show: { '/operation': ['expectedFiles'] } };
const COMPARE = { show: { '/operation': ['compareListings'] } };

export const optionsField: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'At Least (Files)',
			name: 'atLeast',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 1,
			displayOptions: EXPECTED,
			description: 'How many files are expected at least',
		},
		{
			displayName: 'At Most (Files)',
			name: 'atMost',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 1,
			displayOptions: EXPECTED,
			description: 'How many files are expected at most. Without this option, any number.',
		},
		{
			displayName: 'Business Days Until Due',
			name: 'daysUntilDue',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 20, numberPrecision: 0 },
			default: 1,
			displayOptions: { show: { '/operation': ['expectedFiles'], '/businessDate': ['given', 'previousDay'] } },
			description:
				'How many business days after the business date the files are due. Without this option, 1 for Business Day Before the Check and 0 for a given date.',
		},
		{
			displayName: 'Changed After',
			name: 'changedAfter',
			type: 'dateTime',
			default: '',
			displayOptions: COMPARE,
			description: 'Report files that are only at fileX only if they were changed later than this',
		},
		{
			displayName: 'Check As Of',
			name: 'asOf',
			type: 'dateTime',
			default: '',
			displayOptions: EXPECTED,
			description:
				'The moment to check by, in place of now, e.g. to repeat an earlier check. Files that changed later are not counted.',
		},
		{
			displayName: 'Closed on Columbus and Veterans Day',
			name: 'observeTradingHolidays',
			type: 'boolean',
			default: false,
			displayOptions: EXPECTED,
			description: 'Whether these two federal holidays, on which the markets are open, are no business days',
		},
		{
			displayName: 'Compare Content',
			name: 'compareContent',
			type: 'boolean',
			default: false,
			displayOptions: COMPARE,
			description: 'Whether to read files of the same name and size, and compare their SHA-256',
		},
		{
			displayName: 'Count Files Since',
			name: 'countSince',
			type: 'dateTime',
			default: '',
			displayOptions: EXPECTED,
			description:
				'Only files that changed at or after this count. Without this option, all files where the pattern has day and month, else those since the business date began, or since the last due time.',
		},
		{
			displayName: 'Extra Closed Days',
			name: 'extraClosedDays',
			type: 'string',
			default: '',
			placeholder: 'e.g. 2026-12-24, 2026-12-28 to 2027-01-02',
			displayOptions: EXPECTED,
			description: 'Further days on which nothing is expected: dates and ranges, with commas between them',
		},
		{ ...namePatternOption, displayOptions: COMPARE },
		onBehalfOfOption,
		{
			displayName: 'Report Unexpected Files',
			name: 'unexpectedFiles',
			type: 'boolean',
			default: false,
			displayOptions: { show: { '/operation': ['expectedFiles'], '/direction': ['delivered'] } },
			description:
				'Whether to report files of the sub-space that changed since this time on the last business day, and fit no expectation of this run',
		},
		{
			displayName: 'Smallest Size (Bytes)',
			name: 'smallestSize',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 0 },
			default: 1,
			displayOptions: EXPECTED,
			description: 'Smaller files are reported as too small; 0 takes empty ones',
		},
		{
			displayName: 'Time Zone',
			name: 'timeZone',
			type: 'string',
			default: 'America/New_York',
			placeholder: 'e.g. America/Chicago',
			displayOptions: EXPECTED,
			description: 'Of the due time and of the business date',
		},
		{
			displayName: 'Without Tracking',
			name: 'withoutTracking',
			type: 'boolean',
			default: false,
			displayOptions: {
				show: { '/operation': ['expectedFiles'], '/direction': ['filed'], '/accessMethod': ['s3', 'sftp'] },
			},
			description:
				"Whether to look for filings in the archive alone, e.g. because HTTPS to fileX is closed. FINRA's decision is then not known.",
		},
	],
};
