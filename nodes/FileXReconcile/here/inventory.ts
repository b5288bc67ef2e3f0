import type { FileContent, HereFile } from '../../../filex';

/** A file of the firm's own. */
export interface OwnFile extends HereFile {
	/** Where it is: a path on disk, or `s3://{bucket}/{key}`; null where only a list says that it is. */
	where: string | null;
	/** What is in it; undefined where only a list says that it is. */
	content?: FileContent;
}

/** The firm's own files. */
export interface Inventory {
	/** Those that an item is compared with. */
	of(itemIndex: number): Promise<OwnFile[]>;
	/** Always called. Never fails. */
	close(): Promise<void>;
}
