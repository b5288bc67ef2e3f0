import type { S3Words } from '../s3/s3-errors';

/** What refusals by a bucket of the user's own say and advise. */
export const BUCKET_WORDS: S3Words = {
	expired: {
		kind: 'credentials',
		retrySafe: false,
		message: (what) => `The keys of the S3 Bucket credential were not accepted for '${what}'`,
		hint: "Check 'Access Key ID', 'Secret Access Key' and 'Session Token' in the credential: temporary keys may have expired.",
	},
	denied: {
		message: (what) => `The keys of the S3 Bucket credential may not do this with '${what}'`,
		hint: "They need s3:GetObject to read files, s3:ListBucket to list them, and s3:PutObject and s3:AbortMultipartUpload to store them. Some stores report wrong keys like this, too: check 'Access Key ID' and 'Secret Access Key'. Without s3:ListBucket, AWS reports a missing object as Access Denied.",
	},
	missing: {
		message: (what) => `There is no '${what}'`,
		hint: 'Check the bucket and the key; letter case matters.',
	},
	settings:
		"Check 'Endpoint', 'Region', 'Force Path Style' and the keys in the S3 Bucket credential. Running it again is safe.",
	network:
		"Check 'Endpoint' in the S3 Bucket credential, the firewall and the proxy settings, then run this again; that is safe.",
	nothingDone: 'Nothing was stored.',
};
