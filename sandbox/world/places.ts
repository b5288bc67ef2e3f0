import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface CatalogueApplication {
	name: string;
	subSpaces: Array<{ name: string; action: 'Upload' | 'Download' }>;
}

const { applications } = JSON.parse(
	readFileSync(join(__dirname, '..', '..', 'catalogue', 'applications.json'), 'utf8'),
) as { applications: CatalogueApplication[] };

/** What a sub-space is for: firms upload into it, download from it, or find there what they uploaded. */
export type Role = 'in' | 'out' | 'archive';

/** The applications of the guide's samples; only the account of those samples sees them. */
export const SAMPLE_APPLICATIONS = ['app1', 'app2'];

/** One to play with of the sub-spaces whose names FINRA makes as it goes (guide, section 9). */
const OPEN_NAME = 'equity';

const SUB_SPACES: Record<string, Record<string, Role>> = Object.fromEntries([
	...applications.map(({ name, subSpaces }) => [
		name,
		Object.fromEntries(subSpaces.flatMap(({ name: subSpace, action }) => rolesOf(subSpace, action))),
	]),
	...SAMPLE_APPLICATIONS.map((name) => [
		name,
		Object.fromEntries([...rolesOf('in', 'Upload'), ...rolesOf('out', 'Download')]),
	]),
]);

function rolesOf(subSpace: string, action: 'Upload' | 'Download'): Array<[string, Role]> {
	if (subSpace === '*') return [[OPEN_NAME, 'out']];
	return action === 'Upload'
		? [
				[subSpace, 'in'],
				[archiveOf(subSpace), 'archive'],
			]
		: [[subSpace, 'out']];
}

/** Every sub-space of every application, as `[application, subSpace]`. */
export function allSubSpaces(): Array<[application: string, subSpace: string]> {
	return Object.entries(SUB_SPACES).flatMap(([application, subSpaces]) =>
		Object.keys(subSpaces).map((subSpace): [string, string] => [application, subSpace]),
	);
}

/** What a sub-space is for. One that the guide does not name is one of FINRA's own for downloads. */
export function roleOf(application: string, subSpace: string): Role {
	return SUB_SPACES[application]?.[subSpace] ?? 'out';
}

/** The sub-space that keeps copies of what was uploaded into another (guide, section 9). */
export function archiveOf(subSpace: string): string {
	return `${subSpace}_arcv`;
}

/** Longest name of a file, in bytes. fileX's own limit is not known; this is what file systems take. */
const MAX_NAME_BYTES = 255;

/** Longest name of an upload: in the archive, the time and a `_` stand before it. */
const MAX_UPLOAD_NAME_BYTES = MAX_NAME_BYTES - 18;

/** Whether fileX takes a file under this name (guide, FAQ 5, and the accepted values of section 5.4.5). */
export function isUploadName(name: string): boolean {
	return /^[A-Za-z0-9:!@,&\-='_.]+$/.test(name) && name.length <= MAX_UPLOAD_NAME_BYTES && isFileName(name);
}

/** Whether a file can bear this name at all. FINRA's own files are not bound to the rule for uploads. */
export function isFileName(name: string): boolean {
	return (
		name !== '' &&
		name !== '.' &&
		name !== '..' &&
		!/[/\\]|\p{Cc}/u.test(name) &&
		Buffer.byteLength(name) <= MAX_NAME_BYTES
	);
}
