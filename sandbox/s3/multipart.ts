import type { Reply } from './answer';
import type { Call } from './call';
import { checksumHeader, readAlgorithm, type ChecksumAlgorithm } from './checksums';
import { S3Error } from './errors';
import { BUCKET } from './keys';
import { Payload } from './payload';
import { receiveBody } from './put';
import type { RunningUploads } from './running';
import { Uploads, type ChecksumType, type Upload } from './uploads';
import { xmlDocument } from './xml';

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MAX_PARTS = 10_000;

/** When an upload that was not completed is forgotten, in milliseconds: as long as fileX keeps files. */
const ABANDONED = 30 * 24 * 3600 * 1000;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
export async function createMultipartUpload({ context, request, path, username }: Call): Promise<Reply> {
	const checksums = readChecksumChoice(
		request.header('x-amz-checksum-algorithm'),
		request.header('x-amz-checksum-type'),
	);
	const upload = { path, started: context.clock.now(), contentType: request.header('content-type'), ...checksums };
	const uploads = new Uploads(context.database);
	await context.store.release(...uploads.endOlder(new Date(upload.started.getTime() - ABANDONED)));
	const id = uploads.begin(upload, username);
	return {
		status: 200,
		headers: { 'x-amz-checksum-algorithm': checksums.algorithm, 'x-amz-checksum-type': checksums.checksumType },
		xml: xmlDocument('InitiateMultipartUploadResult', { Bucket: BUCKET, Key: request.key, UploadId: id }),
	};
}

/**
 * The checksum that an upload shall have. SHA checksums cannot be put together from those of parts,
 * and S3 has CRC64NVME of whole objects only.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 *
 * @throws S3Error InvalidRequest
 */
function readChecksumChoice(
	algorithmName: string | undefined,
	typeName: string | undefined,
): Pick<Upload, 'algorithm' | 'checksumType'> {
	const algorithm = algorithmName === undefined ? undefined : readAlgorithm(algorithmName);
	if (algorithmName !== undefined && !algorithm) {
		throw new S3Error(
			'InvalidRequest',
			{},
			'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
		);
	}
	const checksumType = typeName?.toUpperCase() as ChecksumType | undefined;
	if (checksumType !== undefined && checksumType !== 'COMPOSITE' && checksumType !== 'FULL_OBJECT') {
		throw new S3Error('InvalidRequest', {}, 'Value for x-amz-checksum-type header is invalid.');
	}
	if (!algorithm) {
		if (checksumType === undefined) return { algorithm: undefined, checksumType: undefined };
		throw new S3Error(
			'InvalidRequest',
			{},
			'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
		);
	}
	const only = onlyType(algorithm);
	if (only && checksumType && checksumType !== only) {
		throw new S3Error(
			'InvalidRequest',
			{},
			`The ${checksumType} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
		);
	}
	return { algorithm, checksumType: only ?? checksumType ?? 'COMPOSITE' };
}

function onlyType(algorithm: ChecksumAlgorithm): ChecksumType | undefined {
	if (algorithm === 'CRC64NVME') return 'FULL_OBJECT';
	return algorithm.startsWith('SHA') ? 'COMPOSITE' : undefined;
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export async function uploadPart(call: Call, running: RunningUploads): Promise<Reply> {
	const { context, request, caller } = call;
	const number = Number(request.parameter('partNumber'));
	if (!Number.isInteger(number) || number < 1 || number > MAX_PARTS) {
		throw new S3Error(
			'InvalidArgument',
			{ ArgumentName: 'partNumber', ArgumentValue: request.parameter('partNumber')! },
			`Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`,
		);
	}
	const uploads = new Uploads(context.database);
	const upload = findUpload(call);
	const payload = new Payload(request, caller, { also: upload.algorithm });
	const { content, checksum } = await receiveBody(call, payload);
	try {
		checkPartAlgorithm(upload, checksum?.algorithm);
		const { id, size, md5 } = content;
		const part = {
			number,
			content: id,
			size,
			etag: md5,
			checksum: upload.algorithm && payload.checksum(upload.algorithm),
			lastModified: context.clock.now(),
		};
		// What is being put together must not change any more.
		const put = !running.has(upload.id) && uploads.putPart(upload.id, part);
		if (!put) throw noSuchUpload(upload.id);
		await context.store.release(put.replaced);
	} catch (error) {
		await context.store.release(content.id);
		throw error;
	}
	return {
		status: 200,
		headers: { ETag: `"${content.md5}"`, ...(checksum && { [checksumHeader(checksum.algorithm)]: checksum.value }) },
	};
}

function checkPartAlgorithm({ algorithm, checksumType }: Upload, sent: ChecksumAlgorithm | undefined): void {
	// Of whole objects, S3 takes the checksums of parts itself.
	if (algorithm === undefined || sent === algorithm || (sent === undefined && checksumType === 'FULL_OBJECT')) return;
	const name = (each: ChecksumAlgorithm | undefined) => each?.toLowerCase() ?? 'null';
	throw new S3Error(
		'InvalidRequest',
		{},
		`Checksum Type mismatch occurred, expected checksum Type: ${name(algorithm)}, actual checksum Type: ${name(sent)}`,
	);
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export async function abortMultipartUpload(call: Call, running: RunningUploads): Promise<Reply> {
	const { id } = findUpload(call);
	if (running.has(id)) throw noSuchUpload(id);
	await call.context.store.release(...new Uploads(call.context.database).end(id));
	return { status: 204 };
}

/** The upload that a request is about. @throws S3Error NoSuchUpload */
export function findUpload({ context, request, path }: Call): Upload {
	const id = request.parameter('uploadId') ?? '';
	const upload = new Uploads(context.database).find(id, path);
	if (!upload) throw noSuchUpload(id);
	return upload;
}

function noSuchUpload(id: string): S3Error {
	return new S3Error('NoSuchUpload', { UploadId: id });
}
