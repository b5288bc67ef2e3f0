import type { IExecuteFunctions } from 'n8n-workflow';
import { inputError, type UserBucket } from '../../../filex';
import { parametersOf } from '../fields';
import type { SourceFile } from './source';

/** A file in a bucket of the user's own, streamed through. */
export async function fromBucket(
	context: IExecuteFunctions,
	bucket: UserBucket,
	itemIndex: number,
): Promise<SourceFile> {
	const field = 'Object Key';
	const key = parametersOf(context, itemIndex).text('bucketKey').replace(/^\/+/, '');
	if (key === '' || key.endsWith('/'))
		throw inputError(field, `'${field}' names no file`, 'Enter the whole object key, e.g. outgoing/focus.zip.');
	return { fileName: key.split('/').at(-1)!, field, ...(await bucket.find(key)) };
}
