import { filingsIn, type Filing, type Sighting } from './sighting';

/** A filing that is the same file, or may be. */
export interface EarlierFiling {
	filing: Filing;
	/** Whether the bytes were compared. */
	certain: boolean;
}

/**
 * The newest filing of the last `days` days that a file of `size` bytes would repeat; undefined where
 * there is none. Where nobody can compare the bytes, name and size decide.
 */
export async function alreadyFiled(
	seen: Sighting,
	size: number,
	days: number,
	isSame: (filing: Filing) => Promise<boolean | undefined>,
): Promise<EarlierFiling | undefined> {
	for (const filing of filingsIn(seen, size, days)) {
		const same = await isSame(filing);
		if (same !== false) return { filing, certain: same === true };
	}
	return undefined;
}
