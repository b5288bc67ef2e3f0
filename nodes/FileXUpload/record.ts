import type { IDataObject } from 'n8n-workflow';
import {
	type EarlierFiling,
	formatFile,
	MACHINE_CLOCK,
	type RegisterPart,
	type Submission,
	type SubmitResult,
	waitForSubmission,
} from '../../filex';
import type { Step } from '../shared/router';
import type { UploadItem } from './item';

/** The output of one item that ended well (docs/output.md). */
export interface UploadRecord extends IDataObject, FileFacts {
	outcome: 'accepted' | 'skipped' | 'validated';
	trackingId?: string | null;
	registrationId?: string;
	/** What the storage said of it. */
	storageTag?: string;
	storageRequestId?: string;
	receipt?: IDataObject;
	sha256?: string | null;
	attempts: number;
}

/** What the output says of every file. */
interface FileFacts {
	orgId: string;
	application: string;
	subSpace: string;
	fileName: string;
	/** `{orgId}/{application}/{subSpace}/{name}` */
	path: string;
	/** Bytes. */
	size: number;
	accessMethod: string;
	checkedAgainst: RegisterPart[];
}

/** A file that FINRA had before. */
export function skippedRecord(
	item: UploadItem,
	step: Step,
	checkedAgainst: RegisterPart[],
	{ filing, bytesCompared }: EarlierFiling,
): UploadRecord {
	return {
		outcome: 'skipped',
		...describe(item, step, checkedAgainst),
		...filing,
		contentCompared: bytesCompared,
		attempts: 0,
	};
}

/** Asks tracking for one upload. */
type SubmissionOf = (trackingId: string) => Promise<Submission>;

type Accepted = Extract<SubmitResult, { outcome: 'accepted' }>;

/** A file that FINRA has by this submission. */
export async function acceptedRecord(
	item: UploadItem,
	step: Step,
	checkedAgainst: RegisterPart[],
	submissionOf: SubmissionOf,
	result: Accepted,
): Promise<UploadRecord> {
	const { trackingId, registrationId, attempts, stored } = result;
	const submission = await confirmed(item, step, submissionOf, result);
	return {
		outcome: 'accepted',
		...describe(item, step, checkedAgainst),
		trackingId: trackingId ?? null,
		...(registrationId !== undefined && { registrationId }),
		...(stored?.tag !== undefined && { storageTag: stored.tag }),
		...(stored?.requestId !== undefined && { storageRequestId: stored.requestId }),
		status: submission?.status ?? null,
		downstreamStatus: submission?.downstreamStatus ?? null,
		// Whatever fails from here on, the file is submitted: nothing may make it look otherwise.
		sha256: result.sha256 ?? (await item.comparison.sha256().catch(() => null)),
		archivePath: submission?.archivePath ?? result.archivePath ?? null,
		submittedAt: submission?.submittedAt ?? null,
		statusUpdatedAt: submission?.statusUpdatedAt ?? null,
		userName: submission?.userName ?? step.account.username,
		attempts,
	};
}

/** What tracking shows of an accepted submission. It is accepted whether tracking answers or not. */
async function confirmed(
	{ options }: UploadItem,
	{ stop }: Step,
	submissionOf: SubmissionOf,
	{ trackingId, submission }: Accepted,
): Promise<Submission | undefined> {
	if (trackingId === undefined || submission?.archivePath) return submission;
	const until = MACHINE_CLOCK.now() + options.waitUntilReceived * 1000;
	const seen = await waitForSubmission(async () => await submissionOf(trackingId), {
		wanted: 'received',
		until,
		signal: stop,
	}).catch(() => undefined);
	return seen?.submission ?? submission;
}

export function describe({ file, content }: UploadItem, { method }: Step, checkedAgainst: RegisterPart[]): FileFacts {
	const { orgId, application, subSpace, name } = file;
	return {
		orgId,
		application,
		subSpace,
		fileName: name,
		path: formatFile(file),
		size: content.size,
		accessMethod: method,
		checkedAgainst,
	};
}
