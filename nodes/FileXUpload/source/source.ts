import type { IExecuteFunctions } from 'n8n-workflow';
import type { FileContent } from '../../../filex';
import { bucketOf } from '../../shared/bucket';
import { parametersOf } from '../fields';
import { fromBinary } from './binary';
import { fromBucket } from './bucket';
import { fromDisk } from './disk';

/** A file that an item submits. */
export interface SourceFile extends FileContent {
	/** Its own name; '' where it has none. */
	fileName: string;
	/** The field that names it, to be named in errors. */
	field: string;
}

/** Where the files of a run come from. */
export interface Source {
	fileOf(itemIndex: number): Promise<SourceFile>;
	/** Always called. Never fails. */
	close(): Promise<void>;
}

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
