import { FileXError, inputError } from '../errors';
import { parseArchivedName } from '../places/archive';
import { subSpaceFacts } from '../places/catalogue';
import { type FilePath, formatFile, parseFilePath } from '../places/paths';
import { type Decision, isDecided, stateOf } from '../submissions/state';
import type { Submission } from '../submissions/submission';
import { DAY, GRACE } from '../submissions/timing';
import { sameTrackingId } from '../submissions/tracking-id';
import { type Receipt, receiptHash } from './receipt';

/** What became of what a receipt says. */
export type ReceiptStatus =
	| 'verified'
	| 'changed'
	| 'missing'
	| 'gone after retention'
	| 'cannot be read'
	| 'nothing transferred'
	| 'FINRA decided: rejected'
	| 'FINRA decided: partially rejected';

export interface ReceiptVerdict {
	status: ReceiptStatus;
	isException: boolean;
	message: string;
	/** The copy that was read, or looked for last. */
	path: string | null;
	/** What its bytes hash to, as lower-case hex; null where they were not read. */
	sha256Found: string | null;
	trackingStatus: string | null;
	downstreamStatus: string | null;
}

/** What a check asks of fileX. */
export interface VerifyPorts {
	/** All submissions of the last 90 days; undefined where this account may not see them. */
	submissions(): Promise<readonly Submission[] | undefined>;
	/** The names and sizes of what lies in the archive of an upload sub-space; undefined where this account may not look there. */
	archived(upload: FilePath): Promise<ReadonlyArray<{ name: string; size: number; path: string }> | undefined>;
	/** The SHA-256 of a file, as lower-case hex. @throws FileXError `not-found` where it is not there */
	sha256(path: FilePath): Promise<string>;
	/** Host names of the fileX that is asked. */
	hosts: readonly string[];
	/** By fileX's clock, in ms since 1970. */
	now(): number;
}

/** Outcomes after which FINRA has the file, or may have it. */
const FILED = ['accepted', 'skipped', 'duplicate', 'unknown'];

const DECIDED: Partial<Record<Decision, ReceiptStatus>> = {
	rejected: 'FINRA decided: rejected',
	partiallyRejected: 'FINRA decided: partially rejected',
};

/** How long archived copies are kept, in days, and files of places that the guide says nothing of (guide, section 9). */
const RETENTION = 30;

/**
 * Reads again what a receipt is about.
 *
 * @param field that the receipt came in, to be named in errors
 * @throws FileXError `input` where it is of another fileX; and where fileX gives no answer of its own: then nothing is known, and it may be asked again
 */
export async function verifyReceipt(receipt: Receipt, ports: VerifyPorts, field: string): Promise<ReceiptVerdict> {
	const verdict = new Verdict(receipt);
	if (receiptHash(receipt) !== receipt.receiptHash)
		return verdict.of('changed', 'The receipt itself was changed: its hash is not the one that it states');
	if (!ports.hosts.includes(hostOf(receipt)))
		throw inputError(
			field,
			`The receipt is of ${receipt.host}, and this account is of ${ports.hosts[0]}`,
			'Choose the credential of the environment that the file was transferred in.',
		);
	if (receipt.direction === 'download') return await verifyDownloaded(receipt, verdict, ports);
	if (!FILED.includes(receipt.outcome))
		return verdict.of('nothing transferred', `The receipt is of a file that was not submitted (${receipt.outcome})`);
	return await verifyFiled(receipt, verdict, ports);
}

/** Without its port. */
function hostOf({ host }: Receipt): string {
	return URL.canParse(`https://${host}`) ? new URL(`https://${host}`).hostname : host;
}

async function verifyDownloaded(receipt: Receipt, verdict: Verdict, ports: VerifyPorts): Promise<ReceiptVerdict> {
	if (receipt.outcome !== 'downloaded')
		return verdict.of('nothing transferred', 'The receipt is of a download that failed');
	return await compare([parseFilePath(receipt.path)], receipt, verdict, ports);
}

