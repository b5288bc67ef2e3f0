import catalogue from '../../catalogue/applications.json';
import { ARCHIVE_SUFFIX } from './archive';

export type AllowedAction = 'Upload' | 'Download';

/** What section 9 of the fileX guide says of a sub-space. */
export interface SubSpaceFacts {
	action: AllowedAction;
	/** How long a file stays there, in the guide's words. */
	retention: string;
	note?: string;
}

interface CatalogueSubSpace extends SubSpaceFacts {
	name: string;
}

const applications = new Map(
	catalogue.applications.map((application) => [
		application.name,
		{ title: application.title, subSpaces: application.subSpaces as CatalogueSubSpace[] },
	]),
);

/** The application's full title, e.g. `eFOCUS` for `focus`; undefined where the guide has none. */
export function applicationTitle(application: string): string | undefined {
	return applications.get(application)?.title;
}

/**
 * What is known of a sub-space. The guide is asked first; every archive (`…_arcv`) is a download
 * space of 30 days. Undefined for places that the guide does not list.
 */
export function subSpaceFacts(application: string, subSpace: string): SubSpaceFacts | undefined {
	if (isArchive(subSpace)) return { action: 'Download', retention: '30 calendar days' };
	const known = applications.get(application)?.subSpaces ?? [];
	const facts = known.find(({ name }) => name === subSpace) ?? known.find(({ name }) => name === '*');
	if (!facts) return undefined;
	const { action, retention, note } = facts;
	return { action, retention, ...(note === undefined ? {} : { note }) };
}

/** Whether the guide names a sub-space of the application to upload into, or does not know the application. */
export function mayTakeUploads(application: string): boolean {
	const known = applications.get(application);
	return known === undefined || known.subSpaces.some(({ action }) => action === 'Upload');
}

export function isArchive(subSpace: string): boolean {
	return subSpace.endsWith(ARCHIVE_SUFFIX);
}

/**
 * Whether FINRA puts files for the firm there. An archive holds the firm's own uploads, so it is
 * none. Where neither the guide nor the listing (`writable`) tells, a name that does not look like
 * an upload space counts: watching one space too many costs a listing, one too few loses a report.
 */
export function isDeliverySpace(application: string, subSpace: string, writable?: boolean): boolean {
	if (isArchive(subSpace)) return false;
	const facts = subSpaceFacts(application, subSpace);
	if (facts) return facts.action === 'Download';
	if (writable !== undefined) return !writable;
	return !/^(in|incoming.*|.*_in)$/i.test(subSpace);
}
