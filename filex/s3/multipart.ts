import { cancelled, FileXError } from '../errors';
import type { FileContent, UploadOutcome } from '../space';
import type { UploadBody } from '../transfer/upload-body';
import { withUploadBody } from '../transfer/with-upload-body';
import { mapLimit } from '../util/map-limit';
import type { S3Access } from './access';
import { complete } from './completion';
import type { S3Object } from './location';
import { MultipartCalls } from './multipart-calls';
import { PartMemory } from './part-memory';
import { type PartPlan, planParts, sizeOfPart } from './part-plan';
import { PartSource } from './part-source';
import { NO_LIMIT } from './put';
import { isTransient } from './refused-upload';
import { brokenSignal, requestBody } from './request-body';

/** Two parts of most files. */
const partMemory = new PartMemory(32 * 2 ** 20);

/** Sends a file in parts. Until they are put together nothing is submitted, and after a failure they are thrown away. */
export async function putInParts(
	access: S3Access,
	object: S3Object,
	content: FileContent,
	signal: AbortSignal,
): Promise<UploadOutcome> {
	// Bytes wait in memory until a part is full: each part's time is minded instead.
	return await withUploadBody(
		content,
		object.path,
		async (body) => await sendBody(access, object, content.size, body, signal),
		{ idle: NO_LIMIT },
	);
}

async function sendBody(
	access: S3Access,
	object: S3Object,
	size: number,
	body: UploadBody,
	signal: AbortSignal,
): Promise<UploadOutcome> {
	const { path } = object;
	const over = AbortSignal.any([signal, brokenSignal(body.stream)]);
	const end = () => body.stream.destroy();
	over.addEventListener('abort', end, { once: true });
	const calls = new MultipartCalls(access, object, over);
	try {
		await sendAll(calls, size, body, over);
		return await complete(calls, path, body.sha256()!);
	} catch (error) {
		const reason =
			body.failure() ??
			(signal.aborted ? cancelled(`Sending '${path}'`) : known(error, path, access.words.nothingDone));
		return { outcome: 'rejected', mayRepeat: isTransient(reason), error: reason };
	} finally {
		over.removeEventListener('abort', end);
	}
}

/** Sends all parts of a file, and proves its size. */
async function sendAll(calls: MultipartCalls, size: number, body: UploadBody, signal: AbortSignal): Promise<void> {
	await calls.create();
	try {
		const source = new PartSource(body.stream);
		await sendParts(calls, size, source, signal);
		await source.end();
	} catch (error) {
		await calls.abort();
		throw error;
	}
}

/** Fails only after all parts that were under way have ended: one that came later would stay indefinitely. */
async function sendParts(calls: MultipartCalls, size: number, source: PartSource, over: AbortSignal): Promise<void> {
	const plan = planParts(size);
	const { buffers, release } = partMemory.take(plan);
	try {
		await sendWith(buffers, plan, calls, size, source, over);
	} finally {
		release();
	}
}

async function sendWith(
	buffers: number,
	plan: PartPlan,
	calls: MultipartCalls,
	size: number,
	source: PartSource,
	over: AbortSignal,
): Promise<void> {
	const free = Array.from({ length: buffers }, () => Buffer.allocUnsafeSlow(plan.partSize));
	const failed = new AbortController();
	const signal = AbortSignal.any([over, failed.signal]);
	const numbers = Array.from({ length: plan.parts }, (_, index) => index + 1);
	await mapLimit(numbers, buffers, async (number) => {
		if (failed.signal.aborted) return;
		const length = sizeOfPart(plan, size, number);
		try {
			const buffer = free.pop();
			if (!buffer) return await calls.stream(number, requestBody(source.stream(length)), length, signal);
			const part = buffer.subarray(0, length);
			await source.fill(part);
			await calls.send(number, part, signal);
			free.push(buffer);
		} catch (error) {
			failed.abort(error);
		}
	});
	failed.signal.throwIfAborted();
}

function known(error: unknown, path: string, nothingDone: string): FileXError {
	if (error instanceof FileXError) return error;
	return new FileXError(
		'unavailable',
		`Sending '${path}' was broken off: ${error instanceof Error ? error.message : String(error)}`,
		{
			hint: `${nothingDone} Running it again is safe.`,
			retrySafe: true,
		},
	);
}
