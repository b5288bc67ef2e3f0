import { ARCHIVE_SUFFIX } from '../archive';
import { notFileXs } from '../hints';
import { readJson } from '../http/body';
import { parseDateTime } from '../time';

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

/**
 * Reads tracking's answer: a list of submissions, or a single one.
 *
 * @throws FileXError `unexpected-answer` where it is neither
 */
export function parseSubmissions(body: string): Submission[] {
	const json: unknown = readJson(body);
	return (Array.isArray(json) ? json : [json]).map(readSubmission);
}

function readSubmission(entry: unknown): Submission {
	const fields = (entry ?? {}) as Record<string, unknown>;
	const trackingId = text(fields.trackingId);
	const status = text(fields.status);
	if (trackingId === null || status === null) throw notFileXs('no list of submissions');
	// The location comes first: it holds the short names that paths are made of.
	const location = (text(fields.uploadLocation) ?? '').split('/').filter((part) => part !== '');
	const orgId = text(location[0]);
	const application = text(location[1], fields.applicationName, fields.application);
	const subSpace = text(location[2], fields.applicationSpaceName, fields.applicationSpace);
	const fileName = text(fields.fileName);
	const submissionTime = text(fields.submissionTime);
	// The guide spells it in both ways, in the table of its fields and in its sample.
	const statusUpdateTime = text(fields.statusUpdateTime, fields.statusUpdatedTime);
	const archiveFileName = text(fields.arcvFileName);
	return {
		trackingId,
		orgId,
		application,
		subSpace,
		fileName,
		path: pathOf(orgId, application, subSpace, fileName),
		userName: text(fields.userName),
		status,
		downstreamStatus: text(fields.downstreamStatus),
		submittedAt: utc(submissionTime),
		statusUpdatedAt: utc(statusUpdateTime),
		submissionTime,
		statusUpdateTime,
		size: bytes(fields.fileSize),
		archiveFileName,
		archivePath: pathOf(orgId, application, subSpace && `${subSpace}${ARCHIVE_SUFFIX}`, archiveFileName),
		downloadable: String(fields.downloadable) === 'true',
	};
}

/** The first of the values that is a text and not blank. */
function text(...values: unknown[]): string | null {
	return values.find((value): value is string => typeof value === 'string' && value.trim() !== '') ?? null;
}

function pathOf(...parts: Array<string | null>): string | null {
	return parts.includes(null) ? null : parts.join('/');
}

function utc(time: string | null): string | null {
	return (time && parseDateTime(time, FILEX_TIME_ZONE)?.toISOString()) ?? null;
}

function bytes(value: unknown): number | null {
	const size = Number(value ?? NaN);
	return Number.isSafeInteger(size) && size >= 0 ? size : null;
}
