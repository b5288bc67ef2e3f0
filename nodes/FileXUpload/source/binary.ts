import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { IExecuteFunctions } from 'n8n-workflow';
import type { LocalFile } from '../../../filex';
import { parametersOf } from '../fields';
import type { SourceFile } from './source';

/** The binary of an item, streamed from where n8n keeps it. */
export async function fromBinary(context: IExecuteFunctions, itemIndex: number): Promise<SourceFile> {
	const property = parametersOf(context, itemIndex).text('binaryPropertyName');
	const { id, fileName = '', data } = context.helpers.assertBinaryData(itemIndex, property);
	const field = 'Input Binary Field';
	if (id) {
		const { fileSize } = await context.helpers.getBinaryMetadata(id);
		const local = await localOf(context, id, fileSize, field);
		return { fileName, field, local, size: fileSize, open: async () => await context.helpers.getBinaryStream(id) };
	}
	const bytes = Buffer.from(data, 'base64');
	return { fileName, field, size: bytes.length, open: async () => Readable.from([bytes]) };
}

/** Where n8n keeps a binary on this machine; undefined where it keeps it elsewhere. */
async function localOf(
	context: IExecuteFunctions,
	id: string,
	size: number,
	field: string,
): Promise<LocalFile | undefined> {
	if (!id.startsWith('filesystem')) return undefined;
	const path = context.helpers.getBinaryPath(id);
	const seen = await stat(path).catch(() => undefined);
	return seen?.size === size ? { path, size, mtimeMs: seen.mtimeMs, ino: seen.ino, field } : undefined;
}
