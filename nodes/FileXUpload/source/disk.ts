import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import type { IExecuteFunctions } from 'n8n-workflow';
import { inputError } from '../../../filex';
import { allowedPath, diskError } from '../../shared/disk';
import { parametersOf } from '../fields';
import type { SourceFile } from './source';

const FIELD = 'Path on Disk';

/** A file of the machine that runs n8n, read through n8n's own helper. */
export async function fromDisk(context: IExecuteFunctions, itemIndex: number): Promise<SourceFile> {
	const given = parametersOf(context, itemIndex).text('filePath');
	const path = await allowedPath(context, given, FIELD);
	const seen = await look(path);
	if (!seen.isFile()) throw inputError(FIELD, `'${path}' is not a file`, 'Name a file, not a folder.');
	return {
		// Of a link its own name, not that of what it leads to.
		fileName: basename(given),
		field: FIELD,
		size: seen.size,
		// It may be opened twice: to be compared with what was filed, and to be sent.
		async open() {
			await checkUnchanged(path, seen);
			return Readable.from(unchanged(await context.helpers.createReadStream(path), path, seen), { objectMode: false });
		},
	};
}

/** The same bytes; fails in place of ending where the file was written to meanwhile. Its last bytes go out after that only. */
async function* unchanged(stream: AsyncIterable<unknown>, path: string, seen: Stats): AsyncGenerator<unknown> {
	yield* stream;
	await checkUnchanged(path, seen);
}

async function checkUnchanged(path: string, seen: Stats): Promise<void> {
	const now = await look(path);
	if (now.size === seen.size && now.mtimeMs === seen.mtimeMs && now.ino === seen.ino) return;
	throw inputError(
		FIELD,
		`'${path}' changed while it was being submitted`,
		'Nothing was submitted. Let the step that writes the file finish first.',
	);
}

async function look(path: string): Promise<Stats> {
	return await stat(path).catch((error: unknown) => {
		throw diskError(error, path, FIELD);
	});
}
