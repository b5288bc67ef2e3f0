import { FileXError } from '../errors';
import { isDeliverySpace } from '../places/catalogue';
import { formatFile, formatSpace, type SpacePath } from '../places/paths';
import type { FileSpace, RemoteFile } from '../space';
import { mapLimit } from '../util/map-limit';
import type { SpaceListing } from './watch';

/** What a trigger watches. */
export type Scope =
	| { watch: 'organization'; orgId: string }
	| { watch: 'application'; orgId: string; application: string }
	| ({ watch: 'subSpace' } & SpacePath);

/** A scope as one word, for the cursor. */
export function scopeKey(scope: Scope): string {
	const { watch, ...path } = scope;
	return [watch, ...Object.values(path)].join(':');
}

export interface WatchedFile extends RemoteFile {
	/** `{orgId}/{application}/{subSpace}/{name}` */
	path: string;
	space: SpacePath;
}

export interface ScopeListing {
	listings: Array<SpaceListing<WatchedFile>>;
	/** Why sub-spaces in scope could not be listed. */
	failures: FileXError[];
	/** What could not be used in those that were. */
	unreadable: FileXError[];
}

/** Sub-spaces that are listed at a time, on one connection. */
const PARALLEL = 8;

/**
 * Lists every sub-space in scope. One that fails does not hide the others. Below what the user named,
 * an application or sub-space that the account may not open is passed over: it is not watched until
 * the entitlement is there, and then its files are new. Nothing to watch at all is a failure.
 */
export async function listScope(files: FileSpace, scope: Scope): Promise<ScopeListing> {
	const { watch, orgId } = scope;
	const result: ScopeListing = { listings: [], failures: [], unreadable: [] };
	const passedOver: FileXError[] = [];
	const attempt = async <T>(mayPassOver: boolean, work: () => Promise<T[]>): Promise<T[]> => {
		try {
			return await work();
		} catch (error) {
			if (!(error instanceof FileXError)) throw error;
			(mayPassOver && error.kind === 'entitlement' ? passedOver : result.failures).push(error);
			return [];
		}
	};

	const applications =
		watch === 'organization'
			? await attempt(false, async () => (await files.applications(orgId)).map(({ name }) => name))
			: [scope.application];
	const spaces = await mapLimit(applications, PARALLEL, async (application) => {
		if (watch === 'subSpace') return [{ orgId, application, subSpace: scope.subSpace }];
		return await attempt(watch === 'organization', async () =>
			(await files.subSpaces(orgId, application))
				.filter(({ name, writable }) => isDeliverySpace(application, name, writable))
				.map(({ name }) => ({ orgId, application, subSpace: name })),
		);
	});
	const listings = await mapLimit(
		spaces.flat(),
		PARALLEL,
		async (space) =>
			await attempt(watch !== 'subSpace', async () => [
				{ space: formatSpace(space), files: await watchedFiles(files, space, result.unreadable) },
			]),
	);
	result.listings.push(...listings.flat());
	if (result.listings.length === 0 && result.failures.length === 0) {
		result.failures.push(passedOver[0] ?? nothingToWatch(scope));
	}
	return result;
}

async function watchedFiles(files: FileSpace, space: SpacePath, unreadable: FileXError[]): Promise<WatchedFile[]> {
	return (await files.list(space, { onUnreadable: (error) => unreadable.push(error) })).map((file) => ({
		...file,
		space,
		path: formatFile({ ...space, name: file.name }),
	}));
}

function nothingToWatch(scope: Scope): FileXError {
	const place = scope.watch === 'organization' ? `organization '${scope.orgId}'` : `application '${scope.application}'`;
	return new FileXError('not-found', `There is no download sub-space in ${place} for this account`, {
		hint: 'Choose another application, or watch one sub-space by its name. If there should be one, ask FINRA (800-321-6273) for the entitlement.',
		field: 'Application',
		retrySafe: true,
	});
}
