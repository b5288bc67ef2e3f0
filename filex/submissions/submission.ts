import { LONGEST_LIST } from '../http/answer-bounds';
import { fields, type Fields, isFields } from '../http/fields';
import { notFileXs, refuseTooLong, type TextAnswer } from '../http/unexpected-answer';
import { ARCHIVE_SUFFIX } from '../places/archive';
import { listIn, type Page } from '../rest/page';
import { readServiceTime } from '../util/time';

/**
 * What fileX's tracking says of one upload request (guide, section 5.4.6). Null stands for what fileX
 * does not say, or not in a way that can be read.
 */
export type Submission = {
	trackingId: string;
	orgId: string | null;
	application: string | null;
	subSpace: string | null;
	fileName: string | null;
	/** `{orgId}/{application}/{subSpace}/{fileName}`: where it was uploaded. */
	path: string | null;
	userName: string | null;
	/** `Request Received` (a URL was handed out) or `Received by FINRA` (the file is there). */
	status: string;
	/** `RECEIVED`, `ACCEPTED`, `REJECTED` or `PARTIALLY_REJECTED`; null before the application has it. */
	downstreamStatus: string | null;
	/** ISO 8601, UTC. */
	submittedAt: string | null;
	/** ISO 8601, UTC. */
	statusUpdatedAt: string | null;
	/** As fileX gives it. */
	submissionTime: string | null;
	/** As fileX gives it. */
	statusUpdateTime: string | null;
	/** Bytes. */
	size: number | null;
	/** The name of the archived copy; null until fileX has picked the file up. */
	archiveFileName: string | null;
	/** `{orgId}/{application}/{subSpace}_arcv/{archiveFileName}`: the archived copy, as fileX Download takes it. */
	archivePath: string | null;
	/** Whether fileX still hands out the archived copy, which it does for 30 days. */
	downloadable: boolean;
};

/** The time zone that fileX writes its times in, should one come without an offset. */
const FILEX_TIME_ZONE = 'America/New_York';

const NO_LIST = 'a list of submissions';

/** Keys of a list of submissions. An empty list under any other key may be another service's. */
const OWN_KEYS = ['submissions', 'submission', 'tracking', 'trackings', 'trackingresponses', 'uploads'];

/**
 * Reads a page of tracking's answer: a list of submissions, a single one, or an object round them.
 *
 * @throws FileXError `unexpected-answer` where it is none of these, or one of its entries is no submission
 */
export function readSubmissions(answer: TextAnswer): Page<Submission> {
	refuseTooLong(NO_LIST, answer, LONGEST_LIST);
	const { list, ...page } = listIn(answer, {
		what: NO_LIST,
		ownKeys: OWN_KEYS,
		isEmpty: () => false,
		isEntry,
		takesBareEmpty: true,
	});
	return { ...page, entries: list.map((entry) => readSubmission(entry, answer)) };
}

/** The same of an answer without further pages. */
export function parseSubmissions(answer: TextAnswer): Submission[] {
	return readSubmissions(answer).entries;
}

function isEntry(object: Fields): boolean {
	return fields(object).has('trackingid', 'downstreamstatus', 'submissiontime', 'arcvfilename');
}

function readSubmission(entry: unknown, answer: TextAnswer): Submission {
	if (!isFields(entry)) throw notFileXs(NO_LIST, answer, 'one of its entries is not an object');
	const { one } = fields(entry);
	const trackingId = text(one('trackingid'));
	const status = text(one('status'));
	if (trackingId === null || status === null)
		throw notFileXs(NO_LIST, answer, `one of its entries has no '${trackingId === null ? 'trackingId' : 'status'}'`);
	// The location comes first: it holds the short names that paths are made of.
	const location = (text(one('uploadlocation')) ?? '').split('/').filter((part) => part !== '');
	const orgId = text(location[0]);
	const application = text(location[1], one('applicationname'), one('application'));
	const subSpace = text(location[2], one('applicationspacename'), one('applicationspace'));
	const fileName = text(one('filename'));
	const submissionTime = one('submissiontime');
	// The guide spells it in both ways, in the table of its fields and in its sample.
	const statusUpdateTime = one('statusupdatetime', 'statusupdatedtime');
	const archiveFileName = text(one('arcvfilename', 'archivefilename'));
	return {
		trackingId,
		orgId,
		application,
		subSpace,
		fileName,
		path: pathOf(orgId, application, subSpace, fileName),
		userName: text(one('username')),
		status,
		downstreamStatus: text(one('downstreamstatus')),
		submittedAt: utc(submissionTime),
		statusUpdatedAt: utc(statusUpdateTime),
		submissionTime: asGiven(submissionTime),
		statusUpdateTime: asGiven(statusUpdateTime),
		size: bytes(one('filesize')),
		archiveFileName,
		archivePath: pathOf(orgId, application, subSpace && `${subSpace}${ARCHIVE_SUFFIX}`, archiveFileName),
		downloadable: String(one('downloadable')).toLowerCase() === 'true',
	};
}

function asGiven(time: unknown): string | null {
	return typeof time === 'number' ? String(time) : text(time);
}

/** The first of the values that is a text and not blank. */
function text(...values: unknown[]): string | null {
	return values.find((value): value is string => typeof value === 'string' && value.trim() !== '') ?? null;
}

function pathOf(...parts: Array<string | null>): string | null {
	return parts.includes(null) ? null : parts.join('/');
}

function utc(time: unknown): string | null {
	return readServiceTime(time, FILEX_TIME_ZONE)?.toISOString() ?? null;
}

/** Nothing, a blank or a word is no size, and above all not 0. */
function bytes(value: unknown): number | null {
	const size = typeof value === 'string' && /^\d{1,16}$/.test(value.trim()) ? Number(value) : value;
	return Number.isSafeInteger(size) && (size as number) >= 0 ? (size as number) : null;
}
