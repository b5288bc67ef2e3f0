import type { IDataObject } from 'n8n-workflow';
import {
	formatFile,
	MACHINE_CLOCK,
	type Submission,
	type SubmitResult,
	type Tracking,
	waitForSubmission,
} from '../../filex';
import type { Step } from '../shared/router';
import type { UploadItem } from './item';
import { refuseDuplicate } from './refuse-duplicate';

/** The output of a submission that ended well. @throws FileXError `duplicate` where that is to fail */
export async function recordOf(
	each: UploadItem,
	step: Step,
	tracking: Tracking,
	result: SubmitResult,
): Promise<IDataObject> {
	if (result.outcome === 'duplicate') {
		refuseDuplicate(each, result);
		return {
			outcome: 'skipped',
			...describe(each, step),
			...result.filing,
			contentCompared: result.bytesCompared,
			attempts: 0,
		};
	}
	const { trackingId, attempts } = result;
	const submission = await confirmed(each, step, tracking, result);
	return {
		outcome: 'accepted',
		...describe(each, step),
		trackingId: trackingId ?? null,
		status: submission?.status ?? null,
		downstreamStatus: submission?.downstreamStatus ?? null,
		// Whatever happens now, the file is submitted: nothing may make it look otherwise.
		sha256: result.sha256 ?? (await each.comparison.sha256().catch(() => null)),
		archivePath: submission?.archivePath ?? result.archivePath ?? null,
		submittedAt: submission?.submittedAt ?? null,
		statusUpdatedAt: submission?.statusUpdatedAt ?? null,
		userName: submission?.userName ?? step.account.username,
		attempts,
	};
}

/** What tracking says of an accepted submission. It is accepted whether tracking can be asked or not. */
async function confirmed(
	{ options }: UploadItem,
	{ stop }: Step,
	tracking: Tracking,
	{ trackingId, submission }: Extract<SubmitResult, { outcome: 'accepted' }>,
): Promise<Submission | undefined> {
	if (trackingId === undefined || submission?.archivePath) return submission;
	const until = MACHINE_CLOCK.now() + options.waitUntilReceived * 1000;
	const seen = await waitForSubmission(async () => await tracking.get(trackingId), {
		wanted: 'received',
		until,
		signal: stop,
	}).catch(() => undefined);
	return seen?.submission ?? submission;
}

/** What is known of every file. */
export function describe({ file, content, checkedAgainst }: UploadItem, { method }: Step): IDataObject {
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
