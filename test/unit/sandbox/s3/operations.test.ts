import type { Caller } from '../../../../sandbox/s3/authenticate';
import { authorise, pathOfKey } from '../../../../sandbox/s3/authorise';
import type { S3Key } from '../../../../sandbox/s3/keys';
import { operationOf } from '../../../../sandbox/s3/operations';
import { readRequest } from '../../../../sandbox/s3/request';

function request(line: string, headers: Record<string, string> = {}, host = 'localhost') {
	const [method, url] = line.split(' ') as [string, string];
	return readRequest({ method, url, rawHeaders: Object.entries({ host, ...headers }).flat() }, 'bucket-filex');
}

it.each([
	['GET /bucket-filex/a', 'GetObject'],
	['GET /bucket-filex/a?x-id=GetObject&response-content-type=a', 'GetObject'],
	['HEAD /bucket-filex/a', 'HeadObject'],
	['PUT /bucket-filex/a', 'PutObject'],
	['POST /bucket-filex/a?uploads', 'CreateMultipartUpload'],
	['PUT /bucket-filex/a?partNumber=1&uploadId=x', 'UploadPart'],
	['POST /bucket-filex/a?uploadId=x', 'CompleteMultipartUpload'],
	['DELETE /bucket-filex/a?uploadId=x', 'AbortMultipartUpload'],
	['GET /bucket-filex/a?uploadId=x', 'ListParts'],
	['GET /bucket-filex?uploads', 'ListMultipartUploads'],
	['GET /bucket-filex', 'ListObjects'],
	['GET /bucket-filex/?list-type=2', 'ListObjectsV2'],
	['GET /bucket-filex/?location', 'GetBucketLocation'],
	['HEAD /bucket-filex', 'HeadBucket'],
	['DELETE /bucket-filex/a', undefined],
	['POST /bucket-filex?delete', undefined],
	['POST /bucket-filex', undefined],
	['PUT /bucket-filex', undefined],
	['GET /', undefined],
	['GET /bucket-filex/a?acl', undefined],
	['PUT /bucket-filex/a?tagging', undefined],
	['GET /bucket-filex/a?versionId=x', undefined],
	['PUT /bucket-filex/a?uploadId=x&partNumber=1&acl', undefined],
])('knows %s as %s', (line, operation) => {
	expect(operationOf(request(line))).toBe(operation);
});

it('knows copies by their header', () => {
	expect(operationOf(request('PUT /bucket-filex/a', { 'x-amz-copy-source': '/b/c' }))).toBeUndefined();
	expect(
		operationOf(request('PUT /bucket-filex/a?uploadId=x&partNumber=1', { 'x-amz-copy-source': '/b/c' })),
	).toBeUndefined();
});

it.each([
	['PATCH /bucket-filex/a', 'MethodNotAllowed'],
	['POST /bucket-filex/a', 'MethodNotAllowed'],
	['GET /bucket-filex/a?partNumber=1', 'NotImplemented'],
	['GET /bucket-filex?list-type=3', 'InvalidArgument'],
	['PUT /bucket-filex/a?uploadId=x', 'InvalidArgument'],
])('refuses %s with %s', (line, code) => {
	expect(() => operationOf(request(line))).toThrow(expect.objectContaining({ code }));
});

it('reads targets in both styles, and leaves keys as they are', () => {
	expect(request('GET /bucket-filex//a/../b%2Fc%20+?x=1+2&y&x=3')).toMatchObject({
		bucket: 'bucket-filex',
		key: '/a/../b/c +',
		query: [
			['x', '1 2'],
			['y', ''],
			['x', '3'],
		],
	});
	expect(request('GET /a/b', {}, 'BUCKET-filex.localhost:9000')).toMatchObject({ bucket: 'bucket-filex', key: 'a/b' });
	expect(request('GET /bucket-filex')).toMatchObject({ bucket: 'bucket-filex', key: '' });
	expect(request('GET /')).toMatchObject({ bucket: '', key: '' });
	expect(() => request('GET /bucket-filex/%')).toThrow(expect.objectContaining({ code: 'InvalidURI' }));
	expect(() => request('GET /bucket-filex/%ff')).toThrow(expect.objectContaining({ code: 'InvalidURI' }));
	expect(() => request('GET /bucket-filex?prefix=%zz')).toThrow(expect.objectContaining({ code: 'InvalidURI' }));
});

