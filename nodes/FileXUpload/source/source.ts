import type { FileContent, LocalFile } from '../../../filex';

/** A file that an item submits. */
export interface SourceFile extends FileContent {
	/** Its own name; '' where it has none. */
	fileName: string;
	/** The field that names it, to be named in errors. */
	field: string;
	/** Where it lies on this machine; absent where it does not. */
	local?: LocalFile;
}

/** Where the files of a run come from. */
export interface Source {
	fileOf(itemIndex: number): Promise<SourceFile>;
	/** Always called. Never fails. */
	close(): Promise<void>;
}
