import type { Readable } from 'node:stream';
import type { SFTPWrapper } from 'ssh2';

export interface WriteOptions {
	/** Requests on their way at a time; 1 means strictly one after the other (guide, FAQ 36). */
	inFlight?: number;
}

/** Bytes of one request: what every server takes. */
const CHUNK = 32_768;

/**
 * Writes a stream into an open file from its first byte on, with many requests in flight, each for a
 * place of its own. Resolves when the server has acknowledged every byte; fails with what the server or
 * the stream says. It does not close the handle: that would file what is there.
 */
export async function pipelinedWrite(
	sftp: SFTPWrapper,
	handle: Buffer,
	source: Readable,
	{ inFlight = 64 }: WriteOptions = {},
): Promise<void> {
	let position = 0;
	let underWay = 0;
	let failure: Error | undefined;
	let wake = () => {};
	const fewerThan = async (limit: number) => {
		while (underWay >= limit && !failure) await new Promise<void>((resolve) => (wake = resolve));
		if (failure) throw failure;
	};
	for await (const bytes of source as AsyncIterable<Buffer>) {
		for (let at = 0; at < bytes.length; at += CHUNK) {
			await fewerThan(inFlight);
			const length = Math.min(CHUNK, bytes.length - at);
			underWay++;
			sftp.write(handle, bytes, at, length, position, (error) => {
				underWay--;
				if (error) {
					failure ??= error;
					// It may be a long time until there is more to send.
					source.destroy(failure);
				}
				wake();
			});
			position += length;
		}
	}
	await fewerThan(1);
}
