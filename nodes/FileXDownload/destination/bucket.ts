import type { IExecuteFunctions } from 'n8n-workflow';
import { bucketOf } from '../../shared/bucket';
import { parametersOf } from '../fields';
import type { Destination } from './destination';
import { oneFileEach } from './one-file-each';

/** A bucket of the user's own: the file is streamed through, in parts where it is large. */
export async function bucketDestination(context: IExecuteFunctions): Promise<Destination> {
	const bucket = await bucketOf(context);
	const keepApart = oneFileEach('Key Prefix');
	return {
		async prepare(file, itemIndex) {
			const folder = parametersOf(context, itemIndex).text('bucketFolder');
			const key = [...folder.split('/').filter((part) => part !== ''), file.name].join('/');
			keepApart(key, file);
			return async ({ listed, stream }) => {
				let failure: Error | undefined;
				stream.once('error', (error) => (failure = error));
				const savedTo = await bucket
					.store(key, { size: listed.size, open: async () => stream })
					.catch((error: unknown) => {
						// What broke the download says more than that its bytes broke off.
						throw failure ?? error;
					});
				return { record: { savedTo } };
			};
		},
		close: async () => await bucket.close(),
	};
}
