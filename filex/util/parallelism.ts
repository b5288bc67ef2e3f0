/** How many files are transferred at a time. */
export interface Parallelism {
	/** Places, each for a file. */
	files: number;
	/** Places that a file of `size` bytes takes. */
	placesFor(size: number): number;
}

/** As many as that, whatever their sizes. */
export function parallel(files: number): Parallelism {
	return { files, placesFor: () => 1 };
}

/** Bytes that a place is for. */
const PLACE = 256 * 1024;

/** Large files at a time. */
const LARGE_FILES = 4;

/** As many as that where they are small, and four where they are large: more would share the line, and none be faster. */
export function graded(files: number): Parallelism {
	const most = Math.max(1, files / LARGE_FILES);
	return { files, placesFor: (size) => Math.min(Math.max(1, Math.ceil(size / PLACE)), most) };
}
