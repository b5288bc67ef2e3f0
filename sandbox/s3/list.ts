import type { Reply } from './answer';
import type { Call } from './call';
import { BUCKET } from './keys';
import { type ListQuery, readListQuery, readToken, writeToken } from './list-query';
import { commonPrefixOf, type Cursor, filesOf, type Listing, listPage, successor } from './listing';
import { xmlDocument, type XmlValue } from './xml';

/** Who owns everything here, as S3 names owners. */
export const OWNER = { ID: '75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a', DisplayName: 'filex' };

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function listObjectsV2(call: Call): Reply {
	const { parameter } = call.request;
	const query = readListQuery(call.request, 'max-keys');
	const token = parameter('continuation-token');
	const after = parameter('start-after');
	const from =
		token !== undefined ? readToken(token) : after === undefined ? undefined : { key: after, inclusive: false };
	const listing = pageOf(call, query, from);
	return {
		status: 200,
		xml: xmlDocument('ListBucketResult', {
			Name: BUCKET,
			Prefix: query.encode(query.prefix),
			Delimiter: query.delimiter === '' ? undefined : query.encode(query.delimiter),
			StartAfter: after && query.encode(after),
			ContinuationToken: token,
			NextContinuationToken: listing.next && writeToken(listing.next),
			KeyCount: listing.files.length + listing.commonPrefixes.length,
			MaxKeys: query.limit,
			EncodingType: query.encodingType,
			IsTruncated: listing.next !== undefined,
			...contentsOf(listing, query),
		}),
	};
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html */
export function listObjects(call: Call): Reply {
	const query = readListQuery(call.request, 'max-keys');
	const marker = call.request.parameter('marker') ?? '';
	const listing = pageOf(call, query, marker === '' ? undefined : afterMarker(marker, query));
	return {
		status: 200,
		xml: xmlDocument('ListBucketResult', {
			Name: BUCKET,
			Prefix: query.encode(query.prefix),
			Marker: query.encode(marker),
			// Without a delimiter, clients continue from the last key.
			NextMarker: listing.next && query.delimiter !== '' ? query.encode(listing.last!) : undefined,
			Delimiter: query.delimiter === '' ? undefined : query.encode(query.delimiter),
			MaxKeys: query.limit,
			EncodingType: query.encodingType,
			IsTruncated: listing.next !== undefined,
			...contentsOf(listing, query, OWNER),
		}),
	};
}

/** A marker that is a common prefix stands for all keys under it. */
function afterMarker(marker: string, { prefix, delimiter }: ListQuery): Cursor {
	const after =
		marker.startsWith(prefix) && commonPrefixOf(marker, prefix, delimiter) === marker ? successor(marker) : undefined;
	return after === undefined ? { key: marker, inclusive: false } : { key: after, inclusive: true };
}

function pageOf({ context, fault }: Call, { prefix, delimiter, limit }: ListQuery, from: Cursor | undefined): Listing {
	if (fault?.effect === 'empty') return { files: [], commonPrefixes: [], next: undefined, last: undefined };
	const space = prefix.split('/').slice(0, 3).join('/');
	return listPage(filesOf(context.database, space), { prefix, delimiter, from, limit });
}

function contentsOf(
	{ files, commonPrefixes }: Listing,
	{ encode }: ListQuery,
	owner?: XmlValue,
): { [name: string]: XmlValue } {
	return {
		Contents: files.map(({ key, size, etag, lastModified }) => ({
			Key: encode(key),
			LastModified: lastModified.toISOString(),
			ETag: `"${etag}"`,
			Size: size,
			Owner: owner,
			StorageClass: 'STANDARD',
		})),
		CommonPrefixes: commonPrefixes.map((each) => ({ Prefix: encode(each) })),
	};
}
