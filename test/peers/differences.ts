const api = (operation: string): string => `https://docs.aws.amazon.com/AmazonS3/latest/API/API_${operation}.html`;
const thread = (path: string): string => `https://github.com/${path}`;
const ERRORS = 'https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html';
const LIMITS = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html';
const CHECKSUMS = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html';
const CHUNKS = 'https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html';

/** AWS's reference leaves ranges to this. */
const RANGES = 'https://www.rfc-editor.org/rfc/rfc9110.html#name-range-requests';

const refused = (status: number, code: string): { status: number; code: string } => ({ status, code });
const DENIED = refused(403, 'AccessDenied');
const UNKNOWN_KEY = refused(403, 'InvalidAccessKeyId');
const DONE = { status: 200 };

/**
 * Where Ceph RGW 18 is known to differ from AWS: what AWS does, what RGW does, and where AWS says so
 * or, where its documentation is silent, a record of what it answered. A target is held to one of
 * the two; everything that is not in here is alike.
 */
export const DIFFERENCES = {
	/** Ranges: RGW gives all for the last no bytes, refuses what it should overlook, and knows no If-Range. */
	lastNothing: { aws: refused(416, 'InvalidRange'), rgw: { status: 206 }, documentation: RANGES },
	backwardRange: { aws: DONE, rgw: refused(416, 'InvalidRange'), documentation: RANGES },
	ifRangeOfAnother: { aws: DONE, rgw: { status: 206 }, documentation: RANGES },

	/** Uploads in parts: RGW needs each part named that came, and in the answer leaves out an ETag's quotes. */
	completedEtag: {
		aws: { of: (etag: string) => etag },
		rgw: { of: (etag: string) => etag.replaceAll('"', '') },
		documentation: api('CompleteMultipartUpload'),
	},
	unnamedPart: { aws: DONE, rgw: refused(400, 'InvalidPart'), documentation: api('CompleteMultipartUpload') },
	partOrder: { aws: refused(400, 'InvalidPartOrder'), rgw: DONE, documentation: api('CompleteMultipartUpload') },
	partTwice: {
		aws: refused(400, 'InvalidPartOrder'),
		rgw: refused(400, 'InvalidPart'),
		documentation: api('CompleteMultipartUpload'),
	},
	partNumber: { aws: refused(400, 'InvalidArgument'), rgw: DONE, documentation: LIMITS },
	partsOfNoUpload: { aws: refused(404, 'NoSuchUpload'), rgw: refused(404, 'NoSuchKey'), documentation: ERRORS },
	completedNoUpload: {
		aws: refused(404, 'NoSuchUpload'),
		rgw: refused(500, 'InternalError'),
		documentation: api('CompleteMultipartUpload'),
	},

	/**
	 * Listings: RGW gathers a page from the shards of its index and may end it a few names early (991 seen), takes any
	 * number, and any text as a place to continue from.
	 */
	fullPage: { aws: { fewest: 1000 }, rgw: { fewest: 1 }, documentation: api('ListObjectsV2') },
	negativeMaxKeys: {
		aws: refused(400, 'InvalidArgument'),
		rgw: DONE,
		documentation: thread('floci-io/floci/pull/3510'),
	},
	madeUpPage: {
		aws: refused(400, 'InvalidArgument'),
		rgw: DONE,
		documentation: thread('versity/versitygw/issues/993'),
	},

	/** Keys and rights: RGW says less of why, and tells those who may list some folder what is in none. */
	missingForeign: { aws: DENIED, rgw: refused(404, 'NoSuchKey'), documentation: api('GetObject') },
	expiredToken: { aws: refused(400, 'ExpiredToken'), rgw: DENIED, documentation: ERRORS },
	bogusToken: { aws: refused(400, 'InvalidToken'), rgw: refused(400, 'InvalidArgument'), documentation: ERRORS },
	foreignToken: { aws: refused(400, 'InvalidToken'), rgw: DENIED, documentation: ERRORS },
	noToken: { aws: UNKNOWN_KEY, rgw: DENIED, documentation: ERRORS },
	unknownKey: { aws: UNKNOWN_KEY, rgw: DENIED, documentation: ERRORS },

	/** Signatures: RGW takes any region, the future, and any or no chunk at the end; its refusals have no texts. */
	message: { aws: { of: (text: string) => text }, rgw: { of: () => '' }, documentation: ERRORS },
	otherRegion: { aws: refused(400, 'AuthorizationHeaderMalformed'), rgw: DONE, documentation: ERRORS },
	brokenSignature: {
		aws: refused(400, 'AuthorizationHeaderMalformed'),
		rgw: refused(400, 'InvalidArgument'),
		documentation: ERRORS,
	},
	futureUrl: { aws: DENIED, rgw: DONE, documentation: thread('minio/minio/issues/2638') },
	urlLifetime: {
		aws: refused(400, 'AuthorizationQueryParametersError'),
		rgw: DENIED,
		documentation: thread('bryanjos/aws_auth/issues/31'),
	},
	noPayloadHash: {
		aws: refused(400, 'InvalidArgument'),
		rgw: refused(400, 'XAmzContentSHA256Mismatch'),
		documentation: thread('versity/versitygw/issues/1352'),
	},
	noLastChunk: { aws: refused(400, 'IncompleteBody'), rgw: DONE, documentation: CHUNKS },
	wrongLastChunk: { aws: refused(403, 'SignatureDoesNotMatch'), rgw: DONE, documentation: CHUNKS },
	otherChunkedSize: {
		aws: refused(400, 'IncompleteBody'),
		rgw: refused(400, 'InvalidArgument'),
		documentation: CHUNKS,
	},

	/** Checksums: RGW 18 overlooks all but Content-MD5, the right and the wrong ones. */
	wrongChecksum: { aws: refused(400, 'BadDigest'), rgw: DONE, documentation: CHECKSUMS },
	noChecksum: { aws: refused(400, 'InvalidRequest'), rgw: DONE, documentation: CHECKSUMS },
	keptChecksum: { aws: { of: (value: string) => value }, rgw: { of: () => undefined }, documentation: CHECKSUMS },
	brokenMd5: { aws: refused(400, 'InvalidDigest'), rgw: DENIED, documentation: ERRORS },

	/** Requests: RGW has its own name for a key that is too long, and takes what does not say its size. */
	longKey: { aws: refused(400, 'KeyTooLongError'), rgw: refused(400, 'InvalidObjectName'), documentation: ERRORS },
	unsizedPut: { aws: refused(501, 'NotImplemented'), rgw: DONE, documentation: thread('Automattic/knox/issues/43') },
} satisfies Record<string, { aws: unknown; rgw: unknown; documentation: string }>;
