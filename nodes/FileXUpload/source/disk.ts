import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { IExecuteFunctions } from 'n8n-workflow';
import { inputError, localContent } from '../../../filex';
import { allowedPath, diskError } from '../../shared/disk';
import { parametersOf } from '../fields';
import type { SourceFile } from './source';

const FIELD = 'Path on Disk';

/** A file of the machine that runs n8n, read through n8n's own helper. */
export async function fromDisk(context: IExecuteFunctions, itemIndex: number): Promise<SourceFile> {
	const given = parametersOf(context, itemIndex).text('filePath');
	const path = await allowedPath(context, given, FIELD);
	const seen = await stat(path).catch((error: unknown) => {
		throw diskError(error, path, FIELD);
	});
	if (!seen.isFile()) throw inputError(FIELD, `'${path}' is not a file`, 'Name a file, not a folder.');
	const { size, mtimeMs, ino } = seen;
	const local = { path, size, mtimeMs, ino, field: FIELD };
	return {
		// Of a link its own name, not that of what it leads to.
		fileName: basename(given),
		field: FIELD,
		local,
		...localContent(local, async () => await context.helpers.createReadStream(path)),
	};
}
