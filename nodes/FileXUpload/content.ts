import { Readable } from 'node:stream';
import type { IExecuteFunctions } from 'n8n-workflow';
import type { FileContent } from '../../filex';

/** A file in n8n's binary store. */
export interface BinaryFile extends FileContent {
	/** Its own name; '' where it has none. */
	fileName: string;
}

/** The binary of an item, streamed from where n8n keeps it. */
export async function binaryOf(context: IExecuteFunctions, itemIndex: number, field: string): Promise<BinaryFile> {
	const { id, fileName = '', data } = context.helpers.assertBinaryData(itemIndex, field);
	if (id) {
		const { fileSize } = await context.helpers.getBinaryMetadata(id);
		return { fileName, size: fileSize, open: async () => await context.helpers.getBinaryStream(id) };
	}
	const bytes = Buffer.from(data, 'base64');
	return { fileName, size: bytes.length, open: async () => Readable.from([bytes]) };
}
