import type { IExecuteFunctions } from 'n8n-workflow';
import { type BucketPorts, inputError } from '../../../filex';
import { bucketOf, keyUnder } from '../../shared/bucket';
import type { Parameters } from '../../shared/parameters';
import { parametersOf } from '../fields';
import type { Destination } from './destination';
import { oneFileEach } from './one-file-each';

/** A bucket of the user's own: the file is streamed through, in parts where it is large. */
export async function bucketDestination(context: IExecuteFunctions): Promise<Destination> {
	const bucket = await bucketOf(context, storingOf(parametersOf(context, 0)));
	const keepApart = oneFileEach('Key Prefix');
	return {
		async prepare(file, itemIndex) {
			const key = keyUnder(parametersOf(context, itemIndex).text('bucketFolder'), file.name);
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
		isLocal: async () => false,
		close: async () => await bucket.close(),
	};
}

/** What the options say of how objects are stored; what they leave open, the bucket's own settings say. */
function storingOf({ options }: Parameters): BucketPorts['storing'] {
	const encryption = options.choice<'default' | 'AES256' | 'aws:kms'>('bucketEncryption');
	const storageClass = options.choice<'default' | StorageClass>('storageClass');
	const key = options.text('kmsKeyId');
	if (key !== '' && encryption !== 'aws:kms')
		throw inputError(
			options.label('kmsKeyId'),
			`'${options.label('kmsKeyId')}' needs '${options.label('bucketEncryption')}' to be SSE-KMS`,
			'Choose SSE-KMS, or remove the key. Nothing was transferred.',
		);
	return {
		...(encryption !== 'default' && { ServerSideEncryption: encryption }),
		...(key !== '' && { SSEKMSKeyId: key }),
		...(storageClass !== 'default' && { StorageClass: storageClass }),
	};
}

type StorageClass = NonNullable<NonNullable<BucketPorts['storing']>['StorageClass']>;
