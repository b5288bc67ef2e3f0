/** The errors that this S3 answers with. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const ERRORS = {
	AccessDenied: [403, 'Access Denied'],
	AccessForbidden: [403, 'CORSResponse: CORS is not enabled for this bucket.'],
	AuthorizationHeaderMalformed: [400, 'The authorization header is malformed.'],
	AuthorizationQueryParametersError: [
		400,
		'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
	],
	BadDigest: [400, 'The Content-MD5 you specified did not match what we received.'],
	EntityTooLarge: [400, 'Your proposed upload exceeds the maximum allowed size'],
	EntityTooSmall: [400, 'Your proposed upload is smaller than the minimum allowed size'],
	ExpiredToken: [400, 'The provided token has expired.'],
	IncompleteBody: [400, 'The request body terminated unexpectedly'],
	InternalError: [500, 'We encountered an internal error. Please try again.'],
	InvalidAccessKeyId: [403, 'The AWS Access Key Id you provided does not exist in our records.'],
	InvalidArgument: [400, 'Invalid Argument'],
	InvalidChunkSizeError: [403, 'Only the last chunk is allowed to have a size less than 8192 bytes'],
	InvalidDigest: [400, 'The Content-MD5 you specified was invalid.'],
	InvalidPart: [
		400,
		"One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
	],
	InvalidPartOrder: [400, 'The list of parts was not in ascending order. Parts must be ordered by part number.'],
	InvalidRange: [416, 'The requested range is not satisfiable'],
	InvalidRequest: [400, 'Invalid Request'],
	InvalidToken: [400, 'The provided token is malformed or otherwise invalid.'],
	InvalidURI: [400, "Couldn't parse the specified URI."],
	KeyTooLongError: [400, 'Your key is too long'],
	MalformedTrailerError: [
		400,
		'The request contained trailing data that was not well-formed or did not conform to our published schema.',
	],
	MalformedXML: [400, 'The XML you provided was not well-formed or did not validate against our published schema'],
	MaxMessageLengthExceeded: [400, 'Your request was too big.'],
	MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
	MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
	MissingSecurityHeader: [400, 'Your request was missing a required header'],
	NoSuchBucket: [404, 'The specified bucket does not exist'],
	NoSuchKey: [404, 'The specified key does not exist.'],
	NoSuchUpload: [
		404,
		'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
	],
	NotImplemented: [501, 'A header you provided implies functionality that is not implemented'],
	PreconditionFailed: [412, 'At least one of the pre-conditions you specified did not hold'],
	RequestTimeTooSkewed: [403, 'The difference between the request time and the current time is too large.'],
	SignatureDoesNotMatch: [
		403,
		'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
	],
	SlowDown: [503, 'Please reduce your request rate.'],
	XAmzContentSHA256Mismatch: [400, "The provided 'x-amz-content-sha256' header does not match what was computed."],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type ErrorCode = keyof typeof ERRORS;

/** A refusal, as S3 gives it. */
export class S3Error extends Error {
	/** The HTTP status. */
	readonly status: number;

	/**
	 * @param details further elements of the answer's XML, e.g. `Key`; never a secret
	 * @param headers of the answer
	 */
	constructor(
		readonly code: ErrorCode,
		readonly details: Record<string, string | number> = {},
		message: string = ERRORS[code][1],
		readonly headers: Record<string, string> = {},
	) {
		super(message);
		this.status = ERRORS[code][0];
	}
}

/** The client went away before its request was whole: no one is there to answer to. */
export class ClientGone extends Error {}
