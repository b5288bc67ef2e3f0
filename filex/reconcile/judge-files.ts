import type { RemoteFile } from '../space';
import { shorten } from '../util/shorten';
import { counted, due, expectedCount, outside } from './sentences';
import { counting, lateness, type Timing } from './timing';
import type { DeliveryStatus, Quantity, Verdict } from './verdict';

export interface FilesVerdict extends Verdict<DeliveryStatus> {
	/** The files that count, the earliest first. */
	files: RemoteFile[];
}

/** Statuses that need no one's eye. */
const AS_EXPECTED: DeliveryStatus[] = ['arrived', 'due later'];

/**
 * Judges what lies in a download sub-space by what is expected there. Files count from their `lastModified` on: it is
 * all that fileX tells of when they came.
 *
 * @param named files whose names fit, of whatever time
 * @param expected the pattern of the day's names, to be named in the message
 */
export function judgeFiles(
	named: readonly RemoteFile[],
	expected: string,
	timing: Timing,
	quantity: Quantity,
): FilesVerdict {
	const largeOf = (some: readonly RemoteFile[]) => some.filter(({ size }) => size >= quantity.smallestSize);
	const files = counting(
		[...named].sort(byTime),
		timing,
		({ lastModified }) => lastModified.getTime(),
		(some) => largeOf(some).length >= quantity.atLeast,
	);
	const large = largeOf(files);
	const metAt = large[quantity.atLeast - 1]?.lastModified.getTime();
	const late = lateness(timing, metAt);
	const status = statusOf(files.length, large.length < files.length, metAt, late.isLate, quantity);
	return {
		status,
		isException: !AS_EXPECTED.includes(status),
		...late,
		files,
		message: messageOf(status, { files, others: named.length - files.length, expected, timing, quantity, ...late }),
	};
}

function statusOf(
	count: number,
	isAnySmall: boolean,
	metAt: number | undefined,
	isLate: boolean,
	{ atMost }: Quantity,
): DeliveryStatus {
	if (count > atMost) return 'too many';
	if (isAnySmall) return 'too small';
	if (metAt !== undefined) return isLate ? 'late' : 'arrived';
	return isLate ? 'missing' : 'due later';
}

/** The earliest first. Names of one sub-space differ. */
export function byTime(a: RemoteFile, b: RemoteFile): number {
	return a.lastModified.getTime() - b.lastModified.getTime() || (a.name < b.name ? -1 : 1);
}

interface Facts {
	files: RemoteFile[];
	/** How many have a name that fits, and are of another time. */
	others: number;
	expected: string;
	timing: Timing;
	quantity: Quantity;
	lateByMinutes: number;
}

function messageOf(status: DeliveryStatus, facts: Facts): string {
	const { files, expected, timing, quantity, lateByMinutes } = facts;
	const found = `${counted(files.length, 'file')} of '${shorten(expected)}' for ${timing.businessDate}`;
	switch (status) {
		case 'arrived':
			return `${found} arrived in time (${due(timing)})`;
		case 'late':
			return `${found} arrived ${counted(lateByMinutes, 'minute')} late (${due(timing)})`;
		case 'too many':
			return `${found} arrived, and at most ${quantity.atMost} ${quantity.atMost === 1 ? 'was' : 'were'} expected`;
		case 'too small': {
			const small = files.find(({ size }) => size < quantity.smallestSize)!;
			return `'${shorten(small.name)}' has ${counted(small.size, 'byte')}, and at least ${quantity.smallestSize} were expected`;
		}
		default:
			return `${notEnough(status, found, facts)}${leftOut(facts)}`;
	}
}

function notEnough(status: DeliveryStatus, found: string, facts: Facts): string {
	const { files, expected, timing, quantity, lateByMinutes } = facts;
	const isOpen = status === 'due later';
	if (files.length > 0)
		return `${found} arrived${isOpen ? ' so far' : ''}, and ${expectedCount(quantity)} (${due(timing)})`;
	const none = `No file of '${shorten(expected)}' for ${timing.businessDate} has arrived`;
	return isOpen
		? `${none} yet (${due(timing)})`
		: `${none}. It was ${due(timing)}, ${counted(lateByMinutes, 'minute')} ago`;
}

/** Files that were left out because of their time: without this, a file that is there would be reported missing. */
function leftOut({ others, timing }: Facts): string {
	return others === 0 ? '' : `. Not counted: ${counted(others, 'file')} of that name, changed ${outside(timing)}`;
}
