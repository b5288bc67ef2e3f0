import { isDeliverySpace } from '../catalogue';
import { FileXError } from '../errors';
import { formatFile, formatSpace, type SpacePath } from '../names';
import type { FileSpace, RemoteFile } from '../space';

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
	listings: Array<{ space: string; files: WatchedFile[] }>;
	/** Why sub-spaces in scope could not be listed. */
	failures: FileXError[];
}

/**
 * Lists every sub-space in scope. One that fails does not hide the others. In a wider scope, an
 * application or sub-space that the account may not open is passed over: it is not watched until
 * the entitlement is there, and then its files are new.
 */
export async function listScope(files: FileSpace, scope: Scope): Promise<ScopeListing> {
	const result: ScopeListing = { listings: [], failures: [] };
	const attempt = async (work: () => Promise<void>): Promise<void> => {
		try {
			await work();
		} catch (error) {
			if (!(error instanceof FileXError)) throw error;
			const passOver = scope.watch !== 'subSpace' && error.kind === 'entitlement';
			if (!passOver) result.failures.push(error);
		}
	};
	const listSpace = async (space: SpacePath) => {
		const listed = await files.list(space);
		result.listings.push({
			space: formatSpace(space),
			files: listed.map((file) => ({ ...file, space, path: formatFile({ ...space, name: file.name }) })),
		});
	};
	await attempt(async () => {
		for (const application of await applicationsIn(files, scope)) {
			await attempt(async () => {
				for (const space of await subSpacesIn(files, scope, application)) {
					await attempt(async () => await listSpace(space));
				}
			});
		}
	});
	return result;
}

async function applicationsIn(files: FileSpace, scope: Scope): Promise<string[]> {
	if (scope.watch !== 'organization') return [scope.application];
	return (await files.applications(scope.orgId)).map(({ name }) => name);
}

async function subSpacesIn(files: FileSpace, scope: Scope, application: string): Promise<SpacePath[]> {
	const { orgId } = scope;
	if (scope.watch === 'subSpace') return [{ orgId, application, subSpace: scope.subSpace }];
	return (await files.subSpaces(orgId, application))
		.filter(({ name, writable }) => isDeliverySpace(application, name, writable))
		.map(({ name }) => ({ orgId, application, subSpace: name }));
}
