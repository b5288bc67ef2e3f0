import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { type Evidence, FileXError, type Receipt, type ReceiptFacts } from '../../filex';
import { receiptFor } from '../shared/receipt';
import type { Step } from '../shared/router';
import type { UploadItem } from './item';
import type { UploadRecord } from './record';

/** What a record or an error's evidence may tell of a submission, by the receipt's own names. */
const TOLD = ['trackingId', 'registrationId', 'archivePath', 'status', 'downstreamStatus', 'submittedAt'] as const;

/** The receipt of an item that ended well. */
export async function receiptOfRecord(
	context: IExecuteFunctions,
	item: UploadItem,
	step: Step,
	startedAt: number,
	record: UploadRecord,
): Promise<Receipt> {
	const { outcome, checkedAgainst, attempts, storageTag = null, storageRequestId = null } = record;
	return receiptFor(context, step, item.file, startedAt, {
		...told(record),
		direction: 'upload',
		outcome,
		reason: null,
		size: item.content.size,
		sha256: record.sha256 ?? (await sha256Of(item)),
		attempts,
		checkedAgainst: checkedAgainst.join(' ') || null,
		storageTag,
		storageRequestId,
	});
}

/** The same error, with the receipt of an item that was not submitted, or of which it is unknown. */
export async function withReceipt(
	context: IExecuteFunctions,
	item: UploadItem | undefined,
	step: Step,
	startedAt: number,
	error: unknown,
): Promise<unknown> {
	// Where it stops the workflow, nobody is given the receipt: the content need not be read for it.
	if (!(error instanceof FileXError) || !item || !context.continueOnFail()) return error;
	const { outcome = 'rejected', attempts = 0, ...evidence } = error.evidence ?? {};
	const receipt = receiptFor(context, step, item.file, startedAt, {
		...told(evidence),
		direction: 'upload',
		outcome: String(outcome),
		reason: error.message,
		size: item.content.size,
		// What was met on the way may not be what was read before.
		sha256: typeof evidence.sha256 === 'string' ? evidence.sha256 : await sha256Of(item),
		attempts: Number(attempts),
	});
	return new FileXError(error.kind, error.message, { ...error, receipt });
}

/** Null for what cannot be read any more. */
async function sha256Of({ comparison }: UploadItem): Promise<string | null> {
	return await comparison.sha256().catch(() => null);
}

function told(from: Evidence | IDataObject): Pick<ReceiptFacts, (typeof TOLD)[number]> {
	const entries = TOLD.map((name) => [name, typeof from[name] === 'string' ? from[name] : null]);
	return Object.fromEntries(entries) as Pick<ReceiptFacts, (typeof TOLD)[number]>;
}
