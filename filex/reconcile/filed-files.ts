import { parseArchivedName } from '../places/archive';
import { formatFile, type SpacePath } from '../places/paths';
import type { RemoteFile } from '../space';
import { type Decision, isArrived, isDecided, stateOf } from '../submissions/state';
import type { Submission } from '../submissions/submission';
import { GRACE } from '../submissions/timing';

/** A file that FINRA has received from the firm, as tracking or the archive shows it. */
export interface FiledFile {
	fileName: string;
	/** Null for one that tracking does not know: over SFTP or S3 Direct, or older than 90 days. */
	trackingId: string | null;
	/** Null where no copy is known. */
	archivePath: string | null;
	/** When the upload was asked for, or of one that tracking does not know, when the file arrived. ISO 8601, UTC; null where no time can be read. */
	submittedAt: string | null;
	/** When the file arrived, as the name of its copy tells; of one without a copy, when it was asked for. As above. */
	filedAt: string | null;
	/** Null where tracking does not say. */
	userName: string | null;
	/** Bytes; null where neither tracking nor a listing says. */
	size: number | null;
	status: string | null;
	downstreamStatus: string | null;
	decision: Decision | 'undecided';
}

/** What fileX shows of a sub-space that the firm uploads into. */
export interface FiledPlaces {
	/** Undefined where tracking was not asked. */
	submissions?: readonly Submission[];
	/** What lies in the archive; undefined where the account may not look there. */
	archived?: readonly RemoteFile[];
}

export interface FiledPlace {
	/** The upload sub-space. */
	space: SpacePath;
	/** Its archive. */
	archive: SpacePath;
	fits: (fileName: string) => boolean;
}

/** Files of a name that were filed. One that both tracking and the archive show is one file. */
export function filedFiles({ submissions = [], archived = [] }: FiledPlaces, place: FiledPlace): FiledFile[] {
	const tracked = submissions.filter((submission) => isOf(submission, place) && isArrived(submission));
	const named = new Set(tracked.map(({ archivePath }) => archivePath));
	const copies = archived.flatMap((file) => copyOf(file, place));
	const untracked = new Set(copies.filter(({ path }) => !named.has(path)));
	const filed = [...tracked]
		.sort((a, b) => timeOf(a) - timeOf(b))
		.map((submission) => {
			const copy = copies.find((each) => each.path === submission.archivePath) ?? takeCopy(submission, untracked);
			return ofSubmission(submission, copy);
		});
	return [...filed, ...[...untracked].map(ofCopy)];
}

/** Names of files that an upload was asked for, and that have not arrived. */
export function requestedFiles({ submissions = [] }: FiledPlaces, place: FiledPlace): Submission[] {
	return submissions.filter((submission) => isOf(submission, place) && !isArrived(submission));
}

function isOf({ orgId, application, subSpace, fileName }: Submission, { space, fits }: FiledPlace): boolean {
	return (
		orgId === space.orgId &&
		application === space.application &&
		subSpace === space.subSpace &&
		fileName !== null &&
		fits(fileName)
	);
}

interface Copy {
	path: string;
	fileName: string;
	size: number;
	at: number;
}

function copyOf({ name, size }: RemoteFile, { archive, fits }: FiledPlace): Copy[] {
	// To read its time takes long, and most copies are of other files.
	if (!fits(name.slice(name.indexOf('_') + 1))) return [];
	const parsed = parseArchivedName(name);
	if (!parsed) return [];
	const path = formatFile({ ...archive, name });
	return [{ path, fileName: parsed.originalName, size, at: parsed.uploadedAt.getTime() }];
}

/** Takes the copy of a submission that tracking names none of: the first of its name and size that came after it. */
function takeCopy({ archivePath, fileName, size, ...submission }: Submission, untracked: Set<Copy>): Copy | undefined {
	if (archivePath !== null) return undefined;
	const since = timeOf(submission) - GRACE;
	const [copy] = [...untracked]
		.filter((each) => each.fileName === fileName && (size ?? each.size) === each.size && !(each.at < since))
		.sort((a, b) => a.at - b.at);
	if (copy) untracked.delete(copy);
	return copy;
}

function ofSubmission(submission: Submission, copy: Copy | undefined): FiledFile {
	const { trackingId, archivePath, submittedAt, userName, size, status, downstreamStatus } = submission;
	const state = stateOf(submission);
	const arrivedAt = copy?.at ?? timeInName(archivePath);
	// The hour that clocks show twice is read as its first pass: no file arrives before it is asked for.
	const filedAt = arrivedAt === undefined ? timeOf(submission) : Math.max(arrivedAt, timeOf(submission) || -Infinity);
	return {
		fileName: submission.fileName!,
		trackingId,
		archivePath: archivePath ?? copy?.path ?? null,
		submittedAt: submittedAt ?? (copy ? new Date(copy.at).toISOString() : null),
		filedAt: Number.isNaN(filedAt) ? null : new Date(filedAt).toISOString(),
		userName,
		size: size ?? copy?.size ?? null,
		status,
		downstreamStatus,
		decision: isDecided(state) ? state : 'undecided',
	};
}

/** In ms; undefined where a copy's name tells no time. @param archivePath null where it is not known */
function timeInName(archivePath: string | null): number | undefined {
	return archivePath === null
		? undefined
		: parseArchivedName(archivePath.slice(archivePath.lastIndexOf('/') + 1))?.uploadedAt.getTime();
}

function ofCopy({ path, fileName, size, at }: Copy): FiledFile {
	const arrivedAt = new Date(at).toISOString();
	return {
		fileName,
		trackingId: null,
		archivePath: path,
		submittedAt: arrivedAt,
		filedAt: arrivedAt,
		userName: null,
		size,
		status: null,
		downstreamStatus: null,
		decision: 'undecided',
	};
}

/** In ms; NaN where it cannot be read. */
function timeOf({ submittedAt }: Pick<Submission, 'submittedAt'>): number {
	return Date.parse(submittedAt ?? '');
}
