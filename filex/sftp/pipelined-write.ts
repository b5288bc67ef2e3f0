import type { Readable } from 'node:stream';
import type { SFTPWrapper } from 'ssh2';
import { connectionEnded, FlightWindow } from './flight-window';

export interface WriteOptions {
	/** Requests on their way at a time; 1 means strictly one after the other (guide, FAQ 36). */
	inFlight?: number;
	/** The connection's. */
	window?: FlightWindow;
}

/** Bytes of one request: what every server takes. */
const CHUNK = 32_768;

/**
 * Writes a stream into an open file from its first byte on, with as many requests in flight as the connection's window
 * allows, each for a place of its own. Resolves when the server has acknowledged every byte; fails with what the server
 * or the stream says. It does not close the handle: that would file what is there.
 */
export async function pipelinedWrite(
	sftp: SFTPWrapper,
	handle: Buffer,
	source: Readable,
	{ inFlight = Infinity, window = new FlightWindow() }: WriteOptions = {},
): Promise<void> {
	let position = 0;
	let underWay = 0;
	let failure: Error | undefined;
	let wake = () => {};
	const fewerThan = async (limit: number) => {
		while (underWay >= limit && !failure) await new Promise<void>((resolve) => (wake = resolve));
		if (failure) throw failure;
	};
	const write = (bytes: Buffer, at: number, length: number) => {
		const sentAt = window.time();
		underWay++;
		sftp.write(handle, bytes, at, length, position, (error) => {
			underWay--;
			if (error) {
				window.giveBack(length);
				failure ??= error;
				// It may be a long time until there is more to send.
				source.destroy(failure);
			} else {
				window.answered(length, sentAt);
			}
			wake();
		});
		position += length;
	};
	for await (const bytes of source as AsyncIterable<Buffer>) {
		for (let at = 0; at < bytes.length;) {
			await fewerThan(inFlight);
			const wanted = Math.min(CHUNK, bytes.length - at);
			const length = await new Promise<number | undefined>((go) => window.take(wanted, go));
			if (length === undefined) throw failure ?? connectionEnded();
			if (failure) {
				window.giveBack(length);
				throw failure;
			}
			write(bytes, at, length);
			at += length;
		}
	}
	await fewerThan(1);
}
