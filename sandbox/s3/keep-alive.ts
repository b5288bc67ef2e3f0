import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Reply } from './answer';
import { S3Error } from './errors';
import { element, XML_DECLARATION } from './xml';

/** Milliseconds before the first sign of life: until then an error still has its own status. */
const PATIENCE = 20_000;

/** Milliseconds between signs of life. */
const PERIOD = 10_000;

/**
 * Answers work that may take longer than clients wait: after a while the answer begins with 200 and
 * white space, and may then still turn out to be an error.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 *
 * @param work gives the root element of the answer
 */
export async function keepAlive(work: () => Promise<string>, patience = PATIENCE, period = PERIOD): Promise<Reply> {
	const result = work();
	const over = new AbortController();
	const slow = wait(patience, 'slow' as const, { signal: over.signal }).catch(() => 'slow' as const);
	try {
		const first = await Promise.race([result.then((xml) => ({ xml })), slow]);
		if (first !== 'slow') return { status: 200, xml: XML_DECLARATION + first.xml };
	} finally {
		over.abort();
	}
	return {
		status: 200,
		headers: { 'Content-Type': 'application/xml' },
		stream: async (response) => await writeLate(response, result.catch(errorElement), period),
	};
}

async function writeLate(response: ServerResponse, result: Promise<string>, period: number): Promise<void> {
	response.write(XML_DECLARATION);
	const signs = setInterval(() => response.write(' '), period);
	try {
		response.end(await result);
	} finally {
		clearInterval(signs);
	}
}

function errorElement(error: unknown): string {
	const { code, message, details } = error instanceof S3Error ? error : new S3Error('InternalError');
	return element('Error', { Code: code, Message: message, ...details });
}
