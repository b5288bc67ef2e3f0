import { inputError } from '../errors';
import { shorten } from '../util/shorten';

/** The label of the field that takes a whole path. */
const PATH_FIELD = 'File Path';

/** A sub-space of one application of one organization: `{orgId}/{application}/{subSpace}`. */
export interface SpacePath {
	orgId: string;
	application: string;
	subSpace: string;
}

/** A file in a sub-space. */
export interface FilePath extends SpacePath {
	name: string;
}

/** `{orgId}/{application}/{subSpace}` */
export function formatSpace({ orgId, application, subSpace }: SpacePath): string {
	return `${orgId}/${application}/${subSpace}`;
}

/** `{orgId}/{application}/{subSpace}/{name}` */
export function formatFile(file: FilePath): string {
	return `${formatSpace(file)}/${file.name}`;
}

/** Checks an organization ID: digits only, leading zeros kept (guide, section 5.4.1). */
export function checkOrgId(value: string, field = 'Organization ID'): string {
	const orgId = value.trim();
	if (/^[0-9]+$/.test(orgId)) return orgId;
	throw inputError(
		field,
		orgId === '' ? `'${field}' is empty` : `'${field}' must hold digits only, but it is '${shorten(orgId)}'`,
		'Enter the number that FINRA gave your organization, with its leading zeros, e.g. 0001 or 888888.',
	);
}

/** Checks the name of an application or a sub-space as a path segment. */
export function checkSegment(value: string, field: string): string {
	const segment = value.trim();
	if (/^[A-Za-z0-9_-]+$/.test(segment)) return segment;
	throw inputError(
		field,
		segment === ''
			? `'${field}' is empty`
			: `'${field}' may hold letters, digits, '_' and '-' only, but it is '${shorten(segment)}'`,
		'Pick it from the list, or type the short name that section 9 of the fileX guide uses, e.g. crd and reports.',
	);
}

/**
 * Checks the name of a file that is to be read. FINRA names those files, so anything goes that is
 * one path segment; but fileX ignores all that follows a '#' and would hand out another file
 * (guide, FAQ 5).
 */
export function checkReadableFileName(value: string, field = 'File Name'): string {
	const reason = unreadable(value);
	if (!reason) return value;
	const what = field === PATH_FIELD ? "'path'" : "'name', without folders,";
	throw inputError(field, `'${field}' ${reason}`, `Use the ${what} exactly as the listing gives it.`);
}

/** Longest name of an upload: S3 keys and most file systems end there, once the archive's time stands before it. */
const MAX_UPLOAD_NAME = 255 - '20190322190521330_'.length;

/** Checks the name that a file is to be uploaded under (guide, section 5.4.5 and FAQ 5). */
export function checkUploadFileName(name: string, field = 'File Name'): string {
	const reason = unfit(name);
	if (!reason) return name;
	throw inputError(
		field,
		`'${field}' ${reason}`,
		"fileX accepts letters, digits and . : ! @ , & - = ' _ in names. Rename the file, or give another name here: FINRA's application may require a certain name.",
	);
}

function unfit(name: string): string | undefined {
	const reason = unreadable(name);
	if (reason) return reason.replace('would take another file', 'would file it under another name');
	const foreign = [...new Set(name.replace(/[A-Za-z0-9.:!@,&\-='_]/g, ''))];
	if (foreign.length > 0)
		return `holds ${foreign.map(quoted).join(', ')}, which fileX does not take ('${shorten(name)}')`;
	return name.length > MAX_UPLOAD_NAME ? `is longer than ${MAX_UPLOAD_NAME} characters` : undefined;
}

function quoted(character: string): string {
	return character === ' ' ? 'a space' : `'${character}'`;
}

function unreadable(name: string): string | undefined {
	if (name === '') return 'is empty';
	if (name.includes('#')) {
		return `holds a '#' ('${shorten(name)}'): fileX ignores everything after it and would take another file`;
	}
	if (name === '.' || name === '..') return `is '${name}', which is not a file`;
	if (/[/\\]/.test(name)) return `holds a slash ('${shorten(name)}'): it must be one name, not a path`;
	// eslint-disable-next-line no-control-regex
	if (/[\u0000-\u001f\u007f]/.test(name)) return 'holds a control character';
	if (Buffer.byteLength(name) > 1024) return 'is longer than 1,024 bytes';
	return undefined;
}

/**
 * Reads what a user gives for a file: `0001/crd/reports/a.pdf`, the same with a leading slash, or
 * fileX's own URL of it.
 */
export function parseFilePath(value: string, field = PATH_FIELD): FilePath {
	const [orgId = '', application = '', subSpace = '', ...rest] = segments(value, field);
	if (rest.length !== 1) {
		throw inputError(
			field,
			`'${field}' must name an organization, an application, a sub-space and a file, but it is '${shorten(value)}'`,
			"Write it as {orgId}/{application}/{sub-space}/{file}, e.g. 0001/crd/reports/report.pdf, or take the 'path' of a listed file.",
		);
	}
	return {
		orgId: checkOrgId(orgId, field),
		application: checkSegment(application, field),
		subSpace: checkSegment(subSpace, field),
		name: checkReadableFileName(rest[0]!, field),
	};
}

function segments(value: string, field: string): string[] {
	const text = value.trim();
	const url = /^https?:\/\/[^/]+\/files\/([^?]*)/i.exec(text);
	if (!url) return text.replace(/^\/+/, '').split('/');
	try {
		return url[1]!.split('/').map(decodeURIComponent);
	} catch {
		throw inputError(
			field,
			`'${field}' is a URL with a broken % sequence`,
			'Paste the URL again, or write {orgId}/{application}/{sub-space}/{file}.',
		);
	}
}
