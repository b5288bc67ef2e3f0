import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IExecuteFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { type BucketFields, deadline, findFileXError, readBucket, redact, UserBucket } from '../../filex';
import { n8nEgress } from './egress';
import { hintOf } from './remedies';

/** The bucket of the node's credential. The caller closes it. */
export async function bucketOf(context: IExecuteFunctions): Promise<UserBucket> {
	const settings = readBucket(await context.getCredentials('s3BucketApi'));
	return new UserBucket(settings, {
		egress: n8nEgress(context.helpers, 'Endpoint'),
		signal: context.getExecutionCancelSignal(),
	});
}

/** How long the test may take, in ms. */
const TEST_TIMEOUT = 30_000;

/** n8n's test of the S3 Bucket credential, carried by every node that names it. */
export async function s3BucketApiTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const limit = deadline(TEST_TIMEOUT, 'The test of the bucket');
	try {
		const bucket = new UserBucket(readBucket((credential.data ?? {}) as BucketFields), { signal: limit.signal });
		await bucket.check().finally(async () => await bucket.close());
		return { status: 'OK', message: 'The bucket answers' };
	} catch (error) {
		const known = findFileXError(error);
		// Keys that may take and store files need not be allowed to list them.
		if (known?.kind === 'entitlement')
			return { status: 'OK', message: 'The bucket answers; these keys are not allowed to list it' };
		return { status: 'Error', message: known ? `${known.message}. ${hintOf(known)}` : redact(String(error)) };
	} finally {
		limit.clear();
	}
}
