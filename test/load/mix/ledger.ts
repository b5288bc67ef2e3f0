/** An upload that the sandbox took. */
export interface Sent {
	method: 'rest' | 's3' | 'sftp';
	/** E.g. `0001/crd/incoming_filings`. */
	space: string;
	name: string;
	/** Bytes. */
	size: number;
	/** Hex. */
	sha256: string;
}

/** How many deviations are kept in words. */
const KEPT = 20;

/** What the clients did, and what they got. */
export class Ledger {
	readonly accepted: Sent[] = [];
	/** Names of uploads whose connection was dropped. */
	readonly cutOff = new Set<string>();
	/** The first answers that were not as expected. */
	readonly deviations: string[] = [];
	deviationCount = 0;
	/** How often each kind of work was done. */
	readonly kinds = new Map<string, number>();
	requests = 0;
	/** Requests in flight: now, and at most. */
	inFlight = 0;
	peak = 0;
	private readonly begin = performance.now();
	private since = this.begin;
	private flightTime = 0;

	/** Counts a request while it is in flight: until the last byte of its answer is there. */
	async during<Answer>(request: () => Promise<Answer>): Promise<Answer> {
		this.requests++;
		this.change(1);
		try {
			return await request();
		} finally {
			this.change(-1);
		}
	}

	/** How many were in flight at a time, on average. */
	averageInFlight(): number {
		this.change(0);
		return this.flightTime / (this.since - this.begin);
	}

	did(kind: string): void {
		this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
	}

	deviates(what: string): void {
		this.deviationCount++;
		if (this.deviations.length < KEPT) this.deviations.push(what);
	}

	private change(by: number): void {
		const now = performance.now();
		this.flightTime += this.inFlight * (now - this.since);
		this.since = now;
		this.inFlight += by;
		this.peak = Math.max(this.peak, this.inFlight);
	}
}
