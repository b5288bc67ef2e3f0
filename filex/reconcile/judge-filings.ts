import { shorten } from '../util/shorten';
import type { FiledFile } from './filed-files';
import { counted, due, expectedCount, outside, timeIn } from './sentences';
import { counting, lateness, type Timing } from './timing';
import type { FilingStatus, Quantity, Verdict } from './verdict';

export interface FilingsVerdict extends Verdict<FilingStatus> {
	/** The filings that count, the earliest first. */
	filings: FiledFile[];
	/** How many of them FINRA has not rejected. */
	count: number;
}

/** What has become of one file name: of several filings of it, the newest decides. */
interface NamedFile {
	newest: FiledFile;
	/** When the first filing that FINRA has not rejected arrived, in ms; Infinity where that is not known. */
	firstAt: number;
}

/**
 * Judges what was filed by what was to be filed. A rejected filing counts for nothing once one of the same name has come
 * after it: until then it is the answer, whatever else was filed.
 *
 * @param named filings whose names fit, of whatever time
 * @param requested how many uploads of such names were asked for and have not arrived
 * @param expected the pattern of the day's names, to be named in the message
 */
export function judgeFilings(
	named: readonly FiledFile[],
	requested: number,
	expected: string,
	timing: Timing,
	quantity: Quantity,
): FilingsVerdict {
	const filings = counting(
		[...named].sort((a, b) => timeOf(a) - timeOf(b) || 0),
		timing,
		({ filedAt }) => Date.parse(filedAt ?? ''),
		(some) => filedOf(filesOf(some)).length >= quantity.atLeast,
	);
	const standing = filings.filter((filing) => !isRejected(filing));
	const files = filesOf(filings);
	const filed = filedOf(files);
	const times = filed.map(({ firstAt }) => firstAt).sort((a, b) => a - b || 0);
	const metAt = times[quantity.atLeast - 1];
	const isDue = timing.now >= timing.dueAt;
	const isUndated = isDue && metAt === Infinity;
	const late = metAt === Infinity ? { isLate: false, lateByMinutes: 0 } : lateness(timing, metAt);
	const facts: Facts = {
		filings,
		standing,
		rejected: files.filter(({ newest }) => isRejected(newest)).map(({ newest }) => newest),
		filed: filed.map(({ newest }) => newest),
		isDue,
		isUndated,
		others: named.length - filings.length,
		requested,
		expected,
		timing,
		quantity,
		...late,
	};
	const status = statusOf(facts);
	return {
		status,
		isException: isException(status, facts),
		...late,
		filings,
		count: standing.length,
		message: messageOf(status, facts),
	};
}

interface Facts {
	filings: FiledFile[];
	/** Filings that FINRA has not rejected. */
	standing: FiledFile[];
	/** Of each name, its newest filing, where FINRA rejected that. */
	rejected: FiledFile[];
	/** Of each name, its newest filing, where FINRA did not reject that. */
	filed: FiledFile[];
	isDue: boolean;
	/** Whether it is due, filed, and not known when it was filed. */
	isUndated: boolean;
	isLate: boolean;
	lateByMinutes: number;
	/** How many have a name that fits, and are of another time. */
	others: number;
	requested: number;
	expected: string;
	timing: Timing;
	quantity: Quantity;
}

function statusOf({ standing, rejected, filed, isDue, quantity }: Facts): FilingStatus {
	const { atLeast, atMost, smallestSize } = quantity;
	if (rejected.length > 0) return 'rejected';
	if (standing.length > atMost) return 'too many';
	if (standing.some((filing) => isSmall(filing, smallestSize))) return 'too small';
	if (filed.length < atLeast) return isDue ? 'not filed' : 'due later';
	return filed.every(({ decision }) => decision === 'accepted') ? 'accepted' : 'undecided';
}

/** A decision that can still come is no exception before the due time; one that is never told is none at all. */
function isException(status: FilingStatus, { filed, isDue, isLate, isUndated }: Facts): boolean {
	if (status === 'due later') return false;
	if (status === 'accepted') return isLate || isUndated;
	if (status !== 'undecided') return true;
	return isLate || isUndated || (isDue && filed.some((filing) => filing.decision !== 'accepted' && isTracked(filing)));
}

