import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import type { IExecuteFunctions } from 'n8n-workflow';
import { inputError, mapLimit } from '../../../filex';
import { allowedFile, allowedPath, diskError } from '../../shared/disk';
import { parametersOf } from '../fields';
import type { Inventory, OwnFile } from './inventory';

const FIELD = 'Folder';

/** Files that are looked at at a time. */
const AT_A_TIME = 16;

/** The files of a folder of the machine that runs n8n, read through n8n's own helper. */
export function diskInventory(context: IExecuteFunctions): Inventory {
	return {
		async of(itemIndex) {
			const folder = await allowedPath(context, parametersOf(context, itemIndex).text('folder'), FIELD);
			const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
				throw isNoFolder(error) ? notAFolder(folder) : diskError(error, folder, FIELD);
			});
			const files = await mapLimit(entries.filter(isFile), AT_A_TIME, async ({ name }) => {
				const path = await allowedFile(context, folder, name, FIELD);
				// What went away meanwhile is not here.
				const seen = await stat(path).catch((error: unknown) => {
					if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw diskError(error, path, FIELD);
				});
				if (!seen?.isFile()) return [];
				const { size } = seen;
				const open = async () => await context.helpers.createReadStream(path);
				return [{ name, size, where: path, content: { size, open } } as OwnFile];
			});
			return files.flat();
		},
		async close() {},
	};
}

/** A link's target may be outside of what n8n allows, and a name with a dot is how a file that is being written is hidden. */
function isFile(entry: Dirent): boolean {
	return entry.isFile() && !entry.name.startsWith('.');
}

function isNoFolder(error: unknown): boolean {
	return (error as NodeJS.ErrnoException).code === 'ENOTDIR';
}

function notAFolder(path: string): Error {
	return inputError(FIELD, `'${path}', which '${FIELD}' names, is not a folder`, 'Name a folder.');
}
