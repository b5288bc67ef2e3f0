import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { FileXError, type FileXErrorKind, isFileXsOwn } from '../errors';
import { ARCHIVE_SUFFIX, parseArchivedName } from '../places/archive';
import { type FilePath, formatFile, formatSpace, type SpacePath } from '../places/paths';
import type { FileSpace, RemoteFile } from '../space';
import { FreshAnswers } from '../util/fresh-answers';
import type { ArchivedCopy, RegisterPart, Sighting, Unseen } from './sighting';
import type { Submission } from './submission';
import type { Snapshot, Tracking } from './tracking';

export interface RegisterOptions {
	/**
	 * Whether it may do without tracking where fileX refuses this account there: that is a part of REST, which a firm
	 * that sends over SFTP need not be able to use. What tracking shows are uploads over REST only.
	 */
	canMissTracking?: boolean;
	/** Whether it may do without tracking that gives no answer, too. */
	canLackTracking?: boolean;
}

/** What was seen of a place, or why nothing was. */
type Look<T> = { seen: T; unseen?: undefined } | { seen?: undefined; unseen: Omit<Unseen, 'part'> };

/** fileX itself says that this account may not look there, or that there is no such place. */
const CLOSED: FileXErrorKind[] = ['entitlement', 'not-found'];

/** This account cannot use REST at all. */
const NO_REST: FileXErrorKind[] = [...CLOSED, 'credentials'];

/** Nothing was learnt: the service, or what is on the way to it, gave no answer that counts. */
const UNANSWERED: FileXErrorKind[] = ['unavailable', 'unexpected-answer', 'busy'];

/**
 * fileX itself, as the register of who files what: its tracking, the upload sub-space, and the archive.
 * All senders share it, whoever they are. Senders of one run share its answers too.
 */
export class Register {
	private readonly tracking: FreshAnswers<Look<Snapshot>>;
	private readonly listings = new Map<string, FreshAnswers<Look<RemoteFile[]>>>();
	/** Places that the account may not look into: not asked for again. */
	private readonly closed = new Map<string, Look<never>>();

	constructor(
		tracking: Pick<Tracking, 'snapshot'>,
		private readonly space: Pick<FileSpace, 'list'>,
		private readonly options: RegisterOptions = {},
	) {
		this.tracking = new FreshAnswers(async () => await this.track(tracking));
	}

	/**
	 * What fileX shows of a file now. It is asked in the order in which a file moves (request, upload
	 * sub-space, archive), so that one on its way is met at least once.
	 *
	 * @throws FileXError where the account, the settings or the user end it
	 */
	async look(file: FilePath): Promise<Sighting> {
		const tracked = await this.tracking.ask();
		const archive = { ...file, subSpace: `${file.subSpace}${ARCHIVE_SUFFIX}` };
		const uploaded = await this.list(file);
		const archived = await this.list(archive);
		// Many files may ask together, and the lists be long: others must get on between two of them.
		await turnOfTheLoop();
		return {
			at: tracked.seen ? tracked.seen.at : Date.now(),
			submissions: tracked.seen?.submissions.filter((submission) => mayBeOf(submission, file)) ?? [],
			uploaded: uploaded.seen?.find(({ name }) => name === file.name),
			archived: (archived.seen ?? []).flatMap((copy) => copyOf(archive, file.name, copy)),
			unseen: [
				...unseenIn('tracking', tracked),
				...unseenIn('uploadSubSpace', uploaded),
				...unseenIn('archive', archived),
			],
		};
	}

	private async track(tracking: Pick<Tracking, 'snapshot'>): Promise<Look<Snapshot>> {
		const { canMissTracking = false, canLackTracking = false } = this.options;
		return await this.lookInto(
			'',
			canMissTracking ? NO_REST : [],
			async () => await tracking.snapshot(),
			canMissTracking && canLackTracking,
		);
	}

	private async list(space: SpacePath): Promise<Look<RemoteFile[]>> {
		const key = formatSpace(space);
		let listing = this.listings.get(key);
		if (!listing) {
			listing = new FreshAnswers(
				async () => await this.lookInto(key, CLOSED, async () => await this.space.list(space)),
			);
			this.listings.set(key, listing);
		}
		return await listing.ask();
	}

	/** @param closing kinds of errors by which a place is closed to this account @param mayLack whether no answer counts as that, too */
	private async lookInto<T>(
		key: string,
		closing: FileXErrorKind[],
		ask: () => Promise<T>,
		mayLack = false,
	): Promise<Look<T>> {
		const known = this.closed.get(key);
		if (known) return known;
		try {
			return { seen: await ask() };
		} catch (why) {
			if (!(why instanceof FileXError)) throw why;
			const { kind } = why;
			const isClosed = isFileXsOwn(why, closing);
			if (!isClosed && !UNANSWERED.includes(kind)) throw why;
			const look = { unseen: { isClosed: isClosed || mayLack, why } };
			// What is not there now may be there at the next look.
			if (isClosed && kind !== 'not-found') this.closed.set(key, look);
			return look;
		}
	}
}

function unseenIn(place: RegisterPart, { unseen }: Look<unknown>): Unseen[] {
	return unseen ? [{ part: place, ...unseen }] : [];
}

/**
 * Whether a submission is of this file, or may be: one whose place or name cannot be read as the guide gives it
 * (an encoded name, a path, another form of location) must not be taken for another's.
 */
function mayBeOf({ path, orgId, application, subSpace, fileName }: Submission, file: FilePath): boolean {
	if (path === formatFile(file)) return true;
	const isReadable = /^\d+$/.test(orgId ?? '') && [application, subSpace].every((name) => /^[\w-]+$/.test(name ?? ''));
	const isElsewhere =
		isReadable &&
		[orgId === file.orgId, same(application, file.application), same(subSpace, file.subSpace)].includes(false);
	return !isElsewhere && (fileName === null || same(lastPart(fileName), file.name));
}

function same(a: string | null, b: string): boolean {
	return a?.toLowerCase() === b.toLowerCase();
}

function lastPart(name: string): string {
	const last = name.split(/[/\\]/).at(-1)!;
	try {
		return decodeURIComponent(last);
	} catch {
		return last;
	}
}

function copyOf(archive: SpacePath, name: string, copy: RemoteFile): ArchivedCopy[] {
	// Most names in a large archive are not this one's: look at the end first.
	if (!copy.name.endsWith(name)) return [];
	const parsed = parseArchivedName(copy.name);
	// A name of another form than the guide's must not hide a filing: what stands before can only be a time.
	const isOwn = parsed
		? parsed.originalName === name
		: /^[\d:.TZ+_-]*(E[SD]T_)?$/.test(copy.name.slice(0, -name.length));
	if (!isOwn) return [];
	return [
		{
			path: formatFile({ ...archive, name: copy.name }),
			size: copy.size,
			at: (parsed?.uploadedAt ?? copy.lastModified).getTime(),
		},
	];
}
