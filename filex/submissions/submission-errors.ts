import { type Evidence, FileXError, type FileXErrorDetails, type Remedy } from '../errors';
import { type FilePath, formatFile } from '../places/paths';
import type { Filing, Obstacle, RegisterPart, Unseen } from './sighting';

/** The same file has been filed already. @param bytesCompared whether the bytes were compared */
export function duplicate(file: FilePath, filing: Filing, bytesCompared: boolean): FileXError {
	const which = filing.trackingId
		? `tracking ID ${filing.trackingId}`
		: `archived as '${filing.archivePath ?? 'unknown'}'`;
	const same = bytesCompared
		? 'The same file'
		: 'A file of the same name and size, whose content this account cannot compare,';
	return new FileXError(
		'duplicate',
		`${same} was filed already as '${formatFile(file)}'${on(filing.submittedAt)} (${which})`,
		{
			hint: 'Nothing was submitted.',
			remedies: ['skip-filed'],
			retrySafe: true,
			evidence: { outcome: 'duplicate', ...evidenceOf(file), ...filing },
		},
	);
}

/** Another upload of this file is under way, or has broken off and may still arrive. */
export function held(file: FilePath, obstacle: Obstacle): FileXError {
	const path = formatFile(file);
	const { what, facts, hint, remedies = [] } = describe(obstacle);
	return new FileXError('held', `'${path}' was held back: ${what}`, {
		hint: `Nothing was submitted. ${hint}`,
		remedies: [...remedies, 'allow-repeated-filing'],
		retrySafe: true,
		evidence: { outcome: 'held', ...evidenceOf(file), ...facts },
	});
}

/** fileX handed out a request that its tracking does not show, or not usably: others cannot judge it either. */
export function unregistered(file: FilePath, what: string, trackingId?: string): FileXError {
	const path = formatFile(file);
	return new FileXError('held', `'${path}' was held back: ${what}`, {
		hint: 'Nothing was submitted: without tracking, it cannot be determined whether another sender is filing the same file. Run this again in a few minutes; that is safe.',
		remedies: ['allow-repeated-filing'],
		retrySafe: true,
		evidence: { outcome: 'held', ...evidenceOf(file), trackingId: trackingId ?? null },
	});
}

/** The file was not submitted, for certain. */
export function rejected(file: FilePath, error: FileXError, attempts: number, trackingId?: string): FileXError {
	return new FileXError(error.kind, error.message, {
		...error,
		evidence: { outcome: 'rejected', ...evidenceOf(file), trackingId: trackingId ?? null, attempts, ...error.evidence },
	});
}

/** What failed before it had an outcome of its own was not submitted. */
export function asRejected(error: unknown, file?: FilePath): unknown {
	if (!(error instanceof FileXError) || error.evidence?.outcome !== undefined) return error;
	if (file) return rejected(file, error, 0);
	return new FileXError(error.kind, error.message, {
		...error,
		evidence: { outcome: 'rejected', attempts: 0, ...error.evidence },
	});
}

/** What is known of a file of which it is unknown whether it was submitted. */
export interface UnknownOutcome {
	attempts: number;
	trackingId?: string;
	/** What tracking calls the request that only made it known. */
	registrationId?: string;
	/** Whether this account can see it once it has been filed. */
	leavesTrace: boolean;
}

/** Bytes have left, and fileX did not tell in time what became of them. */
export function outcomeUnknown(
	file: FilePath,
	error: FileXError,
	{ attempts, trackingId, registrationId, leavesTrace }: UnknownOutcome,
): FileXError {
	return new FileXError(
		'outcome-unknown',
		`It is unknown whether '${formatFile(file)}' was submitted: ${error.message}`,
		{
			...(leavesTrace
				? whereToLook(trackingId)
				: {
						hint: 'Ask FINRA (800-321-6273) before you submit it again: this account cannot see the archive, and fileX tracks no uploads over SFTP and S3 Direct, so nothing would keep the file from being filed twice.',
					}),
			retrySafe: false,
			httpStatus: error.httpStatus,
			evidence: {
				outcome: 'unknown',
				...evidenceOf(file),
				trackingId: trackingId ?? null,
				...(registrationId !== undefined && { registrationId }),
				attempts,
				reason: error.message,
			},
		},
	);
}

function whereToLook(trackingId?: string): Pick<FileXErrorDetails, 'hint' | 'remedies'> {
	return trackingId
		? {
				hint: `Look up the tracking ID ${trackingId} in a few minutes: 'Received by FINRA' means that it was filed. FINRA (800-321-6273) can tell, too.`,
				remedies: ['look-for-submission', 'repeat-is-guarded'],
			}
		: {
				hint: 'Look into the archive sub-space in a few minutes: a copy there means that it was filed. FINRA (800-321-6273) can tell, too.',
				remedies: ['look-for-copy', 'repeat-is-guarded'],
			};
}

function evidenceOf(file: FilePath): Evidence {
	return { path: formatFile(file) };
}

interface Description {
	what: string;
	facts: Evidence;
	hint: string;
	remedies?: readonly Remedy[];
}

function describe(obstacle: Obstacle): Description {
	if ('uploaded' in obstacle) {
		const { size: uploadedSize, lastModified } = obstacle.uploaded;
		const at = lastModified.toISOString();
		return {
			what: `a file of that name has been in the sub-space since ${at}, and fileX has not picked it up yet`,
			facts: { uploadedAt: at, uploadedSize },
			hint: 'Run this again once it is picked up, which is safe: its content can be compared then. A file that stays there was left by an SFTP upload that broke off, and must be uploaded again (guide, FAQ 19). FINRA (800-321-6273) can tell.',
		};
	}
	if ('unseen' in obstacle) return describeUnseen(obstacle.unseen);
	const { trackingId, submittedAt, userName } = obstacle.request;
	const freeAt = Number.isNaN(obstacle.until) ? null : new Date(obstacle.until).toISOString();
	const broken =
		freeAt === null
			? 'If it broke off, it is not known from when on this file can be sent, because this account does not see every place where the other file may wait. Run this again later, which is safe.'
			: `If it broke off, this file can be sent from ${freeAt} on: run this again then, which is safe.`;
	return {
		what: `another upload of it was begun${on(submittedAt)}${userName ? ` by '${userName}'` : ''} and tracking does not show that it is complete (tracking ID ${trackingId})`,
		facts: { trackingId, submittedAt, userName, freeAt },
		hint: `If the other upload is still running, it files the file. ${broken} Of one over S3 Direct or SFTP, registered over REST, tracking never shows the end: look into the archive.`,
		remedies: ['settle-longer'],
	};
}

/** What an error advises, but for what is said here anyway. */
function adviceOf({ hint }: FileXError): string {
	const sentences = hint.split(/(?<=\.)\s+/).filter((sentence) => !/again|^Nothing was/.test(sentence));
	return sentences.map((sentence) => `${sentence} `).join('');
}

const PART_NAMES: Record<RegisterPart, string> = {
	tracking: "fileX's tracking",
	uploadSubSpace: 'the upload sub-space',
	archive: 'the archive',
};

function describeUnseen({ part, why }: Unseen): Description {
	return {
		what: `${PART_NAMES[part]}, where the same file may be under way, could not be seen: ${why.message}`,
		facts: { unseen: part, httpStatus: why.httpStatus ?? null },
		hint: `${adviceOf(why)}Run this again in a few minutes; that is safe.`,
		remedies: [...(why.remedies ?? []), ...(part === 'tracking' ? (['submit-without-tracking'] as const) : [])],
	};
}

function on(time: string | null): string {
	return time === null ? '' : ` on ${time}`;
}
