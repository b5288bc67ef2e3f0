import type { IExecuteFunctions } from 'n8n-workflow';
import { binaryModeOf, checkBinaryStore } from '../../shared/binary-mode';
import { mimeTypeOf } from '../../shared/mime-type';
import { parametersOf } from '../fields';
import type { Destination } from './destination';

/** n8n's binary store. */
export function binaryDestination(context: IExecuteFunctions): Destination {
	let mode: Promise<string> | undefined;
	return {
		async prepare({ name }, itemIndex) {
			const field = parametersOf(context, itemIndex).text('binaryPropertyName');
			return async ({ listed, stream }) => {
				await checkBinaryStore(context, name, listed.size);
				return { binary: { [field]: await context.helpers.prepareBinaryData(stream, name, mimeTypeOf(name)) } };
			};
		},
		isLocal: async () => (await (mode ??= binaryModeOf(context))).startsWith('filesystem'),
		async close() {},
	};
}
