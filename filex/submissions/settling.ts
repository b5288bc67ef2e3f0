import type { RemoteFile } from '../space';
import { arrivedByOwn, isContended, isUnchanged, type SentFile, type Sighting, tracesOf } from './sighting';
import type { Submission } from './submission';
import { SETTLED_AFTER } from './timing';
import { sameTrackingId } from './tracking-id';

/** What shows that a file has arrived. */
export interface Arrival {
	trackingId?: string;
	submission?: Submission;
	/** Undefined before there is an archived copy. */
	archivePath?: string;
}

/**
 * Finds out what became of a file whose sending ended without an answer, look by look. It has arrived when
 * tracking says so, or two looks in a row show it and no one else can have sent it. It was not submitted
 * when for a while nothing of it is to be seen where files arrive.
 */
export class Settling {
	private clearSince?: number;
	private wasSeen = false;
	/** What lay in the upload sub-space at the last look. */
	private lying?: RemoteFile;

	/** @param isSame whether an archived copy holds the same bytes; undefined where no one can tell */
	constructor(
		private readonly sent: SentFile,
		private readonly isSame: (archivePath: string) => Promise<boolean | undefined>,
	) {}

	/** What is certain with this look, the latest one; undefined where nothing is yet. */
	async judge(seen: Sighting): Promise<Arrival | 'not-submitted' | undefined> {
		const { own, trackingId, archivedBefore: before, lookedAt } = this.sent;
		const tracked = arrivedByOwn(seen, { all: own });
		if (tracked) return { trackingId: tracked.trackingId, submission: tracked };
		// Without it no one knows who else has asked, and whose file it is that lies there.
		if (seen.unseen.some(({ part: place, isClosed }) => place === 'tracking' && !isClosed)) return this.noteNothing();
		const request = seen.submissions.find(
			(submission) => trackingId !== undefined && sameTrackingId(submission.trackingId, trackingId),
		);
		const since = request?.submittedAt ? Date.parse(request.submittedAt) : lookedAt;
		const { path, isDoubtful } = await this.traces(seen, since);
		// Where others have asked as well, only tracking can tell whose file it is; and they may have asked
		// while this look was running.
		const isOurs = path !== undefined && !isContended(seen, own, since);
		if (isOurs && this.wasSeen) return { trackingId, submission: request, archivePath: path || undefined };
		this.wasSeen = isOurs;
		const isKnown =
			(before !== undefined || !Number.isNaN(since)) &&
			!Number.isNaN(seen.at) &&
			(trackingId === undefined || request !== undefined);
		const isClear = path === undefined && !isDoubtful && seen.unseen.length === 0 && isKnown;
		// What grows or shrinks is being written.
		if (!isUnchanged(seen.uploaded, this.lying)) this.clearSince = undefined;
		this.lying = seen.uploaded;
		this.clearSince = isClear ? (this.clearSince ?? seen.at) : undefined;
		return isClear && seen.at - this.clearSince! >= SETTLED_AFTER ? 'not-submitted' : undefined;
	}

	/** The beginning of the file that lies in the upload sub-space, once it is certain that it was not submitted. */
	get leftover(): RemoteFile | undefined {
		return this.lying;
	}

	private noteNothing(): undefined {
		this.wasSeen = false;
		this.clearSince = undefined;
		return undefined;
	}

	/** Where the file is to be seen, and whether something else may be it. */
	private async traces(seen: Sighting, since: number): Promise<{ path?: string; isDoubtful: boolean }> {
		let isDoubtful = false;
		for (const { path, isCertain } of tracesOf(seen, this.sent, since)) {
			// Somebody else's file may be as large.
			const same = path === '' ? undefined : await this.isSame(path).catch(() => undefined);
			if (same === false) continue;
			if (isCertain) return { path, isDoubtful };
			isDoubtful = true;
		}
		return { isDoubtful };
	}
}
