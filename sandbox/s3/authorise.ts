import { isUploadName } from '../world/places';
import type { Caller } from './authenticate';
import { S3Error } from './errors';
import type { Operation } from './operations';
import type { S3Request } from './request';

/** Longest key, in bytes. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MAX_KEY_BYTES = 1024;

/** What the service's own pre-signed URLs may stand for. */
const PRESIGNED: Operation[] = ['GetObject', 'HeadObject', 'PutObject'];

/** Headers that ask for more than to store an object. */
const NEEDS_MORE = [
	'x-amz-tagging',
	'x-amz-object-lock-mode',
	'x-amz-object-lock-retain-until-date',
	'x-amz-object-lock-legal-hold',
];

const UNKNOWN_FEATURES = ['x-amz-write-offset-bytes', 'x-amz-server-side-encryption-customer-algorithm'];

/**
 * Whether a caller may do what it asks for: read within its read paths, write within its write paths.
 *
 * @throws S3Error AccessDenied; KeyTooLongError; InvalidArgument where fileX takes no file of that name; NotImplemented
 */
export function authorise({ key: identity, isPresigned }: Caller, operation: Operation, request: S3Request): void {
	const { bucket, key } = request;
	if (Buffer.byteLength(key) > MAX_KEY_BYTES)
		throw new S3Error('KeyTooLongError', { Size: Buffer.byteLength(key), MaxSizeAllowed: MAX_KEY_BYTES });
	if (key !== '' && pathOfKey(key) === undefined) throw new S3Error('AccessDenied');
	if (identity.sessionToken === undefined) {
		if (!isPresigned || !PRESIGNED.includes(operation)) throw new S3Error('AccessDenied');
	} else if (!isGranted(identity, operation, `${bucket}/${key === '' ? (request.parameter('prefix') ?? '') : key}`)) {
		throw new S3Error('AccessDenied');
	}
	if (operation === 'PutObject' || operation === 'CreateMultipartUpload') checkWrite(request);
}

function isGranted({ readPaths, writePaths }: Caller['key'], operation: Operation, place: string): boolean {
	const isIn = (paths: string[]) => paths.some((path) => place.startsWith(path));
	switch (operation) {
		case 'HeadBucket':
		case 'GetBucketLocation':
			return true;
		case 'GetObject':
		case 'HeadObject':
		case 'ListObjects':
		case 'ListObjectsV2':
			return isIn(readPaths);
		default:
			return isIn(writePaths);
	}
}

function checkWrite({ key, header, headers }: S3Request): void {
	const unknown = UNKNOWN_FEATURES.find((name) => headers.has(name));
	if (unknown) throw new S3Error('NotImplemented', { Header: unknown });
	const acl = header('x-amz-acl');
	const isOpened = [...headers.keys()].some((name) => name.startsWith('x-amz-grant-') || NEEDS_MORE.includes(name));
	if (isOpened || (acl !== undefined && acl !== 'private' && acl !== 'bucket-owner-full-control'))
		throw new S3Error('AccessDenied');
	const name = pathOfKey(key)![3]!;
	if (isUploadName(name)) return;
	throw new S3Error(
		'InvalidArgument',
		{ ArgumentName: 'key', ArgumentValue: name },
		"fileX takes file names of at most 237 letters, digits and the characters : ! @ , & - = ' _ . only",
	);
}

/** `[org, application, subSpace, file]`; undefined where a key is nothing of the kind. To S3 a slash is a letter of a name like any other. */
export function pathOfKey(key: string): string[] | undefined {
	const [org, application, subSpace, ...name] = key.split('/');
	const path = [org!, application, subSpace, name.join('/')];
	return path.every((part): part is string => part !== undefined && part !== '') ? path : undefined;
}
