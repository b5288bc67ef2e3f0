import type { Reply } from './answer';
import type { Call } from './call';
import { BUCKET } from './keys';
import { OWNER } from './list';
import { readLimit, readListQuery } from './list-query';
import { commonPrefixOf } from './listing';
import { findUpload } from './multipart';
import { Uploads, type Part, type Upload } from './uploads';
import { xmlDocument, type XmlValue } from './xml';

const INITIATOR = { Initiator: OWNER, Owner: OWNER, StorageClass: 'STANDARD' };

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
export function listParts(call: Call): Reply {
	const { context, request } = call;
	const upload = findUpload(call);
	const limit = readLimit(request.parameter('max-parts'), 'max-parts');
	const marker = Number(request.parameter('part-number-marker') ?? 0) || 0;
	const parts = new Uploads(context.database).parts(upload.id).filter(({ number }) => number > marker);
	const page = parts.slice(0, limit);
	return {
		status: 200,
		xml: xmlDocument('ListPartsResult', {
			Bucket: BUCKET,
			Key: request.key,
			UploadId: upload.id,
			...INITIATOR,
			PartNumberMarker: marker,
			NextPartNumberMarker: page.at(-1)?.number ?? 0,
			MaxParts: limit,
			IsTruncated: page.length < parts.length && page.length > 0,
			...checksumsOf(upload),
			Part: page.map((part) => partOf(part, upload)),
		}),
	};
}

function partOf({ number, lastModified, etag, size, checksum }: Part, { algorithm }: Upload): XmlValue {
	return {
		PartNumber: number,
		LastModified: lastModified.toISOString(),
		ETag: `"${etag}"`,
		Size: size,
		...(algorithm && { [`Checksum${algorithm}`]: checksum }),
	};
}

function checksumsOf({ algorithm, checksumType }: Upload): { [name: string]: XmlValue } {
	return { ChecksumAlgorithm: algorithm, ChecksumType: checksumType };
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html */
export function listMultipartUploads({ context, request }: Call): Reply {
	const { prefix, delimiter, limit, encode, encodingType } = readListQuery(request, 'max-uploads');
	const keyMarker = request.parameter('key-marker') ?? '';
	const idMarker = request.parameter('upload-id-marker') ?? '';
	const matching = new Uploads(context.database)
		.inSpace(prefix.split('/').slice(0, 3).join('/'))
		.map((upload) => ({ key: upload.path.join('/'), upload }))
		.filter(({ key }) => key.startsWith(prefix));
	const isGrouped = (key: string) => commonPrefixOf(key, prefix, delimiter) !== undefined;
	const single = matching.filter(({ key }) => !isGrouped(key));
	const marked = single.findIndex(({ key, upload }) => key === keyMarker && upload.id === idMarker);
	const rest =
		marked >= 0
			? single.slice(marked + 1)
			: single.filter(({ key }) => Buffer.compare(Buffer.from(key), Buffer.from(keyMarker)) > 0);
	const page = rest.slice(0, limit);
	const isTruncated = page.length > 0 && page.length < rest.length;
	const prefixes = new Set(keyMarker === '' ? matching.map(({ key }) => commonPrefixOf(key, prefix, delimiter)) : []);
	return {
		status: 200,
		xml: xmlDocument('ListMultipartUploadsResult', {
			Bucket: BUCKET,
			KeyMarker: encode(keyMarker),
			UploadIdMarker: idMarker,
			NextKeyMarker: isTruncated ? encode(page.at(-1)!.key) : undefined,
			NextUploadIdMarker: isTruncated ? page.at(-1)!.upload.id : undefined,
			Prefix: encode(prefix),
			Delimiter: delimiter === '' ? undefined : encode(delimiter),
			EncodingType: encodingType,
			MaxUploads: limit,
			IsTruncated: isTruncated,
			Upload: page.map(({ key, upload }) => ({
				Key: encode(key),
				UploadId: upload.id,
				...INITIATOR,
				Initiated: upload.started.toISOString(),
				...checksumsOf(upload),
			})),
			CommonPrefixes: [...prefixes].filter((each) => each !== undefined).map((each) => ({ Prefix: encode(each) })),
		}),
	};
}
