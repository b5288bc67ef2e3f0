import { FileXError, inputError } from '../errors';
import { subSpaceFacts } from '../places/catalogue';
import { type FilePath, formatFile, parseFilePath } from '../places/paths';
import type { RemoteFile } from '../space';
import { type Decision, isArrived, isDecided, stateOf } from '../submissions/state';
import type { Submission } from '../submissions/submission';
import { DAY } from '../submissions/timing';
import { sameTrackingId } from '../submissions/tracking-id';
import { type ArchivedFile, copiesOf } from './filed-copies';
import { type Receipt, receiptHash } from './receipt';

/** What became of what a receipt says. */
export type ReceiptStatus =
	| 'verified'
	| 'changed'
	| 'missing'
	| 'not picked up yet'
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

/** What is at a path: the SHA-256 of the file there, as lower-case hex; nothing, by a whole listing; or what fileX itself says against looking. */
export type Found = { sha256: string } | { isAbsent: true } | { closed: FileXError };

/** What a check asks of fileX. Each throws a FileXError where fileX gives no answer of its own. */
export interface VerifyPorts {
	/** All submissions of the last 90 days; undefined where this account may not see them. */
	submissions(): Promise<readonly Submission[] | undefined>;
	/** All that lies in the archive of an upload sub-space; undefined where this account may not look there. */
	archived(upload: FilePath): Promise<readonly ArchivedFile[] | undefined>;
	/** All that waits in an upload sub-space to be picked up; undefined where this account may not look there. */
	uploaded(upload: FilePath): Promise<readonly RemoteFile[] | undefined>;
	read(path: FilePath): Promise<Found>;
	/** fileX's hosts, with ports where they have one. */
	hosts: readonly string[];
	/** By fileX's clock, in ms since 1970. */
	now(): number;
	/** By their paths, copies that were found for receipts which name none, and the hashes of those receipts: a copy is of one upload. */
	claims: Map<string, string>;
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
 * @throws FileXError `input` where it is of another fileX; and where fileX gives no answer of its own: then nothing is known
 */
export async function verifyReceipt(receipt: Receipt, ports: VerifyPorts, field: string): Promise<ReceiptVerdict> {
	const check = new Check(receipt, ports);
	if (receiptHash(receipt) !== receipt.receiptHash)
		return check.verdict(
			'changed',
			'The receipt itself was changed, or stored with other values: its hash is not the one that it states',
		);
	if (!ports.hosts.map(hostNameOf).includes(hostNameOf(receipt.host)))
		throw inputError(
			field,
			`The receipt is of ${receipt.host}, and this account is of ${ports.hosts[0]}`,
			'Choose the credential of the environment that the file was transferred in.',
		);
	return await (receipt.direction === 'download' ? check.downloaded() : check.filed());
}

/** Without its port; host names know no letter case. */
function hostNameOf(host: string): string {
	return host.replace(/:\d+$/, '').toLowerCase();
}

class Check {
	private submission?: Submission;
	private path: string | null = null;
	private sha256Found: string | null = null;

	constructor(
		private readonly receipt: Receipt,
		private readonly ports: VerifyPorts,
	) {}

	async downloaded(): Promise<ReceiptVerdict> {
		const { outcome, path } = this.receipt;
		if (outcome !== 'downloaded')
			return this.verdict('nothing transferred', 'The receipt is of a download that failed');
		return (await this.compare([parseFilePath(path)])) ?? this.absent();
	}

	async filed(): Promise<ReceiptVerdict> {
		const { outcome, trackingId } = this.receipt;
		if (!FILED.includes(outcome))
			return this.verdict('nothing transferred', `The receipt is of a file that was not submitted (${outcome})`);
		const submissions = await this.ports.submissions();
		this.submission =
			trackingId === null ? undefined : submissions?.find((each) => sameTrackingId(each.trackingId, trackingId));
		const state = this.submission && stateOf(this.submission);
		const decided = state && isDecided(state) ? DECIDED[state] : undefined;
		if (decided)
			return this.verdict(decided, `FINRA has decided on the submission: ${this.submission!.downstreamStatus}`);
		const verdict = await this.copied(submissions);
		if (verdict.status !== 'verified' || trackingId === null || this.submission) return verdict;
		return this.verdict(
			'cannot be read',
			`fileX has the same content, and what FINRA decided is not known, because ${submissions ? 'tracking does not show the submission' : 'this account may not see tracking'}`,
		);
	}

