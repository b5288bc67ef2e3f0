import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { AccessMethod } from '../../filex';
import {
	accessMethodField,
	applicationField,
	limitFields,
	namePatternOption,
	onBehalfOfOption,
	outputField,
	subSpaceField,
} from '../shared/fields';
import { itemParameters, type Parameters } from '../shared/parameters';
import type { SpaceSettings } from '../shared/router';

const LISTS = ['applications', 'files', 'subSpaces'];

/** The node's fields, read for an item. */
export function parametersOf(context: IExecuteFunctions, itemIndex: number): Parameters {
	return itemParameters(context, listProperties, itemIndex);
}

/** How the node reaches fileX, the same for all items of a run. */
export function spaceSettingsOf(context: IExecuteFunctions): SpaceSettings {
	return { method: parametersOf(context, 0).choice<AccessMethod>('accessMethod') };
}

export const listProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Get Service Health',
				value: 'health',
				action: 'Get service health',
				description: "Check fileX's health and get the SFTP server's host key to pin; sends no password",
			},
			{
				name: 'List Applications',
				value: 'applications',
				action: 'List applications',
				description: 'List the FINRA applications that this account sees',
			},
			{
				name: 'List Files',
				value: 'files',
				action: 'List files',
				description: 'List the files of a sub-space, newest first',
			},
			{
				name: 'List Sub-Spaces',
				value: 'subSpaces',
				// eslint-disable-next-line n8n-nodes-base/node-param-operation-option-action-miscased -- sub-space has a hyphen
				action: 'List sub-spaces',
				description: 'List the sub-spaces of an application, with allowed action and retention',
			},
			{
				name: 'Run Diagnostics',
				value: 'diagnostics',
				action: 'Run diagnostics',
				description:
					'Check the way from n8n to fileX step by step: one item per check, no secrets, once for all input items. Logs in once at FIP and once over SFTP; uploads nothing.',
			},
		],
		default: 'files',
	},
	{ ...accessMethodField, displayOptions: { show: { operation: LISTS } } },
	applicationField({ show: { operation: ['files', 'subSpaces'] } }),
	subSpaceField({ show: { operation: ['files'] } }),
	...limitFields({ operation: LISTS }),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: { operation: [...LISTS, 'diagnostics'] } },
		options: [
			{
				displayName: 'Changed After',
				name: 'changedAfter',
				type: 'dateTime',
				default: '',
				displayOptions: { show: { '/operation': ['files'] } },
				description: 'Only files that were changed later than this',
			},
			{
				displayName: 'Changed Before',
				name: 'changedBefore',
				type: 'dateTime',
				default: '',
				displayOptions: { show: { '/operation': ['files'] } },
				description: 'Only files that were changed earlier than this',
			},
			{ ...namePatternOption, displayOptions: { show: { '/operation': ['files'] } } },
			onBehalfOfOption,
			{
				...outputField,
				displayOptions: { show: { '/operation': LISTS } },
				description: 'What to hand on; fileX gives its XML over HTTPS REST only',
			},
		],
	},
];
