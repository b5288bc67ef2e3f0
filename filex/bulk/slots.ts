import { Readable } from 'node:stream';
import type { MessagePort } from 'node:worker_threads';

/** Memory that both threads see: the one fills a slot, the other one reads it and gives it back. */
export const SLOT = 512 * 1024;
export const SLOTS = 4;

type FromWriter = { slot: number; length: number } | { end: true } | { failed: true };
type FromReader = { free: number };

/** Writes a stream into the slots, as they become free. Ends once all bytes are in them. */
export async function writeSlots(stream: Readable, memory: SharedArrayBuffer, port: MessagePort): Promise<void> {
	const free = Array.from({ length: SLOTS }, (_, slot) => slot);
	let wake = () => {};
	port.on('message', ({ free: slot }: FromReader) => {
		free.push(slot);
		wake();
	});
	let slot: number | undefined;
	let filled = 0;
	const handOver = () => {
		port.postMessage({ slot: slot!, length: filled } satisfies FromWriter);
		slot = undefined;
		filled = 0;
	};
	const isGone = new Promise<never>((_, reject) => port.once('close', () => reject(new Error('the reader is gone'))));
	isGone.catch(() => {});
	try {
		for await (const chunk of stream as AsyncIterable<Buffer>) {
			for (let at = 0; at < chunk.length;) {
				while (slot === undefined) {
					slot = free.shift();
					if (slot === undefined) await Promise.race([new Promise<void>((go) => (wake = go)), isGone]);
				}
				const count = Math.min(SLOT - filled, chunk.length - at);
				new Uint8Array(memory, slot * SLOT + filled, count).set(chunk.subarray(at, at + count));
				filled += count;
				at += count;
				if (filled === SLOT) handOver();
			}
		}
		if (filled > 0) handOver();
		port.postMessage({ end: true } satisfies FromWriter);
	} catch (error) {
		port.postMessage({ failed: true } satisfies FromWriter);
		throw error;
	}
}

/**
 * Reads what is written into slots, without a copy. Its chunks are good only until the next but one is asked for: who reads
 * it must be done with each before it takes the next, as the writing of a file is.
 */
export class SlotReader extends Readable {
	private readonly arrived: FromWriter[] = [];
	private isWanted = false;
	private readonly slots: Buffer[];
	private written?: Promise<void>;
	/** Slots whose chunks were handed on, the oldest first. */
	private readonly inUse: number[] = [];

	/** @param begin starts the writing; what it fails with, the stream fails with */
	constructor(
		memory: SharedArrayBuffer,
		private readonly port: MessagePort,
		private readonly begin: () => Promise<void>,
	) {
		// No more than one chunk waits here.
		super({ highWaterMark: 1 });
		this.slots = Array.from({ length: SLOTS }, (_, slot) => Buffer.from(memory, slot * SLOT, SLOT));
		port.on('message', (message: FromWriter) => {
			this.arrived.push(message);
			this.handOn();
		});
	}

	override _read(): void {
		// The chunk before the one that is taken now is done with.
		while (this.inUse.length > 1) this.port.postMessage({ free: this.inUse.shift()! } satisfies FromReader);
		this.isWanted = true;
		this.start();
		// Not at once: a reader that finds two chunks joins them, by a copy.
		process.nextTick(() => this.handOn());
	}

	override _destroy(error: Error | null, done: (error: Error | null) => void): void {
		this.port.close();
		done(error);
	}

	private start(): void {
		if (this.written) return;
		this.written = this.begin();
		this.written.catch((error: Error) => this.destroy(error));
	}

	private handOn(): void {
		if (!this.isWanted) return;
		const next = this.arrived.shift();
		if (!next) return;
		this.isWanted = false;
		// The call itself tells why.
		if ('failed' in next) return;
		// Not before what the call gives is known.
		if ('end' in next)
			return void this.written!.then(
				() => this.push(null),
				() => {},
			);
		this.inUse.push(next.slot);
		const slot = this.slots[next.slot]!;
		this.push(next.length === SLOT ? slot : slot.subarray(0, next.length));
	}
}
