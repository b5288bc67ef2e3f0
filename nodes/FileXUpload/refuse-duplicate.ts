import { duplicate, type EarlierFiling, FileXError } from '../../filex';
import type { UploadItem } from './item';

/**
 * Ends an item whose file was filed before, unless it is to be skipped and the bytes were compared: a file of the
 * same name and size may be a correction, which must not be dropped in silence.
 */
export function refuseDuplicate(
	{ file, ifAlreadyFiled }: Pick<UploadItem, 'file' | 'ifAlreadyFiled'>,
	{ filing, bytesCompared }: EarlierFiling,
): void {
	if (ifAlreadyFiled === 'skip' && bytesCompared) return;
	const error = duplicate(file, filing, bytesCompared);
	if (ifAlreadyFiled !== 'skip') throw error;
	throw new FileXError(error.kind, error.message, {
		...error,
		remedies: undefined,
		hint: "Nothing was submitted. 'Skip' under 'If Already Filed' skips only a file that is certainly the same, and the content could not be compared. Compare the files yourself. If they are the same, do nothing. If they differ, set 'If Already Filed' to 'Allow', which submits it.",
	});
}
