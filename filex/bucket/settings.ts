import { checkUrl } from '../account/address';
import { inputError } from '../errors';

/** A bucket of the user's own, at AWS or elsewhere, and keys to it. */
export interface BucketSettings {
	bucket: string;
	region: string;
	/** Base URL; AWS itself, in the region, where absent. */
	endpoint?: string;
	/** Whether the bucket stands in the path, in place of the host name. */
	pathStyle: boolean;
	/** As they were typed in; found by AWS's SDK where absent. */
	keys?: { accessKeyId: string; secretAccessKey: string; /** Of temporary keys. */ sessionToken?: string };
	/** What the keys are to assume. */
	role?: { arn: string; externalId: string };
}

/** The stored fields of the S3 Bucket credential. */
export interface BucketFields {
	bucket?: unknown;
	region?: unknown;
	endpoint?: unknown;
	pathStyle?: unknown;
	/** `keys` where absent. */
	credentialsFrom?: unknown;
	accessKeyId?: unknown;
	secretAccessKey?: unknown;
	sessionToken?: unknown;
	roleArn?: unknown;
	externalId?: unknown;
}

/** Reads and checks the credential's fields. Throws an `input` error that names the field at fault. */
export function readBucket(fields: BucketFields): BucketSettings {
	const endpoint = text(fields.endpoint);
	const roleArn = text(fields.roleArn);
	return {
		bucket: fitting(
			fields.bucket,
			'Bucket',
			/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
			'Enter its name alone, like my-reports: 3 to 63 lower-case letters, digits, dots and hyphens, no s3://, no slash.',
		),
		region: fitting(fields.region, 'Region', /^[a-z0-9-]+$/, 'Enter it like us-east-1.'),
		...(endpoint && { endpoint: checkUrl(endpoint, 'Endpoint', 'https://s3.example.com') }),
		pathStyle: fields.pathStyle === true,
		...(fields.credentialsFrom === 'system' ? {} : { keys: readKeys(fields) }),
		...(roleArn && {
			role: {
				arn: fitting(
					roleArn,
					'Role ARN',
					/^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/,
					'Enter it like arn:aws:iam::123456789012:role/reports.',
				),
				externalId: text(fields.externalId),
			},
		}),
	};
}

function readKeys({ accessKeyId, secretAccessKey, sessionToken }: BucketFields): BucketSettings['keys'] {
	const advice = 'Enter it as you were given it, without spaces.';
	return {
		accessKeyId: fitting(accessKeyId, 'Access Key ID', /^\S+$/, advice),
		secretAccessKey: fitting(secretAccessKey, 'Secret Access Key', /^\S+$/, advice),
		...(text(sessionToken) && { sessionToken: text(sessionToken) }),
	};
}

function fitting(value: unknown, field: string, pattern: RegExp, hint: string): string {
	if (pattern.test(text(value))) return text(value);
	throw inputError(
		field,
		`'${field}' in the S3 Bucket credential ${text(value) === '' ? 'is empty' : 'has characters that it cannot have'}`,
		hint,
	);
}

function text(value: unknown): string {
	return String(value ?? '').trim();
}
