import { fingerprintOf, type FileVersion } from './fingerprint';

const HOUR = 3_600_000;

/** A file that changed less than this before now, in ms, may have been published again. */
const RECENT = 2 * HOUR;

/**
 * The files whose times a change of the server's clock has moved: all that were known bear a time that is an hour later,
 * or an hour earlier, than they did, and none bears its old one. To the file it changed nothing. A single file, and files
 * that all changed a moment ago, may have been published again: those are not taken for it.
 *
 * @param isKnown by a version's fingerprint
 */
export function movedByClock<F extends FileVersion>(
	files: readonly F[],
	isKnown: (fingerprint: string) => boolean,
	now: Date,
): ReadonlySet<F> {
	if (files.some((file) => isKnown(fingerprintOf(file)))) return new Set();
	for (const hour of [HOUR, -HOUR]) {
		const moved = files.filter((file) =>
			isKnown(fingerprintOf({ ...file, lastModified: new Date(file.lastModified.getTime() - hour) })),
		);
		const isOld = ({ lastModified }: F) => now.getTime() - lastModified.getTime() > RECENT;
		if (moved.length > 1 && moved.some(isOld)) return new Set(moved);
	}
	return new Set();
}
