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
	accessKeyId: string;
	secretAccessKey: string;
	/** Of temporary keys. */
	sessionToken?: string;
}

/** The stored fields of the S3 Bucket credential. */
export type BucketFields = Partial<Record<keyof BucketSettings, unknown>>;

/** Reads and checks the credential's fields. Throws an `input` error that names the field at fault. */
export function readBucket(fields: BucketFields): BucketSettings {
	const endpoint = text(fields.endpoint);
	const sessionToken = text(fields.sessionToken);
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
		accessKeyId: fitting(
			fields.accessKeyId,
			'Access Key ID',
			/^\S+$/,
			'Enter it as you were given it, without spaces.',
		),
		secretAccessKey: fitting(
			fields.secretAccessKey,
			'Secret Access Key',
			/^\S+$/,
			'Enter it as you were given it, without spaces.',
		),
		...(sessionToken && { sessionToken }),
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
