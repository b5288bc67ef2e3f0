import { join } from 'node:path';
import type { IExecuteFunctions } from 'n8n-workflow';
import { FileXError, inputError } from '../../filex';
import { fileHelpersOf } from './n8n-has';

/** A path as n8n's file helpers take it. */
export type ResolvedPath = Awaited<ReturnType<IExecuteFunctions['helpers']['resolvePath']>>;

/**
 * A path on the disk of the machine that runs n8n, resolved and allowed by n8n's own restrictions.
 *
 * @param field that gave it, to be named in errors
 */
export async function allowedPath(context: IExecuteFunctions, path: string, field: string): Promise<ResolvedPath> {
	if (path === '') throw inputError(field, `'${field}' is empty`, 'Enter a path on the machine that runs n8n.');
	const helpers = fileHelpersOf(context);
	if (!helpers) throw tooOld(field);
	let resolved: ResolvedPath;
	try {
		resolved = await helpers.resolvePath(path);
	} catch (error) {
		throw diskError(error, path, field);
	}
	return await allowed(context, resolved, path, field);
}

function tooOld(field: string): FileXError {
	return inputError(
		field,
		`This version of n8n does not let nodes look up a path, which '${field}' needs`,
		"Nothing was transferred. Update n8n, or use n8n's binary data or an S3 bucket in place of the disk.",
	);
}

/** A file of an allowed folder, whether it is there or not. */
export async function allowedFile(
	context: IExecuteFunctions,
	folder: ResolvedPath,
	name: string,
	field: string,
): Promise<ResolvedPath> {
	const path = join(folder, name);
	return await allowed(context, path as ResolvedPath, path, field);
}

async function allowed(
	context: IExecuteFunctions,
	path: ResolvedPath,
	shown: string,
	field: string,
): Promise<ResolvedPath> {
	if (!(await context.helpers.isFilePathBlocked(path))) return path;
	throw inputError(
		field,
		`n8n does not let workflows use '${shown}', which '${field}' names`,
		"The n8n administrator sets the folders that workflows may use with N8N_RESTRICT_FILE_ACCESS_TO. The default is .n8n-files in n8n's home folder. Nothing was transferred.",
	);
}

/** What an error of the disk means. */
export function diskError(error: unknown, path: string, field: string): unknown {
	const { code } = error as NodeJS.ErrnoException;
	if (code === undefined || !(code in REASONS)) return error;
	const { reason, hint } = REASONS[code]!;
	if (code === 'ENOSPC' || code === 'EDQUOT')
		return new FileXError('unavailable', `'${path}' could not be written: ${reason}`, { hint, retrySafe: true, field });
	return inputError(field, `'${path}', which '${field}' names, cannot be used: ${reason}`, hint);
}

const PERMISSION = {
	reason: 'n8n has no permission',
	hint: 'Give the user that runs n8n permission. In a container, check how the folder is mounted.',
};
const FULL = {
	reason: 'the disk is full',
	hint: 'No part of the file remains. Free some space, then run this again; that is safe.',
};

const REASONS: Record<string, { reason: string; hint: string }> = {
	ENOENT: {
		reason: 'it does not exist',
		hint: 'Check the path as n8n sees it; in a container, the path inside it. n8n does not create folders here.',
	},
	ENOTDIR: { reason: 'a part of it is a file, not a folder', hint: 'Check the path.' },
	EISDIR: { reason: 'it is a folder', hint: 'Name a file.' },
	EACCES: PERMISSION,
	EPERM: PERMISSION,
	EROFS: { reason: 'the disk is read-only', hint: 'In a container, check how the folder is mounted.' },
	ENAMETOOLONG: { reason: 'the name is too long for this disk', hint: 'Use a shorter folder.' },
	ENOSPC: FULL,
	EDQUOT: FULL,
};
