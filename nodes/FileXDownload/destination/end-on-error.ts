import { finished, PassThrough, type Readable } from 'node:stream';

/** The same bytes; where they break off it ends anyway: n8n's helper would wait indefinitely. */
export function endOnError(source: Readable): { stream: Readable; failure: () => Error | undefined } {
	const stream = new PassThrough({ highWaterMark: 2 ** 20 });
	let failure: Error | undefined;
	// It may have broken before it came here.
	finished(source, { writable: false }, (error) => {
		failure = error ?? undefined;
		stream.end();
	});
	source.pipe(stream, { end: false });
	return { stream, failure: () => failure };
}
