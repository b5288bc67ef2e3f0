import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { AccessMethod } from '../../filex';
import { accessMethodField } from '../shared/fields';
import { itemParameters, type Parameters } from '../shared/parameters';
import type { SpaceSettings } from '../shared/router';
import { compareFields } from './compare-fields';
import { expectedFields } from './expected-fields';
import { optionsField } from './options-field';

/** The node's fields, read for an item. */
export function parametersOf(context: IExecuteFunctions, itemIndex: number): Parameters {
	return itemParameters(context, reconcileProperties, itemIndex);
}

/** How the node reaches fileX, the same for all items of a run. */
export function spaceSettingsOf(context: IExecuteFunctions): SpaceSettings {
	return { method: parametersOf(context, 0).choice<AccessMethod>('accessMethod') };
}

export const reconcileProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Check Expected Files',
				value: 'expectedFiles',
				action: 'Check expected files',
				description: 'Check whether the files of a business day have arrived, or were filed, by their due time',
			},
			{
				name: 'Compare Listings',
				value: 'compareListings',
				action: 'Compare listings',
				description: 'Compare the files of a sub-space with your own: a list, a folder or a bucket',
			},
			{
				name: 'Verify Receipts',
				value: 'verifyReceipts',
				action: 'Verify receipts',
				description: 'Check whether fileX still has what receipts of uploads and downloads say',
			},
		],
		default: 'expectedFiles',
	},
	...compareFields.source,
	accessMethodField,
	{
		displayName: 'Receipt',
		name: 'receipt',
		type: 'json',
		default: '={{ $json.receipt ?? $json }}',
		required: true,
		displayOptions: { show: { operation: ['verifyReceipts'] } },
		description: "A receipt as fileX Upload and fileX Download put it out in 'receipt'",
	},
	...expectedFields,
	...compareFields.place,
	optionsField,
];
