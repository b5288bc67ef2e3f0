import type { Content } from '../state/content';
import type { Reply } from './answer';
import type { Call } from './call';
import { namesEtag } from './conditions';
import { S3Error } from './errors';
import { Payload, type BodyFault, type VerifiedChecksum } from './payload';
import { storedHeaders, type StoredChecksum } from './stored-checksums';

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export async function putObject(call: Call): Promise<Reply> {
	const { context, checksums, request, caller, username, path } = call;
	checkReplaces(call);
	const { content, checksum } = await receiveBody(call, new Payload(request, caller));
	const trackingId = request.parameter('x-amz-meta-tracking-id');
	const method = caller.key.sessionToken === undefined ? 'rest' : 's3';
	const contentType = request.header('content-type');
	const stored: StoredChecksum | undefined = checksum && { ...checksum, type: 'FULL_OBJECT' };
	try {
		// Another file may have come meanwhile.
		checkReplaces(call);
		if (stored) checksums.keep(content.id, stored);
		await context.submissions.receive(path, content, {
			method,
			username,
			trackingId: method === 'rest' ? trackingId : undefined,
			facts: { contentType, etag: content.md5 },
		});
	} catch (error) {
		await context.store.release(content.id);
		throw error;
	}
	return { status: 200, headers: { ETag: `"${content.md5}"`, ...storedHeaders(stored) } };
}

/** Takes a body into the content folder. A body that is not what it should be leaves nothing behind. */
export async function receiveBody(
	{ context, incoming, response, fault }: Call,
	payload: Payload,
): Promise<{ content: Content; checksum: VerifiedChecksum | undefined }> {
	const content = await context.contents.receive(payload.bytes(incoming, response, bodyFault(fault?.effect)));
	try {
		return { content, checksum: payload.verify(content) };
	} catch (error) {
		await context.contents.remove(content.id);
		throw error;
	}
}

function bodyFault(effect: string | undefined): BodyFault {
	return effect === 'cut' || effect === 'disk-full' ? effect : undefined;
}

/**
 * The conditions of a write.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 *
 * @throws S3Error PreconditionFailed, NoSuchKey, NotImplemented
 */
export function checkReplaces({ context, request, path }: Call): void {
	const noneMatch = request.header('if-none-match');
	const match = request.header('if-match');
	if (noneMatch === undefined && match === undefined) return;
	if ((noneMatch !== undefined && noneMatch !== '*') || (noneMatch !== undefined && match !== undefined)) {
		throw new S3Error('NotImplemented', { Header: 'If-None-Match' });
	}
	const existing = context.store.find(path);
	if (noneMatch !== undefined && existing) throw new S3Error('PreconditionFailed', { Condition: 'If-None-Match' });
	if (match === undefined) return;
	if (!existing) throw new S3Error('NoSuchKey', { Key: request.key });
	if (!namesEtag(match, existing.etag)) throw new S3Error('PreconditionFailed', { Condition: 'If-Match' });
}
