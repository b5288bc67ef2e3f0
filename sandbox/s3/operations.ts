import type { Where } from '../faults';
import { S3Error } from './errors';
import type { S3Request } from './request';

/** What this S3 can do, and where its faults strike. */
export const OPERATIONS = {
	GetObject: 's3.get',
	HeadObject: 's3.head',
	HeadBucket: 's3.head',
	GetBucketLocation: 's3.head',
	ListObjects: 's3.list',
	ListObjectsV2: 's3.list',
	PutObject: 's3.put',
	CreateMultipartUpload: 's3.multipart',
	AbortMultipartUpload: 's3.multipart',
	ListParts: 's3.multipart',
	ListMultipartUploads: 's3.multipart',
	UploadPart: 's3.part',
	CompleteMultipartUpload: 's3.complete',
} as const satisfies Record<string, Where>;

export type Operation = keyof typeof OPERATIONS;

/** Parameters that make a request another operation. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html */
const SUBRESOURCES = [
	'accelerate',
	'acl',
	'analytics',
	'annotations',
	'attributes',
	'cors',
	'delete',
	'encryption',
	'intelligent-tiering',
	'inventory',
	'legal-hold',
	'lifecycle',
	'location',
	'logging',
	'metadataConfiguration',
	'metadataInventoryTable',
	'metadataJournalTable',
	'metadataTable',
	'metrics',
	'notification',
	'object-lock',
	'ownershipControls',
	'policy',
	'policyStatus',
	'publicAccessBlock',
	'renameObject',
	'replication',
	'requestPayment',
	'restore',
	'retention',
	'select',
	'session',
	'tagging',
	'torrent',
	'uploadId',
	'uploads',
	'versionId',
	'versioning',
	'versions',
	'website',
];

/** The parameters of a request that say which operation it is. */
export function subresourcesOf({ query }: Pick<S3Request, 'query'>): string[] {
	return [...new Set(query.map(([name]) => name).filter((name) => SUBRESOURCES.includes(name)))];
}

/**
 * Which operation a request is; undefined for those of S3's that no client of fileX may do.
 *
 * @throws S3Error MethodNotAllowed, NotImplemented, InvalidArgument
 */
export function operationOf(request: S3Request): Operation | undefined {
	const { method, bucket, key, parameter, header } = request;
	if (!['GET', 'HEAD', 'PUT', 'POST', 'DELETE'].includes(method))
		throw new S3Error('MethodNotAllowed', { Method: method });
	if (bucket === '') return undefined;
	const subresources = subresourcesOf(request);
	if (subresources.length > 1) return undefined;
	const [subresource] = subresources;
	if (key === '') return bucketOperation(method, subresource, parameter('list-type'));
	if (subresource === 'uploadId') return partOperation(request);
	if (subresource === 'uploads') return method === 'POST' ? 'CreateMultipartUpload' : undefined;
	if (subresource !== undefined) return undefined;
	if (parameter('partNumber') !== undefined)
		throw new S3Error('NotImplemented', {}, 'partNumber is not implemented here');
	if (method === 'POST') throw new S3Error('MethodNotAllowed', { Method: method, ResourceType: 'OBJECT' });
	if (method === 'PUT') return header('x-amz-copy-source') === undefined ? 'PutObject' : undefined;
	return method === 'GET' ? 'GetObject' : method === 'HEAD' ? 'HeadObject' : undefined;
}

function bucketOperation(
	method: string,
	subresource: string | undefined,
	listType: string | undefined,
): Operation | undefined {
	if (method === 'HEAD') return 'HeadBucket';
	if (method !== 'GET') return undefined;
	if (subresource === 'location') return 'GetBucketLocation';
	if (subresource === 'uploads') return 'ListMultipartUploads';
	if (subresource !== undefined) return undefined;
	if (listType === undefined) return 'ListObjects';
	if (listType !== '2')
		throw new S3Error('InvalidArgument', { ArgumentName: 'list-type' }, 'Invalid List Type specified in Request');
	return 'ListObjectsV2';
}

function partOperation({ method, parameter, header }: S3Request): Operation | undefined {
	switch (method) {
		case 'GET':
			return 'ListParts';
		case 'DELETE':
			return 'AbortMultipartUpload';
		case 'POST':
			return 'CompleteMultipartUpload';
		case 'PUT':
			if (header('x-amz-copy-source') !== undefined) return undefined;
			if (parameter('partNumber') === undefined) {
				throw new S3Error('InvalidArgument', { ArgumentName: 'partNumber' }, 'This operation requires a part number');
			}
			return 'UploadPart';
		default:
			return undefined;
	}
}
