import { readIsoStamp, isoStamp } from './encoding';
import { S3Error } from './errors';
import type { S3Request } from './request';
import { ALGORITHM, type Scope } from './signature';

/** What a request says of itself, before its signature is checked. */
export interface Claim {
	accessKeyId: string;
	scope: Scope;
	at: Date;
	/** `at`, as it is signed: e.g. `20130524T000000Z`. */
	stamp: string;
	/** In lower case. */
	signedHeaders: string[];
	/** Hex. */
	signature: string;
	token: string | undefined;
	/** The payload's SHA-256 in hex, or the word that stands for it. */
	payload: string;
	/** Seconds that a pre-signed URL lives; undefined for a signature in the headers. */
	expires: number | undefined;
}

/** Longest lifetime of a pre-signed URL, in seconds. */
const MAX_EXPIRES = 7 * 24 * 3600;

/** @throws S3Error AccessDenied where a request has no credentials at all; others where it cannot be read */
export function readClaim(request: S3Request): Claim {
	const authorization = request.header('authorization');
	const isPresigned = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature'].some(
		(name) => request.parameter(name) !== undefined,
	);
	if (authorization !== undefined && isPresigned) {
		throw new S3Error(
			'InvalidArgument',
			{ ArgumentName: 'Authorization' },
			'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
		);
	}
	if (isPresigned) return readQuery(request);
	if (authorization !== undefined) return readAuthorization(authorization, request);
	if (request.parameter('Signature') !== undefined) throw notVersion4();
	throw new S3Error('AccessDenied');
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html */
function readAuthorization(authorization: string, request: S3Request): Claim {
	if (/^AWS /.test(authorization)) throw notVersion4();
	if (!authorization.startsWith(`${ALGORITHM} `))
		throw new S3Error('InvalidArgument', { ArgumentName: 'Authorization' }, 'Unsupported Authorization Type');
	const fields = new Map(
		authorization
			.slice(ALGORITHM.length)
			.split(',')
			.map((each): [string, string] => {
				const [, name, value] = /^\s*([^=]*)=(.*?)\s*$/s.exec(each) ?? [];
				return [name ?? '', value ?? ''];
			}),
	);
	const field = (name: string) => {
		const value = fields.get(name);
		if (!value) throw malformed(`missing ${name}.`);
		return value;
	};
	const { accessKeyId, scope } = readCredential(field('Credential'), malformed);
	const at = readIsoStamp(request.header('x-amz-date') ?? '') ?? readHttpDate(request);
	const stamp = isoStamp(at);
	checkDate(scope, stamp, malformed);
	const payload = request.header('x-amz-content-sha256');
	if (payload === undefined)
		throw new S3Error('InvalidRequest', {}, 'Missing required header for this request: x-amz-content-sha256');
	return {
		accessKeyId,
		scope,
		at,
		stamp,
		signedHeaders: field('SignedHeaders').toLowerCase().split(';'),
		signature: field('Signature'),
		token: request.header('x-amz-security-token'),
		payload: checkPayload(payload),
		expires: undefined,
	};
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
function readQuery(request: S3Request): Claim {
	const parameter = (name: string) => {
		const value = request.parameter(`X-Amz-${name}`);
		if (!value) throw new S3Error('AuthorizationQueryParametersError');
		return value;
	};
	if (parameter('Algorithm') !== ALGORITHM) throw wrongParameter(`X-Amz-Algorithm only supports "${ALGORITHM}"`);
	const { accessKeyId, scope } = readCredential(parameter('Credential'), (what) =>
		wrongParameter(`Error parsing the X-Amz-Credential parameter; ${what}`),
	);
	const stamp = parameter('Date');
	const at = readIsoStamp(stamp);
	if (!at) throw wrongParameter("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
	checkDate(scope, stamp, (what) => wrongParameter(what));
	return {
		accessKeyId,
		scope,
		at,
		stamp,
		signedHeaders: parameter('SignedHeaders').toLowerCase().split(';'),
		signature: parameter('Signature'),
		token: request.parameter('X-Amz-Security-Token'),
		payload: checkPayload(
			request.parameter('X-Amz-Content-Sha256') ?? request.header('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD',
		),
		expires: readExpires(parameter('Expires')),
	};
}

function readExpires(text: string): number {
	const seconds = Number(text);
	if (!/^-?\d+$/.test(text)) throw wrongParameter('X-Amz-Expires should be a number');
	if (seconds < 0) throw wrongParameter('X-Amz-Expires must be non-negative');
	if (seconds > MAX_EXPIRES) {
		throw wrongParameter(
			`X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${MAX_EXPIRES} seconds`,
		);
	}
	return seconds;
}

type Refusal = (what: string) => S3Error;

function readCredential(credential: string, refusal: Refusal): Pick<Claim, 'accessKeyId' | 'scope'> {
	const [accessKeyId, date, region, service, end, ...rest] = credential.split('/');
	if (!accessKeyId || !/^\d{8}$/.test(date ?? '') || !region || !service || end === undefined || rest.length > 0) {
		throw refusal('the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".');
	}
	if (service !== 's3') throw refusal(`incorrect service "${service}". This endpoint belongs to "s3".`);
	if (end !== 'aws4_request') throw refusal(`incorrect terminal "${end}". This endpoint uses "aws4_request".`);
	return { accessKeyId, scope: { date: date!, region, service } };
}

function checkDate({ date }: Scope, stamp: string, refusal: Refusal): void {
	if (date !== stamp.slice(0, 8))
		throw refusal(
			`Invalid credential date "${date}". This date is not the same as X-Amz-Date: "${stamp.slice(0, 8)}".`,
		);
}

const PAYLOAD_WORDS = [
	'UNSIGNED-PAYLOAD',
	'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
	'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
	'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
];

function checkPayload(payload: string): string {
	if (PAYLOAD_WORDS.includes(payload) || /^[0-9a-f]{64}$/i.test(payload)) return payload;
	throw new S3Error(
		'InvalidArgument',
		{ ArgumentName: 'x-amz-content-sha256' },
		`x-amz-content-sha256 must be ${PAYLOAD_WORDS.join(', ')} or a valid sha256 value.`,
	);
}

function readHttpDate(request: S3Request): Date {
	const date = new Date(request.header('date') ?? '');
	// A bad x-amz-date is not made good by the other header.
	if (request.header('x-amz-date') !== undefined || Number.isNaN(date.getTime())) {
		throw new S3Error('AccessDenied', {}, 'AWS authentication requires a valid Date or x-amz-date header');
	}
	return date;
}

export function malformed(what: string, details: Record<string, string> = {}): S3Error {
	return new S3Error('AuthorizationHeaderMalformed', details, `The authorization header is malformed; ${what}`);
}

export function wrongParameter(what: string, details: Record<string, string> = {}): S3Error {
	return new S3Error('AuthorizationQueryParametersError', details, what);
}

function notVersion4(): S3Error {
	return new S3Error(
		'InvalidRequest',
		{},
		`The authorization mechanism you have provided is not supported. Please use ${ALGORITHM}.`,
	);
}
