import { wallTimeToUtc } from '../util/time';

/** The suffix of the sub-space that keeps what was uploaded into another one (guide, FAQ 4). */
export const ARCHIVE_SUFFIX = '_arcv';

export interface ArchivedName {
	/** The name under which the file was uploaded. */
	originalName: string;
	/** When it was uploaded. */
	uploadedAt: Date;
}

/**
 * Reads an archive file's name, `yyyymmddhh24missSSS_<name>` in US Eastern time (guide, section 9).
 * In the hour that occurs twice when daylight saving time ends, the first one is meant.
 * Gives undefined where the name is not of that form.
 */
export function parseArchivedName(name: string): ArchivedName | undefined {
	const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{3})_(.+)$/s.exec(name);
	if (!match) return undefined;
	const [year, month, day, hour, minute, second, milli] = match.slice(1, 8).map(Number) as number[];
	const wall = Date.UTC(year!, month! - 1, day, hour, minute, second, milli);
	const written = new Date(wall).toISOString().replace(/\D/g, '');
	if (!name.startsWith(written)) return undefined;
	return { originalName: match[8]!, uploadedAt: new Date(wallTimeToUtc(wall, 'America/New_York')) };
}
