import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IExecuteFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import {
	type BucketFields,
	type BucketPorts,
	type BucketSettings,
	deadline,
	findFileXError,
	inputError,
	readBucket,
	redact,
	UserBucket,
} from '../../filex';
import { n8nEgress } from './egress';
import { hintOf } from './remedies';

/** The bucket of the node's credential. The caller closes it. */
export async function bucketOf(context: IExecuteFunctions, storing?: BucketPorts['storing']): Promise<UserBucket> {
	const settings = allowed(readBucket(await context.getCredentials('s3BucketApi')));
	return new UserBucket(settings, {
		egress: n8nEgress(context.helpers, 'Endpoint'),
		signal: context.getExecutionCancelSignal(),
		storing,
	});
}

/** As for n8n's own AWS credential: whoever may edit workflows would use the rights of the machine. */
const SWITCH = 'N8N_AWS_SYSTEM_CREDENTIALS_ACCESS_ENABLED';

function allowed(settings: BucketSettings): BucketSettings {
	if (settings.keys || /^(true|1)$/i.test(process.env[SWITCH] ?? '')) return settings;
	throw inputError(
		'Credentials From',
		"'Credentials From' is 'AWS SDK', which this n8n does not allow",
		`The n8n administrator can allow it with ${SWITCH}=true. Otherwise enter keys. Nothing was stored.`,
	);
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
		const bucket = new UserBucket(allowed(readBucket((credential.data ?? {}) as BucketFields)), {
			signal: limit.signal,
		});
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

/** The key of an object under a prefix as a user writes it, with slashes or without; of the name '', the prefix itself. */
export function keyUnder(prefix: string, name: string): string {
	return [...prefix.split('/').filter((part) => part !== ''), name].join('/');
}
