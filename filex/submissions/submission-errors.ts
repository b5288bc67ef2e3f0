import { type Evidence, FileXError } from '../errors';
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
			hint: "Nothing was submitted. To go on quietly where a file was filed already, set 'If Already Filed' to 'Skip'; to file it once more, which makes two filings, to 'Allow'.",
			retrySafe: true,
			evidence: { outcome: 'duplicate', ...evidenceOf(file), ...filing },
		},
	);
}

/** Another upload of this file is under way, or has broken off and may still arrive. */
export function held(file: FilePath, obstacle: Obstacle): FileXError {
	const path = formatFile(file);
	const { what, facts, hint } = describe(obstacle);
	return new FileXError('held', `'${path}' was held back: ${what}`, {
		hint: `Nothing was submitted. ${hint} If you know that no other upload is under way, 'Allow' under 'If Already Filed' sends at once.`,
		retrySafe: true,
		evidence: { outcome: 'held', ...evidenceOf(file), ...facts },
	});
}

/** fileX handed out a request that its tracking does not show, or not usably: others cannot judge it either. */
export function unregistered(file: FilePath, what: string, trackingId?: string): FileXError {
	const path = formatFile(file);
	return new FileXError('held', `'${path}' was held back: ${what}`, {
		hint: "Nothing was submitted: without tracking, nobody can tell whether another sender is filing the same file. Run it again in some minutes; that is safe. If it stays and you are the only sender, set 'If Already Filed' to 'Allow'.",
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
	/** Whether this account can see it once it has been filed. */
	leavesTrace: boolean;
}

/** Bytes have left, and fileX did not tell in time what became of them. */
export function outcomeUnknown(
	file: FilePath,
	error: FileXError,
	{ attempts, trackingId, leavesTrace }: UnknownOutcome,
): FileXError {
	return new FileXError(
		'outcome-unknown',
		`It is unknown whether '${formatFile(file)}' was submitted: ${error.message}`,
		{
			hint: leavesTrace
				? `${whereToLook(trackingId)} Running this step again is safe unless 'If Already Filed' is 'Allow': it asks fileX before it sends. FINRA (800-321-6273) can tell, too.`
				: 'Ask FINRA (800-321-6273) before you run this step again: this account cannot see the archive, and fileX tracks no uploads over SFTP and S3 Direct, so nothing would keep the file from being filed twice.',
			retrySafe: false,
			httpStatus: error.httpStatus,
			evidence: {
				outcome: 'unknown',
				...evidenceOf(file),
				trackingId: trackingId ?? null,
				attempts,
				reason: error.message,
			},
		},
	);
}

function whereToLook(trackingId?: string): string {
	return trackingId
		? `Ask fileX Track for the tracking ID ${trackingId} in some minutes: 'Received by FINRA' means that it was filed.`
		: 'Look into the archive sub-space by fileX List in some minutes: a copy there means that it was filed.';
}

function evidenceOf(file: FilePath): Evidence {
	return { path: formatFile(file) };
}

function describe(obstacle: Obstacle): { what: string; facts: Evidence; hint: string } {
	if ('uploaded' in obstacle) {
		const { size: uploadedSize, lastModified } = obstacle.uploaded;
		const at = lastModified.toISOString();
		return {
			what: `a file of that name lies in the sub-space since ${at}, and fileX has not picked it up yet`,
			facts: { uploadedAt: at, uploadedSize },
			hint: 'Once it is picked up, this step can tell what it was: run it again then, which is safe. A file that stays there was left by an upload over SFTP that broke off, and must be uploaded again (guide, FAQ 19): FINRA (800-321-6273) can tell.',
		};
	}
	if ('unseen' in obstacle) return describeUnseen(obstacle.unseen);
	const { trackingId, submittedAt, userName } = obstacle.request;
	const freeAt = Number.isNaN(obstacle.until) ? null : new Date(obstacle.until).toISOString();
	const broken =
		freeAt === null
			? 'If it has broken off, this step sends once tracking or the archive shows what became of it, because this account does not see every place where the file may wait. Run it again later, which is safe'
			: `If it has broken off, this step can send from ${freeAt} on: run it again then, which is safe`;
	return {
		what: `another upload of it was begun${on(submittedAt)}${userName ? ` by '${userName}'` : ''} and is not done (tracking ID ${trackingId})`,
		facts: { trackingId, submittedAt, userName, freeAt },
		hint: `If that other upload is alive, it files the file. ${broken}, or give it longer by 'Time to Settle (Seconds)'.`,
	};
}

/** What an error advises, but for what is said here anyway. */
function adviceOf({ hint }: FileXError): string {
	const sentences = hint.split(/(?<=\.)\s+/).filter((sentence) => !/again|^Nothing was/.test(sentence));
	return sentences.map((sentence) => `${sentence} `).join('');
}

const PLACE_NAMES: Record<RegisterPart, string> = {
	tracking: "fileX's tracking",
	uploadSubSpace: 'the upload sub-space',
	archive: 'the archive',
};

function describeUnseen({ part: place, why }: Unseen): { what: string; facts: Evidence; hint: string } {
	const others =
		place === 'tracking'
			? " If HTTPS to fileX is closed on this machine for good, switch on 'Submit Without Tracking'."
			: '';
	return {
		what: `${PLACE_NAMES[place]} could not be seen, where the same file may be under way: ${why.message}`,
		facts: { unseen: place, httpStatus: why.httpStatus ?? null },
		hint: `${adviceOf(why)}Run this step again in some minutes; that is safe.${others}`,
	};
}

function on(time: string | null): string {
	return time === null ? '' : ` on ${time}`;
}
