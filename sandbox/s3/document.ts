import { createHash } from 'node:crypto';
import type { Call } from './call';
import { S3Error } from './errors';
import { Payload } from './payload';

/** Most bytes of a body that is read into memory. */
const MAX_DOCUMENT = 4 << 20;

/** Reads a body that is an XML document. @throws S3Error MaxMessageLengthExceeded, and what {@link Payload} throws */
export async function readDocument({ request, caller, incoming, response }: Call): Promise<string> {
	// A body may be absent as a whole.
	if (request.header('content-length') === undefined && request.header('transfer-encoding') === undefined) return '';
	const payload = new Payload(request, caller, { isDocument: true });
	if (payload.length > MAX_DOCUMENT)
		throw new S3Error('MaxMessageLengthExceeded', { MaxMessageLengthBytes: MAX_DOCUMENT });
	const pieces: Buffer[] = [];
	for await (const piece of payload.bytes(incoming, response)) pieces.push(piece);
	const bytes = Buffer.concat(pieces);
	const hash = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex');
	payload.verify({ md5: hash('md5'), sha256: hash('sha256') });
	return bytes.toString('utf8');
}
