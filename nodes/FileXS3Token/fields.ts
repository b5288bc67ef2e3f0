import type { INodeProperties } from 'n8n-workflow';
import { applicationField, onBehalfOfOption } from '../shared/fields';

export const s3TokenProperties: INodeProperties[] = [
	{
		displayName:
			'The output is a live secret for about an hour: anyone who has it can read and submit files in your name. n8n stores it with the execution data. To keep it out, set every "Save …" of executions to "Do not save" in the workflow\'s settings, and do not pin it. fileX List, Download and Upload need no such token: they get their own and never show it.',
		name: 'secretNotice',
		type: 'notice',
		default: '',
	},
	applicationField(),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [onBehalfOfOption],
	},
];
