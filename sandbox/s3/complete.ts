import type { Reply } from './answer';
import type { Call } from './call';
import { CHECKSUM_ALGORITHMS, checksumHeader, type ChecksumClaim } from './checksums';
import { chooseParts, compositeEtag, objectChecksum, readNamedParts } from './completion';
import { readDocument } from './document';
import { S3Error } from './errors';
import { keepAlive } from './keep-alive';
import { BUCKET } from './keys';
import { findUpload } from './multipart';
import { checkReplaces } from './put';
import type { RunningUploads } from './running';
import { Uploads, type Part, type Upload } from './uploads';
import { rootElement, type XmlValue } from './xml';

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export async function completeMultipartUpload(call: Call, running: RunningUploads): Promise<Reply> {
	const { context } = call;
	findUpload(call);
	const named = readNamedParts(await readDocument(call));
	// It may be gone since, as reading took its time.
	const upload = findUpload(call);
	const parts = chooseParts(upload, named, new Uploads(context.database).parts(upload.id));
	const checksum = objectChecksum(upload, parts);
	checkWhole(call, upload, parts, checksum);
	checkReplaces(call);
	const etag = compositeEtag(parts);
	const xml = (): string => rootElement('CompleteMultipartUploadResult', resultOf(call, upload, etag, checksum));
	return await keepAlive(async () => {
		await running.join(upload.id, async () => await file(call, upload, parts, { etag, checksum }));
		return xml();
	});
}

/** Files the whole and ends the upload in one: a process that is killed leaves an upload that can be completed, or a filing, never both. */
async function file(
	call: Call,
	{ id, contentType, algorithm, checksumType }: Upload,
	parts: Part[],
	{ etag, checksum }: { etag: string; checksum: string | undefined },
): Promise<void> {
	const { context, checksums, caller, path, username } = call;
	const content = await context.contents.concatenate(parts.map((part) => part.content));
	let spent: string[] = [];
	const also = () => {
		spent = new Uploads(context.database).end(id);
	};
	try {
		// Another file may have come meanwhile.
		checkReplaces(call);
		if (checksum !== undefined)
			checksums.keep(content.id, { algorithm: algorithm!, value: checksum, type: checksumType! });
		await context.submissions.receive(path, content, {
			method: caller.key.sessionToken === undefined ? 'rest' : 's3',
			username,
			facts: { contentType, etag },
			also,
		});
	} catch (error) {
		await context.store.release(content.id);
		throw error;
	}
	await context.store.release(...spent);
}

/** What the client says of the whole object. @throws S3Error InvalidRequest, BadDigest */
function checkWhole(
	{ request }: Call,
	{ algorithm, checksumType }: Upload,
	parts: Part[],
	checksum: string | undefined,
): void {
	const size = parts.reduce((sum, part) => sum + part.size, 0);
	const claimedSize = request.header('x-amz-mp-object-size');
	if (claimedSize !== undefined && claimedSize !== String(size)) {
		throw new S3Error(
			'InvalidRequest',
			{},
			`The provided 'x-amz-mp-object-size' header value ${claimedSize} does not match what was computed: ${size}`,
		);
	}
	const claimedType = request.header('x-amz-checksum-type');
	if (claimedType !== undefined && claimedType.toUpperCase() !== checksumType) {
		throw new S3Error(
			'InvalidRequest',
			{},
			`The upload was created using the ${checksumType ?? 'null'} checksum mode. The complete request must use the same checksum mode.`,
		);
	}
	const claim = readWholeClaim(request.header);
	if (!claim) return;
	if (claim.algorithm !== algorithm) {
		throw new S3Error(
			'InvalidRequest',
			{},
			`Checksum Type mismatch occurred, expected checksum Type: ${algorithm?.toLowerCase() ?? 'null'}, actual checksum Type: ${claim.algorithm.toLowerCase()}`,
		);
	}
	// Clients leave out the number of parts of a composite checksum.
	if (claim.value !== checksum && claim.value !== checksum?.replace(/-\d+$/, '')) {
		throw new S3Error('BadDigest', {}, `The ${claim.algorithm} you specified did not match the calculated checksum.`);
	}
}

function readWholeClaim(header: (name: string) => string | undefined): ChecksumClaim | undefined {
	for (const algorithm of CHECKSUM_ALGORITHMS) {
		const value = header(checksumHeader(algorithm));
		if (value !== undefined) return { algorithm, value };
	}
	return undefined;
}

function resultOf(
	{ request }: Call,
	{ algorithm, checksumType }: Upload,
	etag: string,
	checksum: string | undefined,
): XmlValue {
	return {
		Location: `http://${request.header('host') ?? ''}${request.path}`,
		Bucket: BUCKET,
		Key: request.key,
		ETag: `"${etag}"`,
		...(algorithm && { [`Checksum${algorithm}`]: checksum, ChecksumType: checksumType }),
	};
}
