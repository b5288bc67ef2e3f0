import { FileXError } from './errors';
import { type FilePath, formatSpace, type SpacePath } from './places/paths';
import type { FileSpace, RemoteDirectory } from './space';
import { shorten } from './util/shorten';

/**
 * The same space, but "not found" says which part of the path is wrong and what there is instead.
 * Costs nothing until something is missing.
 */
export function explainMissing(space: FileSpace): FileSpace {
	const { uploadLimit, registersUploads, parallelUploads, uploadListing } = space;
	return {
		uploadLimit,
		registersUploads,
		parallelUploads,
		...(space.uploadPlaces && { uploadPlaces: (size: number) => space.uploadPlaces!(size) }),
		uploadListing,
		...(space.rawXml && { rawXml: async (path: string) => await space.rawXml!(path) }),
		applications: async (orgId) =>
			await explained(space.applications(orgId), async () => ({
				field: 'Organization ID',
				message: `There is no organization '${orgId}' for this account at fileX`,
				hint: 'Check the organization ID, leading zeros included. To act for another organization, your account must be entitled to it.',
			})),
		subSpaces: async (orgId, application) =>
			await explained(space.subSpaces(orgId, application), async () => {
				const names = await namesOf(space.applications(orgId));
				return names && missing('Application', application, `organization '${orgId}'`, names);
			}),
		list: async (path, options) =>
			await explained(space.list(path, options), async () => await missingSpace(space, path)),
		read: async (file, resume) => await explained(space.read(file, resume), async () => await missingFile(space, file)),
		requestUpload: async (file) =>
			await explained(space.requestUpload(file), async () => await notWritable(space, file)),
		...(space.release && { release: async () => await space.release!() }),
		close: async () => await space.close(),
	};
}

interface Explanation {
	field?: string;
	message: string;
	hint: string;
}

/** @param explain undefined where the listings that would tell cannot be had: then the first answer stands as it is */
async function explained<T>(call: Promise<T>, explain: () => Promise<Explanation | undefined>): Promise<T> {
	try {
		return await call;
	} catch (error) {
		if (!(error instanceof FileXError) || error.kind !== 'not-found') throw error;
		const explanation = await explain();
		if (!explanation) throw error;
		const { message, ...details } = explanation;
		throw new FileXError('not-found', message, {
			...details,
			retrySafe: error.retrySafe,
			httpStatus: error.httpStatus,
		});
	}
}

async function missingSpace(space: FileSpace, path: SpacePath): Promise<Explanation | undefined> {
	const { orgId, application, subSpace } = path;
	const applications = await namesOf(space.applications(orgId));
	// Whoever is entitled to parts only may see an application that it cannot list.
	if (applications && applications.length > 0 && !applications.includes(application)) {
		return missing('Application', application, `organization '${orgId}'`, applications);
	}
	const subSpaces = await namesOf(space.subSpaces(orgId, application));
	return subSpaces && missing('Sub-Space', subSpace, `application '${application}' of '${orgId}'`, subSpaces);
}

/** Checks that there is such a sub-space, and that it takes uploads as far as its listing tells. */
export async function checkUploadSpace(space: FileSpace, path: SpacePath): Promise<void> {
	const subSpaces = await space.subSpaces(path.orgId, path.application);
	const found = subSpaces.find(({ name }) => name === path.subSpace);
	if (found && found.writable !== false) return;
	const { message, ...details } =
		(await notWritable(space, path)) ??
		missing('Sub-Space', path.subSpace, `application '${path.application}' of '${path.orgId}'`, []);
	throw new FileXError('not-found', message, { ...details, retrySafe: true });
}

async function notWritable(space: FileSpace, path: SpacePath): Promise<Explanation | undefined> {
	const { orgId, application, subSpace } = path;
	const subSpaces = await space.subSpaces(orgId, application).catch(() => undefined);
	if (!subSpaces?.some(({ name }) => name === subSpace)) return await missingSpace(space, path);
	const writable = subSpaces.filter((each) => each.writable).map(({ name }) => name);
	return {
		field: 'Sub-Space',
		message: `Nothing can be uploaded into '${formatSpace(path)}'`,
		hint:
			writable.length > 0
				? `Upload sub-spaces of '${application}' for this account: ${listed(writable)}. Nothing was submitted.`
				: `'${application}' has no upload sub-space for this account. Nothing was submitted. Ask FINRA (800-321-6273) for the entitlement.`,
	};
}

async function missingFile(space: FileSpace, file: FilePath): Promise<Explanation | undefined> {
	const { name, ...path } = file;
	try {
		await space.list(path);
	} catch (error) {
		return isNoPlace(error) ? await missingSpace(space, path) : undefined;
	}
	return {
		message: `There is no file '${name}' in '${formatSpace(path)}'`,
		hint: 'Check the spelling; letter case matters. Files leave a download sub-space after 30 calendar days.',
	};
}

function missing(field: string, name: string, place: string, names: string[]): Explanation {
	return {
		field,
		message: `There is no ${field.toLowerCase()} '${name}' in ${place} for this account`,
		hint:
			names.length > 0
				? `This account sees: ${listed(names)}. Pick one from the list; letter case matters. If it should be there, ask FINRA (800-321-6273) for the entitlement.`
				: 'This account sees none there. Ask FINRA (800-321-6273) for the entitlement.',
	};
}

/** Undefined where they cannot be listed. */
async function namesOf(listing: Promise<RemoteDirectory[]>): Promise<string[] | undefined> {
	try {
		return (await listing).map(({ name }) => name).sort();
	} catch (error) {
		return isNoPlace(error) ? [] : undefined;
	}
}

/** Whether there is nothing that this account could see, as far as fileX says. */
function isNoPlace(error: unknown): boolean {
	return error instanceof FileXError && (error.kind === 'not-found' || error.kind === 'entitlement');
}

/** How many names a hint has at most. */
const MOST_NAMES = 30;

/** Names fit for a hint: an organization may have any number of them, each of any length. */
function listed(names: string[]): string {
	const shown = names
		.slice(0, MOST_NAMES)
		.map((name) => shorten(name, 60))
		.join(', ');
	return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}
