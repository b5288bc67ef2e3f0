import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';
import type { CheckedFile, FilePath } from '../../../filex';

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
