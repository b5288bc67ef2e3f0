import { type FileXError, isFileXsOwn } from '../errors';
import { ARCHIVE_SUFFIX } from '../places/archive';
import { formatSpace, type SpacePath } from '../places/paths';
import type { FileSpace, RemoteFile } from '../space';
import type { Submission } from '../submissions/submission';
import type { Tracking } from '../submissions/tracking';

export interface Listing {
	files: readonly RemoteFile[];
	/** Why the listing may lack something; undefined where it is whole. */
	incomplete?: FileXError;
}

/** The archive of an upload sub-space. */
export interface Archive {
	place: SpacePath;
	/** Undefined where fileX itself says that this account may not look there. */
	listing?: Listing;
	/** What fileX said. */
	closed?: FileXError;
}

/** What fileX shows to all expectations of one run: each place is asked once. */
export class ReconcilePlaces {
	private readonly listings = new Map<string, Promise<Listing>>();
	private tracked?: Promise<Submission[]>;

	constructor(
		private readonly space: Pick<FileSpace, 'list'>,
		private readonly tracking: Pick<Tracking, 'all'>,
	) {}

	/** @throws FileXError where the sub-space cannot be seen */
	async list(place: SpacePath): Promise<Listing> {
		const key = formatSpace(place);
		const known = this.listings.get(key) ?? this.look(place);
		this.listings.set(key, known);
		return await known;
	}

	/** All submissions of the last 90 days. @throws FileXError where tracking cannot be seen */
	async submissions(): Promise<Submission[]> {
		return await (this.tracked ??= this.tracking.all());
	}

	/** Where the archive of an upload sub-space is. */
	archivePlaceOf({ orgId, application, subSpace }: SpacePath): SpacePath {
		return { orgId, application, subSpace: `${subSpace}${ARCHIVE_SUFFIX}` };
	}

	/** @throws FileXError where the archive gives no answer of fileX's own */
	async archiveOf(upload: SpacePath): Promise<Archive> {
		const place = this.archivePlaceOf(upload);
		try {
			return { place, listing: await this.list(place) };
		} catch (error) {
			if (isFileXsOwn(error, ['entitlement'])) return { place, closed: error };
			throw error;
		}
	}

	private async look(place: SpacePath): Promise<Listing> {
		let incomplete: FileXError | undefined;
		const files = await this.space.list(place, { onUnreadable: (error) => (incomplete = error) });
		return { files, incomplete };
	}
}
