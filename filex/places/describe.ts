import { parseArchivedName } from './archive';
import { isArchive, subSpaceFacts } from './catalogue';
import { formatFile, type SpacePath } from './paths';
import type { RemoteFile } from '../space';

/** A file as the nodes put it out. */
export type FileRecord = {
	name: string;
	/** `{orgId}/{application}/{subSpace}/{name}`. */
	path: string;
	/** Bytes. */
	size: number;
	/** ISO 8601, UTC. */
	lastModified: string;
	orgId: string;
	application: string;
	subSpace: string;
	/** Only where the access method tells. */
	writable?: boolean;
	/** What the guide allows there; null for places that it does not list. */
	allowedAction: string | null;
	retention: string | null;
	/** For a file in an archive: the name that it was uploaded under. */
	originalName?: string;
	/** For a file in an archive: when it was uploaded, ISO 8601, UTC. */
	uploadedAt?: string;
};

export function describeFile(space: SpacePath, file: RemoteFile): FileRecord {
	const { orgId, application, subSpace } = space;
	const facts = subSpaceFacts(application, subSpace);
	const archived = isArchive(subSpace) ? parseArchivedName(file.name) : undefined;
	return {
		name: file.name,
		path: formatFile({ ...space, name: file.name }),
		size: file.size,
		lastModified: file.lastModified.toISOString(),
		orgId,
		application,
		subSpace,
		...(file.writable === undefined ? {} : { writable: file.writable }),
		allowedAction: facts?.action ?? null,
		retention: facts?.retention ?? null,
		...(archived && {
			originalName: archived.originalName,
			uploadedAt: archived.uploadedAt.toISOString(),
		}),
	};
}
