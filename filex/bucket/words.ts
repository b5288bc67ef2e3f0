import type { S3Words } from '../s3/s3-errors';

/** What refusals by a bucket of the user's own say and advise. */
export const BUCKET_WORDS: S3Words = {
	expired: {
		kind: 'credentials',
		retrySafe: false,
		message: (what) => `The keys of the S3 Bucket credential were not taken for '${what}'`,
		hint: "Check 'Access Key ID', 'Secret Access Key' and 'Session Token' in the credential: temporary keys may have expired.",
	},
	denied: {
		message: (what) => `The keys of the S3 Bucket credential may not do this with '${what}'`,
		hint: "They need s3:GetObject to take files, and s3:PutObject and s3:AbortMultipartUpload to store them. Some stores also say this of wrong keys: check 'Access Key ID' and 'Secret Access Key'. AWS says it of a key in the bucket that is not there, too, unless they have s3:ListBucket.",
	},
	missing: {
		message: (what) => `There is no '${what}'`,
		hint: 'Check the bucket and the key; letter case matters.',
	},
	settings:
		"Check 'Endpoint', 'Region', 'Force Path Style' and the keys in the S3 Bucket credential. Running it again is safe.",
	network:
		"Check 'Endpoint' in the S3 Bucket credential, the firewall and the proxy settings, then run this again: it is safe.",
	nothingDone: 'Nothing was stored.',
};
