import { parseArchivedName } from '../places/archive';
import { type FilePath, parseFilePath } from '../places/paths';
import type { Submission } from '../submissions/submission';
import { GRACE } from '../submissions/timing';
import { zoneOffset } from '../util/time';
import type { Receipt } from './receipt';

/** A file in the archive. */
export interface ArchivedFile {
	name: string;
	/** Bytes. */
	size: number;
	/** `{orgId}/{application}/{subSpace}_arcv/{name}` */
	path: string;
}

const HOUR = 3_600_000;

/**
 * Archived copies that may be of an upload which neither tracking nor its receipt names a copy of: of its name and size, not
 * older than it, and not of another submission.
 */
export function copiesOf(
	{ path, size, startedAt, clockDifferenceSeconds }: Receipt,
	archived: readonly ArchivedFile[],
	submissions: readonly Submission[] = [],
): FilePath[] {
	const { name } = parseFilePath(path);
	const since = Date.parse(startedAt) + (clockDifferenceSeconds ?? 0) * 1000 - GRACE;
	const taken = new Set(submissions.map(({ archivePath }) => archivePath));
	return archived.flatMap((copy) => {
		// To read its time takes long, and most copies are of other files.
		if (!copy.name.endsWith(name) || copy.size !== (size ?? copy.size) || taken.has(copy.path)) return [];
		const parsed = parseArchivedName(copy.name);
		if (parsed?.originalName !== name) return [];
		const at = parsed.uploadedAt.getTime();
		return at >= since || (isShownTwice(at) && at + HOUR >= since) ? [parseFilePath(copy.path)] : [];
	});
}

/** Whether clocks in the East show the hour a second time: the name of a copy does not tell which is meant. */
function isShownTwice(at: number): boolean {
	return zoneOffset(at, 'America/New_York') - zoneOffset(at + HOUR, 'America/New_York') === HOUR;
}
