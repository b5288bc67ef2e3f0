import type { Readable } from 'node:stream';
import { FileXError, networkError } from '../errors';
import { abortable } from '../util/abortable';
import { deadline } from '../util/deadline';
import { type AnswerBounds, SMALL_ANSWER } from './answer-bounds';
import { type HttpAnswer, type HttpRequest, originOf } from './port';

type Send = (request: HttpRequest) => Promise<HttpAnswer<Readable>>;

/**
 * Makes a call and reads its answer as text, within its bounds, which hold from the call to the last byte: the time-outs
 * of HTTP clients begin again with each byte.
 *
 * @throws FileXError `unavailable` where it takes too long, `unexpected-answer` where it is too long
 */
export async function askForText(request: HttpRequest, send: Send): Promise<HttpAnswer<string>> {
	const { bounds = SMALL_ANSWER } = request;
	const limit = deadline(bounds.overall, `The answer of ${originOf(request.url)}`, request.signal);
	try {
		const answer = await unlessAborted(send({ ...request, signal: limit.signal }), limit.signal);
		return await withText(answer, request, bounds, limit.signal);
	} finally {
		limit.clear();
	}
}

/** Makes a call whose answer must begin in time, and is read by who asked for it. */
export async function askForStream(request: HttpRequest, send: Send): Promise<HttpAnswer<Readable>> {
	const { bounds = SMALL_ANSWER } = request;
	const limit = deadline(bounds.overall, `The answer of ${originOf(request.url)}`, request.signal);
	try {
		// Not by the limit's own signal, which would end with the first byte; what stops the call stops its body, too.
		return await unlessAborted(send(request), limit.signal);
	} finally {
		limit.clear();
	}
}

/** Reads the answer to an upload, which has no limit until its answer begins. */
export async function readUploadAnswer(
	request: HttpRequest,
	answer: HttpAnswer<Readable>,
): Promise<HttpAnswer<string>> {
	const { bounds = SMALL_ANSWER } = request;
	const limit = deadline(bounds.overall, `The answer of ${originOf(request.url)}`, request.signal);
	try {
		return await withText(answer, request, bounds, limit.signal);
	} finally {
		limit.clear();
	}
}

async function withText(
	answer: HttpAnswer<Readable>,
	{ url }: HttpRequest,
	bounds: AnswerBounds,
	signal: AbortSignal,
): Promise<HttpAnswer<string>> {
	return { ...answer, body: await readText(answer.body, originOf(url), bounds, signal) };
}

/** The result of a call, unless the signal aborts before: not every client heeds one. An answer that comes later is dropped. */
async function unlessAborted(call: Promise<HttpAnswer<Readable>>, signal: AbortSignal): Promise<HttpAnswer<Readable>> {
	try {
		return await abortable(call, signal, () => reasonOf(signal));
	} catch (error) {
		if (!signal.aborted) throw error;
		call.then(({ body }) => body.destroy()).catch(() => {});
		throw reasonOf(signal);
	}
}

async function readText(
	body: Readable,
	place: string,
	{ bytes, idle }: AnswerBounds,
	signal: AbortSignal,
): Promise<string> {
	const chunks: Buffer[] = [];
	let length = 0;
	const stop = () => body.destroy(reasonOf(signal));
	if (signal.aborted) stop();
	signal.addEventListener('abort', stop, { once: true });
	let timer = setTimeout(() => {}, 0);
	const wait = () => {
		clearTimeout(timer);
		timer = setTimeout(() => body.destroy(silent(place, idle)), idle);
	};
	try {
		wait();
		for await (const chunk of body as AsyncIterable<Buffer>) {
			wait();
			length += chunk.length;
			if (length > bytes) throw tooLong(place, bytes);
			chunks.push(chunk);
		}
		return Buffer.concat(chunks, length)
			.toString()
			.replace(/^\uFEFF/, '');
	} catch (error) {
		if (signal.aborted) throw reasonOf(signal);
		throw error instanceof FileXError ? error : networkError(place, error);
	} finally {
		clearTimeout(timer);
		signal.removeEventListener('abort', stop);
		body.destroy();
	}
}

function reasonOf({ reason }: AbortSignal): Error {
	return reason instanceof FileXError ? reason : networkError('', { code: 'ABORT_ERR' });
}

function silent(place: string, idle: number): FileXError {
	return new FileXError('unavailable', `The answer of ${place} stood still for ${idle / 1000} s and was stopped`, {
		hint: 'Nothing was changed. Running it again is safe.',
		retrySafe: true,
	});
}

function tooLong(place: string, bytes: number): FileXError {
	return new FileXError(
		'unexpected-answer',
		`The answer of ${place} is longer than ${bytes / 2 ** 20} MiB, so it was not read to its end`,
		{
			hint: 'Nothing was concluded from it. Check the address, and whether a proxy or a gateway answers in its place. Running it again is safe.',
			retrySafe: true,
			isForeign: true,
		},
	);
}
