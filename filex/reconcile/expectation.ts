import { FileXError } from '../errors';
import type { SpacePath } from '../places/paths';
import type { RemoteFile } from '../space';
import { shorten } from '../util/shorten';
import type { DatedPattern } from './dated-pattern';
import { type FiledFile, filedFiles, type FiledPlace, requestedFiles } from './filed-files';
import { judgeFiles } from './judge-files';
import { judgeFilings } from './judge-filings';
import type { Archive, ReconcilePlaces } from './reconcile-places';
import { closedMessage } from './sentences';
import { type Closed, timingOf, type Timing, type TimingFields } from './timing';
import type { DeliveryStatus, FilingStatus, Quantity, Verdict } from './verdict';

export type Direction = 'delivered' | 'filed';

/** What should have come, or should have been filed. */
export interface Expectation {
	direction: Direction;
	/** Where it should lie, or be uploaded to. */
	space: SpacePath;
	pattern: DatedPattern;
	timing: Omit<TimingFields, 'namesTheDay'>;
	quantity: Quantity;
	/** Whether filings are looked for in the archive alone. */
	withoutTracking: boolean;
}

/** What became of an expectation. */
export interface Answer extends Verdict<DeliveryStatus | FilingStatus> {
	/** Undefined on a day on which nothing is expected. */
	timing?: Timing;
	/** The pattern with its dates filled in; undefined as `timing`. */
	expected?: string;
	/** How many files, or filings that FINRA has not rejected. */
	count: number;
	/** What FINRA delivered, the earliest first; absent for filings. */
	files?: RemoteFile[];
	/** What was filed, the earliest first; absent for deliveries. */
	filings?: FiledFile[];
	/** Where filings were looked for; absent for deliveries. */
	checkedAgainst?: Array<'tracking' | 'archive'>;
}

/** @throws FileXError where what is to be judged cannot be seen: that is never taken for *missing* or *not filed* */
export async function answerTo(expectation: Expectation, places: ReconcilePlaces): Promise<Answer> {
	const { direction, pattern } = expectation;
	const timing = timingOf({ ...expectation.timing, namesTheDay: pattern.namesTheDay });
	if ('closed' in timing) return closedAnswer(timing.closed, direction);
	const expected = pattern.of(timing.businessDate);
	const judged = await (direction === 'delivered' ? delivered : filed)(expectation, timing, expected, places);
	return { timing, expected, ...judged };
}

function closedAnswer(closed: Closed, direction: Direction): Answer {
	return {
		status: 'not a business day',
		isException: false,
		isLate: false,
		lateByMinutes: 0,
		count: 0,
		message: closedMessage(closed),
		...(direction === 'delivered' ? { files: [] } : { filings: [], checkedAgainst: [] }),
	};
}

async function delivered(
	{ space, pattern, quantity }: Expectation,
	timing: Timing,
	expected: string,
	places: ReconcilePlaces,
): Promise<Answer> {
	const { files, incomplete } = await places.list(space);
	const fits = pattern.fits(timing.businessDate);
	const verdict = judgeFiles(
		files.filter(({ name }) => fits(name)),
		expected,
		timing,
		quantity,
	);
	if (verdict.status === 'missing' && incomplete) throw undetermined(`'${shorten(expected)}' has arrived`, incomplete);
	return { ...verdict, count: verdict.files.length };
}

async function filed(
	{ space, pattern, quantity, withoutTracking }: Expectation,
	timing: Timing,
	expected: string,
	places: ReconcilePlaces,
): Promise<Answer> {
	const submissions = withoutTracking ? undefined : await places.submissions();
	const archive = await places.archiveOf(space);
	const place: FiledPlace = { space, archive: archive.place, fits: pattern.fits(timing.businessDate) };
	const seen = { submissions, archived: archive.listing?.files };
	const verdict = judgeFilings(filedFiles(seen, place), requestedFiles(seen, place).length, expected, timing, quantity);
	const doubt = doubtOf(archive);
	const isBlind = withoutTracking && !archive.listing;
	if (doubt && (isBlind || verdict.status === 'not filed'))
		throw undetermined(`'${shorten(expected)}' was filed`, doubt);
	return {
		...verdict,
		checkedAgainst: [
			...(submissions ? (['tracking'] as const) : []),
			...(archive.listing ? (['archive'] as const) : []),
		],
	};
}

/** Why the archive may hold what was not seen in it: uploads over SFTP and S3 Direct are nowhere else. */
function doubtOf({ closed, listing }: Archive): FileXError | undefined {
	return closed ?? listing?.incomplete;
}

/** @param what e.g. `'a.csv' was filed` */
function undetermined(what: string, why: FileXError): FileXError {
	const { kind, hint, retrySafe, isForeign, httpStatus, remedies } = why;
	return new FileXError(kind, `It cannot be determined whether ${what}: ${why.message}`, {
		hint,
		retrySafe,
		isForeign,
		httpStatus,
		remedies,
	});
}
