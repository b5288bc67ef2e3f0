import { Readable } from 'node:stream';
import type { IExecuteFunctions } from 'n8n-workflow';
import { parametersOf } from '../fields';
import type { SourceFile } from './source';

/** The binary of an item, streamed from where n8n keeps it. */
export async function fromBinary(context: IExecuteFunctions, itemIndex: number): Promise<SourceFile> {
	const property = parametersOf(context, itemIndex).text('binaryPropertyName');
	const { id, fileName = '', data } = context.helpers.assertBinaryData(itemIndex, property);
	const field = 'Input Binary Field';
	if (id) {
		const { fileSize } = await context.helpers.getBinaryMetadata(id);
		return { fileName, field, size: fileSize, open: async () => await context.helpers.getBinaryStream(id) };
	}
	const bytes = Buffer.from(data, 'base64');
	return { fileName, field, size: bytes.length, open: async () => Readable.from([bytes]) };
}
