import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, link, open, rename, rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { IExecuteFunctions } from 'n8n-workflow';
import { FileXError, inputError } from '../../../filex';
import { allowedFile, allowedPath, diskError, type ResolvedPath } from '../../shared/disk';
import { parametersOf } from '../fields';
import type { Destination } from './destination';
import { endOnError } from './end-on-error';
import { oneFileEach } from './one-file-each';
import { windowsObstacle } from './windows-name';

const FIELD = 'Folder';

/** On their disks, `A.pdf` and `a.pdf` are one file, unless they were set up otherwise. */
const IGNORES_CASE = ['win32', 'darwin'].includes(process.platform);

/** A folder of the machine that runs n8n. A file bears its name only once it is whole and on the disk. */
export function diskDestination(context: IExecuteFunctions): Destination {
	const keepApart = oneFileEach(FIELD);
	return {
		async prepare(file, itemIndex) {
			const { name } = file;
			const parameters = parametersOf(context, itemIndex);
			const overwrites = parameters.options.choice<'fail' | 'overwrite'>('ifFileExists') === 'overwrite';
			const folder = await allowedPath(context, parameters.text('folder'), FIELD);
			if (!(await stat(folder)).isDirectory())
				throw inputError(
					FIELD,
					`'${folder}', which '${FIELD}' names, is not a folder`,
					'Name a folder. The file keeps its name.',
				);
			const obstacle = process.platform === 'win32' ? windowsObstacle(name) : undefined;
			if (obstacle)
				throw inputError(
					FIELD,
					`'${name}' cannot be stored on this machine: ${obstacle}`,
					"Nothing was transferred. Choose 'Binary Data' or 'S3 Bucket' as 'Destination'.",
				);
			const path = await allowedFile(context, folder, name, FIELD);
			keepApart(IGNORES_CASE ? path.toLowerCase() : path, file);
			if (!overwrites && (await exists(path))) throw alreadyThere(path);
			// Two runs must not write into one file. The dot hides it from whoever collects what arrives.
			const part = await allowedFile(context, folder, `.filex-${randomUUID()}.part`, FIELD);
			return async ({ stream, saveTo }) => {
				try {
					await (saveTo ? saveTo(part) : write(context, part, stream));
					await (overwrites ? rename(part, path) : renameToFree(part, path));
					await syncFolder(folder);
					return { record: { savedTo: path } };
				} catch (error) {
					throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? alreadyThere(path) : diskError(error, path, FIELD);
				} finally {
					await rm(part, { force: true });
				}
			};
		},
		isLocal: async () => true,
		async close() {},
	};
}

/** Writes a new file, through n8n's own helper, and waits until it is on the disk. */
async function write(context: IExecuteFunctions, path: ResolvedPath, source: Readable): Promise<void> {
	const { stream, failure } = endOnError(source);
	await context.helpers.writeContentToFile(path, stream, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
	const error = failure();
	if (error) throw error;
	const handle = await open(path, 'r+');
	await handle.sync().finally(async () => await handle.close());
}

/** Waits until a name is on the disk, too, where the system can tell: not on Windows, nor on every network share. */
async function syncFolder(folder: string): Promise<void> {
	const handle = await open(folder, 'r').catch(() => undefined);
	await handle?.sync().catch(() => {});
	await handle?.close();
}

/** What file systems say that have no hard links. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** Gives a file a name that nothing else has. Fails with `EEXIST` where something has it. */
async function renameToFree(from: string, to: string): Promise<void> {
	await link(from, to).catch(async (error: NodeJS.ErrnoException) => {
		await (NO_LINKS.includes(error.code ?? '') ? renameToTaken(from, to) : Promise.reject(error));
	});
}

/** The same without links: an empty file that no one else has made takes the name first. */
async function renameToTaken(from: string, to: string): Promise<void> {
	await (await open(to, 'wx')).close();
	await rename(from, to).catch(async (error: unknown) => {
		await rm(to, { force: true });
		await Promise.reject(error);
	});
}

async function exists(path: string): Promise<boolean> {
	return await access(path).then(
		() => true,
		() => false,
	);
}

function alreadyThere(path: string): FileXError {
	return new FileXError('input', `'${path}' already exists, and 'If File Exists' is 'Fail'`, {
		hint: "It was left unchanged. Move it, choose another 'Folder', or set 'If File Exists' to 'Overwrite'.",
		retrySafe: false,
		field: FIELD,
	});
}
