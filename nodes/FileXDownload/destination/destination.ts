import type { IBinaryKeyData, IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { CheckedFile, FilePath } from '../../../filex';
import { parametersOf } from '../fields';
import { binaryDestination } from './binary';
import { bucketDestination } from './bucket';
import { diskDestination } from './disk';

/** Where downloads go. */
export interface Destination {
	/** Makes sure that a file can go there, before anything is transferred. @throws FileXError `input` */
	prepare(file: FilePath, itemIndex: number): Promise<Store>;
	/** Always called. Never fails. */
	close(): Promise<void>;
}

/** Stores a file, whole or not at all. */
export type Store = (checked: CheckedFile) => Promise<Stored>;

export interface Stored {
	binary?: IBinaryKeyData;
	/** Where it is now, for the output. */
	record?: IDataObject;
}

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
