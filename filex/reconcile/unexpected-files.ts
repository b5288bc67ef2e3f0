import type { RemoteFile } from '../space';
import { byTime } from './judge-files';
import { isWithin } from './timing';

/** Files of a time that fit none of the expectations of their sub-space, the earliest first. */
export function unexpectedFiles(
	files: readonly RemoteFile[],
	fits: ReadonlyArray<(name: string) => boolean>,
	within: { from: number; until: number },
): RemoteFile[] {
	return files
		.filter(({ name, lastModified }) => isWithin(within, lastModified.getTime()) && !fits.some((each) => each(name)))
		.sort(byTime);
}
