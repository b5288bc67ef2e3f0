import type { IExecuteFunctions } from 'n8n-workflow';
import { bucketOf } from '../../shared/bucket';
import { parametersOf } from '../fields';
import { fromBinary } from './binary';
import { fromBucket } from './bucket';
import { fromDisk } from './disk';
import type { Source } from './source';

/** The source that the node is set to. The caller closes it. */
export async function openSource(context: IExecuteFunctions): Promise<Source> {
	switch (parametersOf(context, 0).choice<'binary' | 'disk' | 's3Bucket'>('source')) {
		case 'disk':
			return { fileOf: async (itemIndex) => await fromDisk(context, itemIndex), async close() {} };
		case 's3Bucket': {
			const bucket = await bucketOf(context);
			return {
				fileOf: async (itemIndex) => await fromBucket(context, bucket, itemIndex),
				close: async () => await bucket.close(),
			};
		}
		default:
			return { fileOf: async (itemIndex) => await fromBinary(context, itemIndex), async close() {} };
	}
}
