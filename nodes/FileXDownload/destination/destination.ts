import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';
import type { CheckedFile, FilePath } from '../../../filex';

/** Where downloads go. */
export interface Destination {
	/** Makes sure that a file can go there, before anything is transferred. @throws FileXError `input` */
	prepare(file: FilePath, itemIndex: number): Promise<Store>;
	/** Whether its files are written to this machine, one part after the other: such need not pass through n8n's heap. */
	isLocal(): Promise<boolean>;
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