function messageOf(status: FilingStatus, facts: Facts): string {
	const { standing, rejected, filed, timing, quantity, expected } = facts;
	const pattern = `'${shorten(expected)}' for ${timing.businessDate}`;
	const inTime = `${punctuality(facts)} (${due(timing)})`;
	switch (status) {
		case 'accepted':
			return `FINRA accepted ${counted(filed.length, 'file')} of ${pattern}, filed ${inTime}${begunInTime(facts)}`;
		case 'rejected':
			return rejectedMessage(rejected);
		case 'undecided':
			return `${counted(filed.length, 'file')} of ${pattern} filed ${inTime}${begunInTime(facts)}. ${undecided(filed)}`;
		case 'too many':
			return `${counted(standing.length, 'filing')} of ${pattern}, and at most ${quantity.atMost} ${quantity.atMost === 1 ? 'was' : 'were'} expected. Each is a filing of its own at FINRA`;
		case 'too small': {
			const small = standing.find((filing) => isSmall(filing, quantity.smallestSize))!;
			return `'${shorten(small.fileName)}' was filed with ${counted(small.size!, 'byte')}, and at least ${quantity.smallestSize} were expected`;
		}
		default:
			return `${counted(filed.length, 'file')} of ${pattern} filed, and ${expectedCount(quantity)} (${due(timing)})${unfiled(facts)}`;
	}
}

function punctuality({ isUndated, isLate, lateByMinutes }: Facts): string {
	if (isUndated) return 'at a time that fileX does not say';
	return isLate ? `${counted(lateByMinutes, 'minute')} late` : 'in time';
}

/** Of a late filing whose upload began in time, both times: FINRA's guide does not say which of them is the filing's. */
function begunInTime({ filed, isLate, timing }: Facts): string {
	const { dueAt, timeZone } = timing;
	const begun = filed.find(
		(filing) => isLate && Date.parse(filing.submittedAt ?? '') <= dueAt && timeOf(filing) > dueAt,
	);
	if (!begun) return '';
	const [asked, arrived] = [begun.submittedAt, begun.filedAt].map((time) => timeIn(Date.parse(time!), timeZone));
	return `. The upload of '${shorten(begun.fileName)}' was asked for at ${asked}, and its archived copy is of ${arrived}`;
}

function rejectedMessage(rejected: FiledFile[]): string {
	const { fileName, decision } = rejected[0]!;
	const [what, then] =
		decision === 'partiallyRejected'
			? ['rejected a part of', 'Submit a new file with only the corrected data']
			: ['rejected', 'Submit the whole file again'];
	const more = rejected.length > 1 ? ` and ${counted(rejected.length - 1, 'more file')}` : '';
	return `FINRA ${what} '${shorten(fileName)}'${more}, and no later filing of that name is known. ${then}`;
}

function undecided(filed: FiledFile[]): string {
	const waiting = filed.find((filing) => filing.decision !== 'accepted' && isTracked(filing));
	if (!waiting)
		return 'What FINRA decided on it is not known: it is found in the archive only, as uploads over SFTP and S3 Direct are, and where tracking is not asked';
	const { fileName, downstreamStatus } = waiting;
	const known =
		downstreamStatus === null || downstreamStatus === 'RECEIVED' ? '' : `: it says '${shorten(downstreamStatus)}'`;
	return `FINRA has not decided on '${shorten(fileName)}'${known}`;
}

function unfiled({ requested, others, timing }: Facts): string {
	const asked =
		requested === 0
			? ''
			: `. ${counted(requested, 'upload')} of that name began, and no file has arrived by ${requested === 1 ? 'it' : 'them'}`;
	return others === 0
		? asked
		: `${asked}. Not counted: ${counted(others, 'filing')} of that name, made ${outside(timing)}`;
}

function filesOf(filings: readonly FiledFile[]): NamedFile[] {
	const files = new Map<string, NamedFile>();
	for (const filing of filings) {
		const earlier = files.get(filing.fileName);
		const firstAt = earlier?.firstAt ?? Infinity;
		files.set(filing.fileName, {
			newest: filing,
			firstAt: firstAt === Infinity && !isRejected(filing) ? timeOf(filing) : firstAt,
		});
	}
	return [...files.values()];
}

function filedOf(files: readonly NamedFile[]): NamedFile[] {
	return files.filter(({ newest }) => !isRejected(newest));
}

function isRejected({ decision }: FiledFile): boolean {
	return decision === 'rejected' || decision === 'partiallyRejected';
}

function isTracked({ trackingId }: FiledFile): boolean {
	return trackingId !== null;
}

function isSmall({ size }: FiledFile, smallestSize: number): boolean {
	return size !== null && size < smallestSize;
}

/** In ms; Infinity where no time can be read. */
function timeOf({ filedAt }: FiledFile): number {
	return Date.parse(filedAt ?? '') || Infinity;
}
