import type { IExecuteFunctions } from 'n8n-workflow';
import { parametersOf } from '../fields';
import { binaryDestination } from './binary';
import { bucketDestination } from './bucket';
import type { Destination } from './destination';
import { diskDestination } from './disk';

/** The destination that the node is set to. The caller closes it. */
export async function openDestination(context: IExecuteFunctions): Promise<Destination> {
	switch (parametersOf(context, 0).choice<'binary' | 'disk' | 's3Bucket'>('destination')) {
		case 'disk':
			return diskDestination(context);
		case 's3Bucket':
			return await bucketDestination(context);
		default:
			return binaryDestination(context);
	}
}
