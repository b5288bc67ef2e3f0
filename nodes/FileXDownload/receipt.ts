import type { IExecuteFunctions } from 'n8n-workflow';
import { type CheckedFile, FileXError, type FilePath, findFileXError, type Receipt } from '../../filex';
import { receiptFor } from '../shared/receipt';
import type { Step } from '../shared/router';

/** The receipt of a file that was stored. */
export function receiptOfDownload(
	context: IExecuteFunctions,
	step: Step,
	file: FilePath,
	startedAt: number,
	{ listed, md5, sha256 }: Pick<CheckedFile, 'listed' | 'md5'> & { sha256: string },
): Receipt {
	return receiptFor(context, step, file, startedAt, {
		direction: 'download',
		outcome: 'downloaded',
		reason: null,
		size: listed.size,
		sha256,
		lastModified: listed.lastModified.toISOString(),
		storageTag: md5 ?? null,
	});
}

/** The same error, with the receipt of a file that was not downloaded. */
export function withFailedReceipt(
	context: IExecuteFunctions,
	step: Step,
	file: FilePath,
	startedAt: number,
	error: unknown,
): unknown {
	const known = findFileXError(error);
	if (!known) return error;
	const receipt = receiptFor(context, step, file, startedAt, {
		direction: 'download',
		outcome: 'failed',
		reason: known.message,
		size: null,
		sha256: null,
	});
	return new FileXError(known.kind, known.message, { ...known, receipt });
}
