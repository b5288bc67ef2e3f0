import { ARCHIVE_SUFFIX, parseArchivedName } from '../archive';
import { FileXError, isPassing } from '../errors';
import { FreshAnswers } from '../fresh-answers';
import { formatFile, formatSpace, type FilePath, type SpacePath } from '../names';
import type { FileSpace, RemoteFile } from '../space';
import type { ArchivedCopy, Place, Sighting } from './sighting';
import type { Snapshot, Tracking } from './tracking';

export interface RegisterOptions {
	/**
	 * Whether it may do without tracking where that cannot be asked: it is a part of REST, which a firm that
	 * sends over SFTP need not be able to use. What it shows are uploads over REST only.
	 */
	canMissTracking?: boolean;
}

/**
 * fileX itself, as the register of who files what: its tracking, the upload sub-space, and the archive.
 * All senders share it, whoever they are. Senders of one run share its answers too.
 */
export class Register {
	private readonly tracking: FreshAnswers<Snapshot | undefined>;
	private isTracking: 'unknown' | 'unwell' | 'yes' | 'no' = 'unknown';
	private readonly listings = new Map<string, FreshAnswers<RemoteFile[] | undefined>>();
	/** Sub-spaces that the account may not list: not asked for again. */
	private readonly closed = new Set<string>();

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
	 */
	async look(file: FilePath): Promise<Sighting> {
		const tracked = await this.tracking.ask();
		const path = formatFile(file);
		const archive = { ...file, subSpace: `${file.subSpace}${ARCHIVE_SUFFIX}` };
		const uploaded = await this.list(file);
		const archived = await this.list(archive);
		const hidden: Place[] = [];
		if (!tracked) hidden.push('tracking');
		if (!uploaded) hidden.push('uploadSubSpace');
		if (!archived) hidden.push('archive');
		return {
			at: tracked ? tracked.at : Date.now(),
			submissions: tracked?.submissions.filter((each) => each.path === path) ?? [],
			uploaded: uploaded?.find(({ name }) => name === file.name),
			archived: (archived ?? []).flatMap((copy) => copyOf(archive, file.name, copy)),
			hidden,
		};
	}

	/** Undefined where tracking cannot be asked and need not be. */
	private async track(tracking: Pick<Tracking, 'snapshot'>): Promise<Snapshot | undefined> {
		if (this.isTracking === 'no') return undefined;
		try {
			const snapshot = await tracking.snapshot().catch(nothingTracked);
			this.isTracking = 'yes';
			return snapshot;
		} catch (error) {
			// Where it has answered once, what keeps it from answering again passes.
			const isStopped = error instanceof FileXError && error.kind === 'cancelled';
			if (!this.options.canMissTracking || this.isTracking === 'yes' || isStopped) throw error;
			// One that answers is there, and only unwell for a moment, perhaps.
			const isUnwell = isPassing(error) && error.httpStatus !== undefined && this.isTracking === 'unknown';
			this.isTracking = isUnwell ? 'unwell' : 'no';
			return await this.track(tracking);
		}
	}

	/** Undefined where the account may not look, or there is no such place. */
	private async list(space: SpacePath): Promise<RemoteFile[] | undefined> {
		const key = formatSpace(space);
		if (this.closed.has(key)) return undefined;
		let listing = this.listings.get(key);
		if (!listing) {
			listing = new FreshAnswers(async () => await this.listIfAllowed(space, key));
			this.listings.set(key, listing);
		}
		return await listing.ask();
	}

	private async listIfAllowed(space: SpacePath, key: string): Promise<RemoteFile[] | undefined> {
		try {
			return await this.space.list(space);
		} catch (error) {
			if (!(error instanceof FileXError) || !['entitlement', 'not-found'].includes(error.kind)) throw error;
			// What is not there now may be there at the next look.
			if (error.kind === 'entitlement') this.closed.add(key);
			return undefined;
		}
	}
}

/** Tracking may answer so where there is no submission at all. */
function nothingTracked(error: unknown): Snapshot {
	if (error instanceof FileXError && error.httpStatus === 404) return { submissions: [], at: NaN };
	throw error;
}

function copyOf(archive: SpacePath, name: string, copy: RemoteFile): ArchivedCopy[] {
	// Most names in a large archive are not this one's: look at the end first.
	const parsed = copy.name.endsWith(`_${name}`) ? parseArchivedName(copy.name) : undefined;
	if (parsed?.originalName !== name) return [];
	return [{ path: formatFile({ ...archive, name: copy.name }), size: copy.size, at: parsed.uploadedAt.getTime() }];
}
