import { MACHINE_CLOCK } from '../util/clock';

/** How large the window of a connection may be, in bytes, and how it begins. */
export interface WindowLimits {
	/** In bytes. */
	first: number;
	least: number;
	/** The client's SSH channel holds 2 MiB and is topped up at 1 MiB: so much always fits, with room for other answers. */
	most: number;
}

const KIB = 1024;

/** A server that stops reading while the channel is full would never learn that it has room again. */
export const WINDOW_LIMITS: WindowLimits = { first: 64 * KIB, least: 8 * KIB, most: 768 * KIB };

/** How long requests may wait in line before the window stops growing, in ms. */
const TOLERABLE_WAIT = 250;

/** How long they may before it shrinks. */
const LONG_WAIT = 4 * TOLERABLE_WAIT;

/**
 * How many bytes of a connection may be asked for, or sent, and not answered yet. It follows the line as LEDBAT's
 * congestion window does (RFC 6817): it grows while answers come as fast as the fastest one, and shrinks where they wait
 * in line, so that a slow line is not asked for more than it can bring. All files of a connection share it, in turn.
 */
export class FlightWindow {
	private size: number;
	private inFlight = 0;
	private fastest = Infinity;
	private readonly waiting: Array<{ wanted: number; go: (bytes: number | undefined) => void }> = [];
	private isClosed = false;
	private answeredBytes = 0;

	constructor(
		private readonly limits: WindowLimits = WINDOW_LIMITS,
		private readonly now: () => number = MACHINE_CLOCK.now,
	) {
		this.size = limits.first;
	}

	/** Bytes that were answered so far. */
	get acknowledged(): number {
		return this.answeredBytes;
	}

	/** Bytes that may be on their way at a time, as of now. */
	get width(): number {
		return this.size;
	}

	/**
	 * Waits for room for up to `wanted` bytes, first come, first served; then calls `go` with how many may be sent, or
	 * with undefined where the connection has ended: what is sent then is never answered.
	 */
	take(wanted: number, go: (bytes: number | undefined) => void): void {
		if (this.isClosed) return go(undefined);
		this.waiting.push({ wanted, go });
		this.admit();
	}

	/** The connection has ended. */
	close(): void {
		this.isClosed = true;
		for (const { go } of this.waiting.splice(0)) go(undefined);
	}

	/** What was taken and is not needed. */
	giveBack(bytes: number): void {
		this.inFlight -= bytes;
		this.admit();
	}

	/** An answer to what was sent at `sentAt`, by {@link time}. */
	answered(bytes: number, sentAt: number): void {
		this.answeredBytes += bytes;
		const took = this.now() - sentAt;
		this.fastest = Math.min(this.fastest, took);
		const waited = took - this.fastest;
		// What takes long though next to nothing is under way is the line itself, which is another one by now.
		if (waited > LONG_WAIT && this.size <= this.limits.least) this.fastest = took;
		const isFull = this.waiting.length > 0;
		if (waited > LONG_WAIT) this.size = Math.max(this.limits.least, this.size - bytes / 2);
		else if (waited < TOLERABLE_WAIT && isFull) this.size = Math.min(this.limits.most, this.size + bytes);
		this.giveBack(bytes);
	}

	/** The clock that answers are measured by, in ms. */
	time(): number {
		return this.now();
	}

	private admit(): void {
		for (let next = this.waiting[0]; next; next = this.waiting[0]) {
			const bytes = Math.min(next.wanted, Math.max(this.limits.least, Math.floor(this.size / 2)));
			// One is always let through: a window smaller than a request must not close.
			if (this.inFlight > 0 && this.inFlight + bytes > this.size) return;
			this.waiting.shift();
			this.inFlight += bytes;
			next.go(bytes);
		}
	}
}

/** What a transfer fails with whose connection has ended. */
export function connectionEnded(): Error {
	return new Error('the connection has ended');
}