	/** What the copy of an upload says. */
	private async copied(submissions: readonly Submission[] | undefined): Promise<ReceiptVerdict> {
		const named = this.submission?.archivePath ?? this.receipt.archivePath;
		if (named !== null) return (await this.compare([parseFilePath(named)])) ?? (await this.notArchived());
		// Whatever else has that name came by another request.
		if (this.submission && !isArrived(this.submission)) return await this.notArchived();
		return await this.guessed(submissions);
	}

	/** No copy is named: it is found by its name, size, time and content, or not at all. */
	private async guessed(submissions: readonly Submission[] | undefined): Promise<ReceiptVerdict> {
		const archived = await this.ports.archived(parseFilePath(this.receipt.path));
		if (!archived)
			return this.verdict('cannot be read', 'This account may not look into the archive, and no copy is named');
		const verdict = await this.compare(copiesOf(this.receipt, archived, submissions), (path) => this.claim(path));
		return verdict && verdict.status !== 'changed' ? verdict : await this.notArchived();
	}

	/** Whether a copy is of no other receipt. An upload of unknown outcome may have been repeated, so that it takes none from another. */
	private claim(path: string): boolean {
		const { outcome, receiptHash: own } = this.receipt;
		const { claims } = this.ports;
		if (outcome === 'unknown') return true;
		if (!claims.has(path)) claims.set(path, own);
		return claims.get(path) === own;
	}

	/** Reads copies until one is the file of the receipt, and may be it; undefined where none is there. */
	private async compare(
		copies: FilePath[],
		mayBe: (path: string) => boolean = () => true,
	): Promise<ReceiptVerdict | undefined> {
		const { sha256 } = this.receipt;
		if (sha256 === null) return this.verdict('cannot be read', 'The receipt has no SHA-256 to compare with');
		for (const copy of copies) {
			const found = await this.ports.read(copy);
			this.path = formatFile(copy);
			if ('closed' in found) return this.verdict('cannot be read', found.closed.message);
			if ('isAbsent' in found) continue;
			if (found.sha256 === sha256 && !mayBe(this.path)) continue;
			this.sha256Found = found.sha256;
			if (found.sha256 === sha256) return this.verdict('verified', 'fileX has the same content');
		}
		if (this.sha256Found === null) return undefined;
		return this.verdict('changed', 'What fileX has is not the content that the receipt states');
	}

	/** The archive does not have an upload: it may still wait to be picked up. */
	private async notArchived(): Promise<ReceiptVerdict> {
		const file = parseFilePath(this.receipt.path);
		const waiting = await this.ports.uploaded(file);
		if (!waiting && !this.isOver())
			return this.verdict('cannot be read', 'This account may not see whether it waits in the upload sub-space');
		const lies = waiting?.some(({ name, size }) => name === file.name && size === (this.receipt.size ?? size));
		return lies ? this.verdict('not picked up yet', 'The file waits in the upload sub-space') : this.absent();
	}

	private absent(): ReceiptVerdict {
		const days = this.retention();
		return this.isOver()
			? this.verdict('gone after retention', `fileX keeps such files for ${days} days`)
			: this.verdict('missing', `fileX has no such file, though it keeps them for ${days} days`);
	}

	private isOver(): boolean {
		const { submittedAt, lastModified, endedAt } = this.receipt;
		return this.age(submittedAt ?? lastModified ?? endedAt) >= this.retention() * DAY;
	}

	/** In ms. */
	private age(since: string): number {
		return this.ports.now() - Date.parse(since);
	}

	/** In days. */
	private retention(): number {
		const { direction, application, subSpace } = this.receipt;
		if (direction === 'upload') return RETENTION;
		const [, days] = /^(\d+) (?:calendar )?days?\b/i.exec(subSpaceFacts(application, subSpace)?.retention ?? '') ?? [];
		return days === undefined ? RETENTION : Number(days);
	}

	verdict(status: ReceiptStatus, message: string): ReceiptVerdict {
		const { receipt, submission, path, sha256Found } = this;
		return {
			status,
			isException: this.isException(status),
			message: `${message}: '${receipt.path}'`,
			path,
			sha256Found,
			trackingStatus: submission?.status ?? null,
			downstreamStatus: submission?.downstreamStatus ?? null,
		};
	}

	private isException(status: ReceiptStatus): boolean {
		// fileX may take hours to pick a file up.
		if (status === 'not picked up yet') return this.age(this.receipt.endedAt) >= DAY;
		return status !== 'verified' && status !== 'nothing transferred';
	}
}