const SESSION = {
	sessionToken: 'token',
	readPaths: ['bucket-filex/0001/app1/out/'],
	writePaths: ['bucket-filex/0001/app1/in/'],
} as unknown as S3Key;
const SERVICE = { sessionToken: undefined, readPaths: [], writePaths: [] } as unknown as S3Key;

function allow(
	line: string,
	{
		key = SESSION,
		isPresigned = false,
		headers = {},
	}: { key?: S3Key; isPresigned?: boolean; headers?: Record<string, string> } = {},
): void {
	const asked = request(line, headers);
	authorise({ key, isPresigned } as Caller, operationOf(asked)!, asked);
}

it.each([
	'GET /bucket-filex/0001/app1/out/a',
	'HEAD /bucket-filex/0001/app1/out/a',
	'GET /bucket-filex?list-type=2&prefix=0001/app1/out/',
	'GET /bucket-filex?prefix=0001/app1/out/a',
	'HEAD /bucket-filex',
	'GET /bucket-filex?location',
	'PUT /bucket-filex/0001/app1/in/a',
	'POST /bucket-filex/0001/app1/in/a?uploads',
	'GET /bucket-filex?uploads&prefix=0001/app1/in/',
])('lets a session %s', (line) => {
	expect(() => allow(line)).not.toThrow();
});

it.each([
	'GET /bucket-filex/0001/app1/in/a',
	'GET /bucket-filex/0001/app1/out2/a',
	'GET /bucket-filex/0001/app1/out/',
	'GET /bucket-filex?list-type=2',
	'GET /bucket-filex?list-type=2&prefix=0001/app1/out',
	'GET /bucket-filex?list-type=2&prefix=0001/app1/in/',
	'PUT /bucket-filex/0001/app1/out/a',
	'PUT /bucket-filex/0001/app1/in',
	'GET /bucket-filex?uploads',
])('does not let a session %s', (line) => {
	expect(() => allow(line)).toThrow(expect.objectContaining({ code: 'AccessDenied' }));
});

it('lets the service do what its URLs say, and nothing else', () => {
	expect(() => allow('PUT /bucket-filex/0001/app1/in/a', { key: SERVICE, isPresigned: true })).not.toThrow();
	expect(() => allow('PUT /bucket-filex/0001/app1/in/a', { key: SERVICE })).toThrow(
		expect.objectContaining({ code: 'AccessDenied' }),
	);
	expect(() => allow('POST /bucket-filex/0001/app1/in/a?uploads', { key: SERVICE, isPresigned: true })).toThrow(
		expect.objectContaining({ code: 'AccessDenied' }),
	);
});

it('takes a slash for a letter of a name, which fileX does not take', () => {
	expect(pathOfKey('0001/app1/out/a/b')).toEqual(['0001', 'app1', 'out', 'a/b']);
	expect(pathOfKey('0001/app1/out/../in/a')).toEqual(['0001', 'app1', 'out', '../in/a']);
	expect(pathOfKey('0001//out/a')).toBeUndefined();
	expect(() => allow('PUT /bucket-filex/0001/app1/in/a/b')).toThrow(
		expect.objectContaining({ code: 'InvalidArgument' }),
	);
});

it('says which names fileX takes', () => {
	expect(() => allow('PUT /bucket-filex/0001/app1/in/a%20b')).toThrow(
		/letters, digits and the characters : ! @ , & - = ' _ \./,
	);
});

it('refuses keys that are too long, counted in bytes', () => {
	expect(() => allow(`GET /bucket-filex/0001/app1/out/${'%C3%BC'.repeat(600)}`)).toThrow(
		expect.objectContaining({ code: 'KeyTooLongError' }),
	);
});

it.each([
	[{ 'x-amz-acl': 'public-read' }, 'AccessDenied'],
	[{ 'x-amz-grant-read': 'x' }, 'AccessDenied'],
	[{ 'x-amz-tagging': 'a=b' }, 'AccessDenied'],
	[{ 'x-amz-write-offset-bytes': '5' }, 'NotImplemented'],
])('refuses to write with %j', (headers, code) => {
	expect(() => allow('PUT /bucket-filex/0001/app1/in/a', { headers: headers as Record<string, string> })).toThrow(
		expect.objectContaining({ code }),
	);
});
