import type { FileSpace } from './space';
import { Patience, type PatienceOptions } from './util/patience';

/** The same space, but what changes nothing at fileX is tried again for half a minute while fileX is unavailable. */
export function patientSpace(space: FileSpace, options: PatienceOptions): FileSpace {
	const { uploadLimit, registersUploads, parallelUploads, uploadListing } = space;
	const patience = new Patience(options);
	return {
		uploadLimit,
		registersUploads,
		parallelUploads,
		...(space.uploadPlaces && { uploadPlaces: (size: number) => space.uploadPlaces!(size) }),
		uploadListing: { list: async (path, more) => await patience.run(async () => await uploadListing.list(path, more)) },
		...(space.rawXml && { rawXml: async (path: string) => await patience.run(async () => await space.rawXml!(path)) }),
		applications: async (orgId) => await patience.run(async () => await space.applications(orgId)),
		subSpaces: async (orgId, application) => await patience.run(async () => await space.subSpaces(orgId, application)),
		list: async (path, more) => await patience.run(async () => await space.list(path, more)),
		read: async (file, resume) => await patience.run(async () => await space.read(file, resume)),
		requestUpload: async (file) =>
			// Over REST each request is registered.
			registersUploads
				? await space.requestUpload(file)
				: await patience.run(async () => await space.requestUpload(file)),
		...(space.release && { release: async () => await space.release!() }),
		close: async () => await space.close(),
	};
}
