import type { _Object as S3Object } from '@aws-sdk/client-s3';
import { FileXError } from '../errors';
import type { RemoteFile } from '../space';
import type { S3Access } from './access';
import type { S3Place } from './place';

/** All files right under a prefix, page by page. @param what the sub-space, to be named in errors */
export async function listFiles(access: S3Access, { bucket, prefix }: S3Place, what: string): Promise<RemoteFile[]> {
	const files: RemoteFile[] = [];
	let token: string | undefined;
	do {
		const query = { Bucket: bucket, Prefix: prefix, Delimiter: '/', ContinuationToken: token };
		const page = await access.repeatedly(what, async ({ s3, sdk, abortSignal }) => await s3.send(new sdk.ListObjectsV2Command(query), { abortSignal }));
		for (const object of page.Contents ?? []) {
			// A folder's own entry, which some tools make, is not a file in it.
			if (object.Key !== prefix) files.push(fileOf(object, prefix, what));
		}
		token = page.NextContinuationToken;
		if (page.IsTruncated && token === undefined) throw notAListing(what, 'it breaks off');
	} while (token !== undefined);
	return files;
}

function fileOf({ Key, Size, LastModified }: S3Object, prefix: string, what: string): RemoteFile {
	if (!Key?.startsWith(prefix) || Size === undefined || LastModified === undefined) throw notAListing(what, 'an entry lacks its name, size or time');
	return { name: Key.slice(prefix.length), size: Size, lastModified: LastModified };
}

function notAListing(what: string, reason: string): FileXError {
	return new FileXError('unexpected-answer', `S3 answered with something that is no listing of '${what}': ${reason}`, {
		hint: "Check 'S3 URL' in the credential if you set one, and whether a proxy answers in the place of S3. Running it again is safe.",
		retrySafe: true,
	});
}
