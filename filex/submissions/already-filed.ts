import { filingsIn } from './filings';
import type { Filing, Sighting } from './sighting';

/** A filing that is the same file, or may be. */
export interface EarlierFiling {
	filing: Filing;
	/** Whether the bytes were compared. */
	bytesCompared: boolean;
}

/**
 * The newest filing of the last `days` days that a file of `size` bytes would repeat, rather one that certainly
 * holds the same bytes; undefined where there is none. Where the bytes cannot be compared, name and size decide.
 */
export async function alreadyFiled(
	seen: Sighting,
	size: number,
	days: number,
	isSame: (filing: Filing) => Promise<boolean | undefined>,
): Promise<EarlierFiling | undefined> {
	let uncertain: EarlierFiling | undefined;
	for (const { filing, isClear } of filingsIn(seen, size, days)) {
		const same = await isSame(filing);
		if (same === true && isClear) return { filing, bytesCompared: true };
		if (same !== false) uncertain ??= { filing, bytesCompared: false };
	}
	return uncertain;
}