async function verifyFiled(receipt: Receipt, verdict: Verdict, ports: VerifyPorts): Promise<ReceiptVerdict> {
	const { trackingId } = receipt;
	const submission =
		trackingId === null
			? undefined
			: (await ports.submissions())?.find((each) => sameTrackingId(each.trackingId, trackingId));
	if (submission) verdict.track(submission);
	const state = submission && stateOf(submission);
	const decided = state && isDecided(state) ? DECIDED[state] : undefined;
	if (decided) return verdict.of(decided, `FINRA has decided on the submission: ${submission!.downstreamStatus}`);
	const known = submission?.archivePath ?? receipt.archivePath;
	if (known !== null) return await compare([parseFilePath(known)], receipt, verdict, ports);
	const copies = await copiesOf(receipt, ports);
	if (!copies)
		return verdict.of('cannot be read', 'This account may not look into the archive, and tracking names no copy');
	return await compare(copies, receipt, verdict, ports);
}

/** Archived copies that may be of the upload: of its name and size, and not older than it. Undefined where the archive is closed. */
async function copiesOf({ path, size, startedAt }: Receipt, ports: VerifyPorts): Promise<FilePath[] | undefined> {
	const file = parseFilePath(path);
	const since = Date.parse(startedAt) - GRACE;
	return (await ports.archived(file))?.flatMap((copy) => {
		const parsed = parseArchivedName(copy.name);
		const isOf = parsed?.originalName === file.name && copy.size === (size ?? copy.size);
		// An hour that clocks are put back makes a copy look older than it is.
		return isOf && parsed.uploadedAt.getTime() >= since - 3_600_000 ? [parseFilePath(copy.path)] : [];
	});
}

/** Reads copies until one is the file of the receipt. */
async function compare(
	copies: FilePath[],
	receipt: Receipt,
	verdict: Verdict,
	ports: VerifyPorts,
): Promise<ReceiptVerdict> {
	if (receipt.sha256 === null) return verdict.of('cannot be read', 'The receipt has no SHA-256 to compare with');
	let wasRead = false;
	for (const copy of copies) {
		try {
			const sha256 = await ports.sha256(copy);
			wasRead = true;
			verdict.found(copy, sha256);
			if (sha256 === receipt.sha256) return verdict.of('verified', 'fileX has the same content');
		} catch (error) {
			if (!(error instanceof FileXError) || error.isForeign) throw error;
			if (error.kind === 'entitlement') return verdict.of('cannot be read', error.message);
			if (error.kind !== 'not-found') throw error;
			verdict.found(copy, null);
		}
	}
	if (wasRead) return verdict.of('changed', 'What fileX has is not the content that the receipt states');
	return isOver(receipt, ports.now())
		? verdict.of('gone after retention', `fileX keeps such files for ${retentionOf(receipt)} days`)
		: verdict.of('missing', `fileX has no such file, though it keeps them for ${retentionOf(receipt)} days`);
}

function isOver(receipt: Receipt, now: number): boolean {
	const since = Date.parse(receipt.submittedAt ?? receipt.lastModified ?? receipt.endedAt);
	return now - since >= retentionOf(receipt) * DAY;
}

/** In days. */
function retentionOf({ direction, application, subSpace }: Receipt): number {
	if (direction === 'upload') return RETENTION;
	const [, days] = /^(\d+) (?:calendar )?days?\b/i.exec(subSpaceFacts(application, subSpace)?.retention ?? '') ?? [];
	return days === undefined ? RETENTION : Number(days);
}

/** Puts an answer together. */
class Verdict {
	private submission?: Submission;
	private path: string | null = null;
	private sha256Found: string | null = null;

	constructor(private readonly receipt: Receipt) {}

	track(submission: Submission): void {
		this.submission = submission;
	}

	found(copy: FilePath, sha256: string | null): void {
		this.path = formatFile(copy);
		this.sha256Found = sha256;
	}

	of(status: ReceiptStatus, message: string): ReceiptVerdict {
		const { receipt, submission, path, sha256Found } = this;
		return {
			status,
			isException: status !== 'verified' && status !== 'nothing transferred',
			message: `${message}: '${receipt.path}'`,
			path,
			sha256Found,
			trackingStatus: submission?.status ?? null,
			downstreamStatus: submission?.downstreamStatus ?? null,
		};
	}
}
